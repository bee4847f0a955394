#pragma once
// Hexadecimal digits (RFC 4648 section 8, in lower case). No index into memory and no branch
// depends on the bytes.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/extend.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

namespace detail {

/// The digit for 0 to 15, with `a` for ten.
[[nodiscard]] constexpr char hex_digit(unsigned value, unsigned a) noexcept {
  unsigned const letter = (9 - value) >> 8 & 1;  // it has wrapped around
  return static_cast<char>('0' + value + letter * (a - '0' - 10));
}

/// The digits of four bytes, the first in the lowest byte, all computed at once.
[[nodiscard]] constexpr std::uint64_t eight_hex_digits(char const* bytes) noexcept {
  constexpr std::uint64_t each = 0x0101010101010101;
  auto const byte = [&](unsigned i) { return std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i); };
  auto pairs = byte(0) | byte(1) | byte(2) | byte(3);
  pairs = (pairs | pairs << 16) & 0x0000ffff0000ffff;
  pairs = (pairs | pairs << 8) & 0x00ff00ff00ff00ff;
  auto const values = (pairs >> 4 & 0x000f000f000f000f) | (pairs & 0x000f000f000f000f) << 8;
  auto const letters = (values + each * 6) >> 4 & each;
  return values + each * '0' + letters * ('a' - '0' - 10);
}

#if defined(__GNUC__)
/// The digits of 16 bytes; vector types, which every processor has something for.
inline void sixteen_to_hex(char* out, char const* bytes) noexcept {
  using unsigned_bytes [[gnu::vector_size(16)]] = unsigned char;
  using signed_bytes [[gnu::vector_size(16)]] = signed char;  // that compare in one instruction of SSE2
  unsigned_bytes all;
  std::memcpy(&all, bytes, sizeof all);
  auto const digits = [](unsigned_bytes values) {
    auto const v = reinterpret_cast<signed_bytes>(values);
    return v + '0' + ((v > 9) & ('a' - '0' - 10));
  };
  auto const high = digits(all >> 4), low = digits(all & 15);
  auto const front =
      __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  auto const back =
      __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  std::memcpy(out, &front, sizeof front);
  std::memcpy(out + sizeof front, &back, sizeof back);
}
#endif

/// The value of a digit in either case; negative if it is none.
[[nodiscard]] constexpr int hex_value(char digit) noexcept {
  auto const in_range = [c = static_cast<int>(static_cast<unsigned char>(digit))](int first, int last) {
    return ((first - 1 - c) & (c - last - 1)) >> 8;  // all bits if both are negative, else none
  };
  int const decimal = in_range('0', '9');
  int const upper = in_range('A', 'F');
  int const lower = in_range('a', 'f');
  return (decimal & (digit - '0')) | (upper & (digit - 'A' + 10)) | (lower & (digit - 'a' + 10)) |
         ~(decimal | upper | lower);
}

}  // namespace detail

/// Writes twice as many characters as there are bytes, which must have room; returns their end. No
/// final NUL.
constexpr char* encode_hex(char* out, std::string_view bytes) noexcept {
#if defined(__GNUC__)
  if (!std::is_constant_evaluated())
    for (; bytes.size() >= 16; bytes.remove_prefix(16), out += 32) detail::sixteen_to_hex(out, bytes.data());
#endif
  for (; bytes.size() >= 4; bytes.remove_prefix(4)) {
    auto const digits = detail::eight_hex_digits(bytes.data());
    auto const put = [&](unsigned i) { out[i] = static_cast<char>(digits >> (8 * i) & 0xff); };
    put(0), put(1), put(2), put(3), put(4), put(5), put(6), put(7);  // compilers make one store of them
    out += 8;
  }
  for (char c : bytes) {
    unsigned const byte = static_cast<unsigned char>(c);
    *out++ = detail::hex_digit(byte >> 4, 'a');
    *out++ = detail::hex_digit(byte & 15, 'a');
  }
  return out;
}

/// @param bytes must not lie in `out`
inline secret& append_hex(secret& out, std::string_view bytes) noexcept {
  if (char* const at = detail::extend(out, bytes.size(), 2 * bytes.size())) encode_hex(at, bytes);
  return out;
}

/// Digits of either case, an even number of them and nothing else. Where they are good, the time
/// taken depends on their number alone.
[[nodiscard]] inline result<secret> decode_hex(std::string_view digits) noexcept {
  if (digits.size() % 2 != 0)
    return error{errc::bad_input, "hex: ", digits.size(),
                 " digits, which is an odd number; is it cut short?"};
  secret bytes;
  if (!bytes.resize(digits.size() / 2))
    return error{errc::no_memory, "hex: no memory for ", digits.size(), " digits"};
  int bad = 0;
  char* out = bytes.data();
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    int const value = detail::hex_value(digits[i]) * 16 | detail::hex_value(digits[i + 1]);
    bad |= value;
    *out++ = static_cast<char>(value);
  }
  if (bad >= 0) return bytes;
  std::size_t at = 0;
  while (detail::hex_value(digits[at]) >= 0) ++at;
  return error{errc::bad_input, "hex: the character at offset ", at, " is no hexadecimal digit"};
}

}  // namespace countersign::inline v0
