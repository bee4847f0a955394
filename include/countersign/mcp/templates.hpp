#pragma once
// Texts of a config with their variables: what they name, and what comes of them.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/expand.hpp>

#include <optional>
#include <string_view>

namespace countersign::inline v0::mcp {

[[nodiscard]] constexpr bool names_variable(std::string_view text) noexcept {
  bool found = false;
  for_each_variable(text, [&](std::string_view, bool) { found = true; });
  return found;
}

/// "${NAME}" or "${NAME:-}": nothing but one variable, and no default that would be the value itself.
[[nodiscard]] constexpr bool is_one_variable(std::string_view text) noexcept {
  template_reader reader(text);
  if (!reader.literal().empty()) return false;
  auto const variable = reader.variable();
  return variable && variable->otherwise.value_or("").empty() && reader.literal().empty() &&
         !reader.variable();
}

/// Whether "${" stands where no variable does: a slip that would be sent as it is.
[[nodiscard]] constexpr bool has_stray_mark(std::string_view text) noexcept {
  for (template_reader reader(text);;) {
    if (reader.literal().find("${") != std::string_view::npos) return true;
    if (!reader.variable()) return false;
  }
}

[[nodiscard]] constexpr bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// Whether a variable may hold several lines, as a key in PEM has.
enum class lines_of_variable : bool { refused, taken };

/// Expands a text in which an empty or broken value would be a broken credential. Nothing is stripped;
/// what is wrong is told with the variable's name. errc::not_mine: unset, or empty without a default
/// that allows it.
[[nodiscard]] inline result<secret> expand_strictly(std::string_view text, context const& outside,
                                                    lines_of_variable lines = lines_of_variable::refused) {
  for (template_reader reader(text);;) {
    static_cast<void>(reader.literal());
    auto const variable = reader.variable();
    if (!variable) break;
    auto const value = outside.variable(variable->name);
    if (!value) continue;
    if (value->empty() && !variable->otherwise)
      return error(errc::not_mine, "variable ", variable->name,
                   " is set but empty; give it a value, or allow it: ${", variable->name, ":-}");
    bool const whole = lines == lines_of_variable::refused;
    for (char const c : value->reveal())
      if (is_control(c) && c != '\t' && (whole || (c != '\n' && c != '\r')))
        return error(errc::bad_field, "variable ", variable->name, " holds ",
                     c == '\n' || c == '\r' ? "a line end" : "a control byte",
                     ", which no header can carry; set it without");
  }
  return expand(text, [&](std::string_view name) { return outside.variable(name); });
}

/// A URL's variables: one that stands in the host may not hold what would end the host, or it could
/// name another server.
[[nodiscard]] inline result<void> check_host_variables(std::string_view url, context const& outside) {
  bool in_host = false;
  for (template_reader reader(url);;) {
    auto const literal = reader.literal();
    if (auto const mark = literal.find("://"); mark != std::string_view::npos)
      in_host = literal.find_first_of("/?#", mark + 3) == std::string_view::npos;
    else if (literal.find_first_of("/?#") != std::string_view::npos) in_host = false;
    auto const variable = reader.variable();
    if (!variable) return {};
    if (!in_host) continue;
    auto const value = outside.variable(variable->name);
    if (value && value->reveal().find_first_of("/?#@\\ ") != std::string_view::npos)
      return error(errc::bad_input, "variable ", variable->name,
                   " stands in the host, and its value holds one of / ? # @ \\ or a blank: it could name "
                   "another server");
  }
}

}  // namespace countersign::inline v0::mcp
