#pragma once
// Variables in a template: `Bearer ${TOKEN}`, `https://${HOST:-api.example.com}/`.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/looks_up.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace countersign::inline v0 {

/// The longest name of a variable, and the longest text that comes out, in bytes.
inline constexpr std::size_t max_variable_name = 256;
inline constexpr std::size_t max_expansion = std::size_t{1024} * 1024;

/// A variable as a template names it.
struct variable_reference {
  std::string_view name = {};
  std::optional<std::string_view> otherwise = {};  ///< the default after ":-": literal text, perhaps empty
};

/// A template from left to right: literal text, then a variable, again and again.
///
/// A variable is `${NAME}` or `${NAME:-default}`, NAME being letters, digits and '_', and no digit first; the
/// default ends at the first '}'. Everything else is literal text: `$NAME`, `$$`, `${`, `${v%x}`, `${a-b}`.
class template_reader {
public:
  /// @param text must outlive the reader
  explicit constexpr template_reader(std::string_view text) noexcept
      : rest_(text), closed_(text.rfind('}') + 1) {}

  /// The literal text up to the next variable, or up to the end; empty if a variable stands here.
  [[nodiscard]] constexpr std::string_view literal() noexcept {
    std::size_t at = rest_.find("${");
    while (at != std::string_view::npos && !scan(at)) at = rest_.find("${", at + 2);
    return take(at);
  }
  /// The variable that stands here, and moves past it; none at the end, or before `literal()` was called.
  [[nodiscard]] constexpr std::optional<variable_reference> variable() noexcept {
    auto const found = scan(0);
    if (!found) return found;
    auto const size = found->name.size() + (found->otherwise ? found->otherwise->size() + 2 : 0);
    static_cast<void>(take(size + 3));
    return found;
  }

private:
  [[nodiscard]] constexpr std::string_view take(std::size_t size) noexcept {
    auto const taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    closed_ -= closed_ < taken.size() ? closed_ : taken.size();
    return taken;
  }

  [[nodiscard]] constexpr std::optional<variable_reference> scan(std::size_t at) const noexcept {
    // Without the look at `closed_` each of many "${a:-" would be followed to the end of the text.
    auto text = at < closed_ ? rest_.substr(at, closed_ - at) : std::string_view();
    if (!text.starts_with("${")) return std::nullopt;
    text.remove_prefix(2);
    std::size_t size = 0;
    for (; size < text.size(); ++size) {
      char const c = text[size];
      bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (!letter && (size == 0 || c < '0' || c > '9')) break;
    }
    if (size == 0) return std::nullopt;
    auto const name = text.substr(0, size);
    text.remove_prefix(size);
    if (text.starts_with('}')) return variable_reference{name, std::nullopt};
    if (!text.starts_with(":-")) return std::nullopt;
    text.remove_prefix(2);
    return variable_reference{name, text.substr(0, text.find('}'))};
  }

  std::string_view rest_;
  std::size_t closed_;  // past the last '}' of rest_: behind it no variable ends
};

/// Calls `each(name, has_default)` for every variable of a template, in order, repeated ones too.
template <class Each>
  requires requires(Each& each, std::string_view name) { each(name, true); }
constexpr void for_each_variable(std::string_view text, Each&& each) {
  for (template_reader reader(text);;) {
    static_cast<void>(reader.literal());
    auto const variable = reader.variable();
    if (!variable) return;
    each(variable->name, variable->otherwise.has_value());
  }
}

/// Puts values in the place of variables. A value is taken as it is: what looks like a variable in it stays
/// as it is. A variable that is empty counts as unset where a default is given, as in sh. errc::not_mine: a
/// variable is unset and has no default (the text names it); errc::bad_input: a variable stands in a default;
/// errc::too_large: a name beyond
/// `max_variable_name`, or more than `max_expansion` bytes; errc::no_memory; any other error of `lookup`.
/// @param lookup `lookup(name)` gives a `result<secret>`; its errc::not_mine means unset
template <class Lookup>
  requires detail::looks_up<Lookup>
[[nodiscard]] result<secret> expand(std::string_view text, Lookup&& lookup) {
  secret out;
  auto const add = [&out](std::string_view piece) {
    return piece.size() <= max_expansion - out.size() && (out.append(piece), true);
  };
  for (template_reader reader(text);;) {
    bool fits = add(reader.literal());
    auto const variable = reader.variable();
    if (fits && variable) {
      if (variable->name.size() > max_variable_name)
        return error(errc::too_large, "a variable's name is longer than ", max_variable_name, " bytes");
      // It ends at the first '}', so the rest of a nested variable would be sent as it stands.
      if (variable->otherwise && variable->otherwise->find("${") != std::string_view::npos)
        return error(errc::bad_input, "variable ", variable->name, ": its default holds \"${\"; a default is plain text");
      result<secret> const value = lookup(variable->name);
      if (!value && value.error().code() != errc::not_mine) return value.error();
      // Before its size is looked at: what could not be stored is no empty variable.
      if (value && !value->ok()) return error(errc::no_memory, "variable ", variable->name, ": no memory");
      bool const has_value = value && !(variable->otherwise && value->empty());
      if (!has_value && !variable->otherwise)
        return error(errc::not_mine, "variable ", variable->name,
                     " is not set; set it, or give a default: ${", variable->name, ":-…}");
      fits = add(has_value ? value->reveal() : *variable->otherwise);
    }
    if (!fits)
      return error(errc::too_large, "the text grows beyond ", max_expansion,
                   " bytes once its variables are expanded");
    if (!variable) break;
  }
  if (!out.ok()) return error(errc::no_memory, "no memory for a text with its variables expanded");
  return out;
}

}  // namespace countersign::inline v0
