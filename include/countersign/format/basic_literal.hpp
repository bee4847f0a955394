#pragma once
// The value of a Basic header, made by the compiler.

#include <countersign/core/detail/literal_text.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/constant_text.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

namespace detail {
// By hand: under -fsanitize=undefined, g++ 12 takes string_view::find for no constant expression.
consteval bool has_a_colon_beside_something(std::string_view text) noexcept {
  for (char c : text)
    if (c == ':') return text.size() > 1;
  return false;
}
consteval bool has_no_control_character(std::string_view text) noexcept {
  for (char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return true;
}
}  // namespace detail

inline namespace literals {
/// `"user:password"_basic`: the text `Basic dXNlcjpwYXNzd29yZA==` (RFC 7617 §2), without a step when the program runs; what
/// `basic` would refuse does not compile. Everybody who has the program has the password: for logins that are public, such
/// as a client's without a secret. To be sent by `fixed` and `header{"Authorization"}`.
template <detail::literal_text Login>
[[nodiscard]] consteval auto operator""_basic() noexcept {
  static_assert(
      detail::has_a_colon_beside_something(Login.view()),
      "countersign: a Basic login is a user id, a colon and a password, not both of them empty (RFC 7617)");
  static_assert(detail::has_no_control_character(Login.view()) && valid_utf8(Login.view()),
                "countersign: a Basic login is UTF-8 without control characters (RFC 7617)");
  constexpr std::string_view scheme = "Basic ";
  constant_text<scheme.size() + base64_size(Login.view().size())> made;
  scheme.copy(made.characters, scheme.size());
  encode_base64(made.characters + scheme.size(), Login.view());
  return made;
}
}  // namespace literals

}  // namespace countersign::inline v0
