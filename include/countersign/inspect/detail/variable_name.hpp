#pragma once
// The name of a variable for a credential that stood in a config.

#include <countersign/core/field.hpp>
#include <countersign/inspect/detail/config_lint.hpp>
#include <countersign/mcp/secret_names.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// Whether a name of a variable goes on here.
[[nodiscard]] constexpr bool is_variable_byte(std::string_view rest) noexcept {
  return !rest.empty() && (is_alphanumeric(rest.front()) || rest.front() == '_');
}

class variable_name {
public:
  static constexpr std::size_t max_size = 96;

  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_, size_}; }
  constexpr void assign(std::string_view name) noexcept {
    size_ = 0;
    add(name);
  }

  /// "api" and Authorization: API_TOKEN; "api" and X-API-Key: API_KEY; DB_PASSWORD of `env`: itself.
  constexpr void make(spot const& of) noexcept {
    size_ = 0;
    if (!of.variable.empty()) return add(of.variable);
    bool const in_env = of.inside == "env";
    if (in_env) {
      add(of.name);
      for (char& c : text_)
        if (c != '\0' && !is_alphanumeric(c)) c = '_';
    } else {
      add_words(of.server);
    }
    if (!in_env || !of.parameter.empty()) add_words(what(of));
    if (size_ == 0 || is_digit(text_[0])) {
      auto const rest = *this;
      assign("MCP_");
      add(rest.view());
    }
  }

  /// Goes on to …_2, …_3 while `used(name)`.
  template <class Used>
  constexpr void make_free(Used&& used) {
    auto const size = size_;
    for (unsigned number = 2; used(view()) && number < 1000; ++number) {
      size_ = size;
      char digits[4] = {};
      std::size_t count = 0;
      for (auto rest = number; rest > 0; rest /= 10) digits[count++] = static_cast<char>('0' + rest % 10);
      add("_");
      while (count > 0) add({&digits[--count], 1});
    }
  }

private:
  [[nodiscard]] static constexpr std::string_view what(spot const& of) noexcept {
    auto name = of.parameter.empty() ? of.name : of.parameter;
    if (equal_without_case(name, "Authorization") || equal_without_case(name, "Proxy-Authorization"))
      return of.is_basic ? "CREDENTIALS" : "TOKEN";
    if (name == "args" || name == "url" || name == of.inside) return "TOKEN";
    while (name.starts_with('-')) name.remove_prefix(1);
    if (name.size() > 2 && ascii_lower(name[0]) == 'x' && name[1] == '-') name.remove_prefix(2);
    return name;
  }

  // In capitals, with '_' between words; not the last word that stands there already.
  constexpr void add_words(std::string_view text) noexcept {
    variable_name words;
    for (std::size_t at = 0; at < text.size(); ++at) {
      char const c = text[at];
      if (!is_alphanumeric(c)) {
        words.separate();
        continue;
      }
      bool const camel = at > 0 && is_upper(c) && (is_lower(text[at - 1]) || is_digit(text[at - 1]));
      if (camel) words.separate();
      char const capital = is_lower(c) ? static_cast<char>(c - 32) : c;
      words.add({&capital, 1});
    }
    while (words.size_ > 0 && words.text_[words.size_ - 1] == '_') --words.size_;
    auto added = words.view();
    auto const before = view();
    auto const last = before.substr(before.rfind('_') + 1);
    if (!last.empty() && added.starts_with(last) &&
        (added.size() == last.size() || added[last.size()] == '_'))
      added.remove_prefix(added.size() == last.size() ? last.size() : last.size() + 1);
    if (size_ > 0 && !added.empty()) separate();
    add(added);
  }
  constexpr void separate() noexcept {
    if (size_ > 0 && text_[size_ - 1] != '_') add("_");
  }
  constexpr void add(std::string_view piece) noexcept {
    for (char const c : piece)
      if (size_ < max_size) text_[size_++] = c;
  }

  char text_[max_size + 8] = {};
  std::size_t size_ = 0;
};

}  // namespace countersign::inline v0::mcp::detail
