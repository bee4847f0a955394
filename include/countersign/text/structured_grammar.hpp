#pragma once
// Which bytes keys, tokens and strings of structured fields are made of (RFC 9651 §3.1.2, §3.3).

#include <countersign/core/field.hpp>

#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

namespace detail {
// RFC 9651 §3.3.1: 15 decimal digits; a decimal has 12 before its point, and 3 behind it
inline constexpr std::int64_t structured_max = 999'999'999'999'999;

[[nodiscard]] constexpr bool is_lower_alpha(char c) noexcept { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_alpha(char c) noexcept { return is_lower_alpha(ascii_lower(c)); }
[[nodiscard]] constexpr bool begins_structured_key(char c) noexcept { return is_lower_alpha(c) || c == '*'; }
[[nodiscard]] constexpr bool continues_structured_key(char c) noexcept {
  return begins_structured_key(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}
[[nodiscard]] constexpr bool begins_structured_token(char c) noexcept { return is_alpha(c) || c == '*'; }
[[nodiscard]] constexpr bool continues_structured_token(char c) noexcept {
  return is_token_byte(c) || c == ':' || c == '/';
}
[[nodiscard]] constexpr bool is_printable(char c) noexcept { return c >= 0x20 && c <= 0x7e; }
}  // namespace detail

/// Letters in lower case, digits, '_', '-', '.' and '*', begun by a letter or '*'.
[[nodiscard]] constexpr bool is_structured_key(std::string_view text) noexcept {
  if (text.empty() || !detail::begins_structured_key(text.front())) return false;
  for (char const c : text)
    if (!detail::continues_structured_key(c)) return false;
  return true;
}
[[nodiscard]] constexpr bool is_structured_token(std::string_view text) noexcept {
  if (text.empty() || !detail::begins_structured_token(text.front())) return false;
  for (char const c : text)
    if (!detail::continues_structured_token(c)) return false;
  return true;
}
/// Visible ASCII and blanks, which is all that a string can hold.
[[nodiscard]] constexpr bool is_structured_string(std::string_view text) noexcept {
  for (char const c : text)
    if (!detail::is_printable(c)) return false;
  return true;
}

}  // namespace countersign::inline v0
