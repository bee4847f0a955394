#pragma once
// Whether a name (of a header, a variable, a parameter) says that its value is a credential.

#include <countersign/core/field.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp {

namespace detail {

using countersign::detail::ascii_lower;
using countersign::detail::is_digit;

[[nodiscard]] constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_letter(char c) noexcept { return is_lower(c) || is_upper(c); }
[[nodiscard]] constexpr bool is_alphanumeric(char c) noexcept { return is_letter(c) || is_digit(c); }

/// From a place on; nothing where the place is beyond the end, as npos is.
[[nodiscard]] constexpr std::string_view tail(std::string_view text, std::size_t at) noexcept {
  return at < text.size() ? text.substr(at) : std::string_view();
}
[[nodiscard]] constexpr bool ends_without_case(std::string_view text, std::string_view end) noexcept {
  return text.size() >= end.size() && equal_without_case(text.substr(text.size() - end.size()), end);
}
[[nodiscard]] constexpr std::size_t find_without_case(std::string_view text, std::string_view wanted,
                                                      std::size_t from = 0) noexcept {
  for (; from + wanted.size() <= text.size(); ++from)
    if (equal_without_case(text.substr(from, wanted.size()), wanted)) return from;
  return std::string_view::npos;
}
[[nodiscard]] constexpr bool is_one_of(std::string_view word, auto const& words) noexcept {
  for (std::string_view const each : words)
    if (equal_without_case(word, each)) return true;
  return false;
}

/// Takes the last word off: "X-API-Key" gives "Key", "accessToken2" gives "Token".
[[nodiscard]] constexpr std::string_view take_last_word(std::string_view& name) noexcept {
  while (!name.empty() && !is_letter(name.back())) name.remove_suffix(1);
  auto begin = name.size();
  while (begin > 0) {
    char const c = name[begin - 1];
    if (!is_alphanumeric(c)) break;
    --begin;
    if (!is_upper(c) || begin == 0) continue;
    bool const after_lower = is_lower(name[begin - 1]) || is_digit(name[begin - 1]);
    bool const before_lower = begin + 1 < name.size() && is_lower(name[begin + 1]);
    if (after_lower || (before_lower && is_upper(name[begin - 1]))) break;
  }
  auto const word = name.substr(begin);
  name = name.substr(0, begin);
  return word;
}

}  // namespace detail

/// Whether a value under that name is a credential. The last word decides: API_KEY is a secret, KEY_ID, TOKEN_URL and KEY_FILE are none.
[[nodiscard]] constexpr bool names_secret(std::string_view name) noexcept {
  constexpr std::string_view words[] = {"token", "key",        "secret",      "password", "passwd",
                                        "pass",  "pwd",        "passphrase",  "jwt",      "pat",
                                        "auth",  "credential", "credentials", "cookie",   "authorization"};
  // Run together: PGPASSWORD, authtoken, x-apikey.
  constexpr std::string_view ends[] = {"token",     "secret",    "password",   "passwd",
                                       "apikey",    "secretkey", "accesskey",  "privatekey",
                                       "masterkey", "authkey",   "passphrase", "credentials"};
  // Keys and tokens that are no credentials: Idempotency-Key, PUBLIC_KEY, NEXT_PAGE_TOKEN.
  constexpr std::string_view harmless[] = {"public",    "idempotency",  "socket", "primary",    "foreign",
                                           "partition", "sort",         "cache",  "routing",    "page",
                                           "next",      "continuation", "max",    "stop",       "host",
                                           "eos",       "bos",          "pad",    "publishable"};
  auto rest = name;
  auto const last = detail::take_last_word(rest);
  if (last.empty() || detail::is_one_of(detail::take_last_word(rest), harmless)) return false;
  if (detail::is_one_of(last, words)) return true;
  for (auto const end : ends)
    if (detail::ends_without_case(last, end)) return true;
  return false;
}

}  // namespace countersign::inline v0::mcp
