#pragma once
// What bytes a header field may hold (RFC 9110 §5.1, §5.5), and comparison of names.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

/// The longest field value that is written, in bytes: beyond any server's limit, below what could exhaust memory.
inline constexpr std::size_t max_field_value = 128 * 1024;
/// The longest field name that is written, in bytes.
inline constexpr std::size_t max_field_name = 256;

namespace detail {
constexpr char ascii_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// RFC 9110 §5.6.2: tchar, which is a letter, a digit or one of !#$%&'*+-.^_`|~; one bit for each byte below 128
constexpr bool is_token_byte(char c) noexcept {
  constexpr std::uint64_t low = 0x3ff6cfa00000000, high = 0x57ffffffc7fffffe;
  auto const byte = static_cast<unsigned char>(c);
  return byte < 128 && ((byte < 64 ? low : high) >> (byte % 64) & 1) != 0;
}

// Whether all bytes are visible ASCII or SP for certain, found eight at a time.
inline bool all_plain(std::string_view bytes) noexcept {
  constexpr std::uint64_t each = 0x0101010101010101;
  auto const* const begin = bytes.data();
  auto const size = bytes.size();
  std::uint64_t suspect = 0;
  // The top bit of a byte: below 0x20, 0x7f, or beyond ASCII. A borrow or a carry can only set one too many.
  auto const look = [&](std::uint64_t word) { suspect |= (word - each * 0x20) | (word + each) | word; };
  std::uint64_t word = 0;
  if (size >= sizeof word) {
    for (std::size_t at = 0; size - at > sizeof word; at += sizeof word) {
      std::memcpy(&word, begin + at, sizeof word);
      look(word);
    }
    std::memcpy(&word, begin + size - sizeof word, sizeof word);
    look(word);
  } else if (size >= 4) {
    std::uint32_t front = 0, back = 0;
    std::memcpy(&front, begin, sizeof front);
    std::memcpy(&back, begin + size - sizeof back, sizeof back);
    look(front | std::uint64_t{back} << 32);
  } else {
    for (char const c : bytes) look(each * static_cast<unsigned char>(c));
  }
  return (suspect & each * 0x80) == 0;
}
}  // namespace detail

/// Compares as field names, schemes and parameter names compare: ASCII letters without case.
[[nodiscard]] constexpr bool equal_without_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (detail::ascii_lower(a[i]) != detail::ascii_lower(b[i])) return false;
  return true;
}

/// RFC 9110 §5.6.2: one or more tchar.
[[nodiscard]] constexpr bool is_token(std::string_view bytes) noexcept {
  for (char c : bytes)
    if (!detail::is_token_byte(c)) return false;
  return !bytes.empty();
}

/// RFC 9110 §5.5: visible ASCII, obs-text, and SP or HTAB inside but not at the ends. Empty is allowed.
[[nodiscard]] constexpr bool is_field_value(std::string_view bytes) noexcept {
  bool ok = !std::is_constant_evaluated() && detail::all_plain(bytes);
  if (!ok) {
    ok = true;
    for (char c : bytes) {
      auto const byte = static_cast<unsigned char>(c);
      ok &= (byte >= 0x20 && byte != 0x7f) || byte == '\t';
    }
  }
  auto const blank = [](char c) { return c == ' ' || c == '\t'; };
  return ok && (bytes.empty() || !(blank(bytes.front()) || blank(bytes.back())));
}

/// RFC 6750 §2.1, RFC 9110 §11.2: the bytes of a bearer token, `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
[[nodiscard]] constexpr bool is_b64token(std::string_view bytes) noexcept {
  auto end = bytes.size();
  while (end > 0 && bytes[end - 1] == '=') --end;
  if (end == 0) return false;
  for (char c : bytes.substr(0, end)) {
    bool const allowed = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                         c == '.' || c == '_' || c == '~' || c == '+' || c == '/';
    if (!allowed) return false;
  }
  return true;
}

}  // namespace countersign::inline v0
