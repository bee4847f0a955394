#pragma once
// Text that the compiler makes: what is encoded of constants costs nothing when the program runs.

#include <countersign/text/base64.hpp>
#include <countersign/text/hex.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

/// `Size` characters and no final NUL. What a constant expression put together is in the program's own bytes, for everybody
/// who has the file to read: nothing secret.
template <std::size_t Size>
struct constant_text {
  char characters[Size == 0 ? 1 : Size] = {};

  [[nodiscard]] constexpr std::string_view view() const noexcept { return {characters, Size}; }
  constexpr operator std::string_view() const noexcept { return view(); }
};

/// The bytes of a literal in base64: `constant_base64("foo")`, `constant_base64<base64::url>("foo")`.
template <base64 Form = base64::padded, std::size_t Size>
[[nodiscard]] consteval auto constant_base64(char const (&literal)[Size]) noexcept {
  constant_text<base64_size(Size - 1, Form)> made;
  encode_base64(made.characters, {literal, Size - 1}, Form);
  return made;
}

/// The bytes of a digest in base64: `constant_base64<base64::url>(sha256::of("…"))`.
template <base64 Form = base64::padded, std::size_t Size>
[[nodiscard]] consteval auto constant_base64(std::array<unsigned char, Size> const& digest) noexcept {
  char bytes[Size + 1] = {};
  for (std::size_t i = 0; i < Size; ++i) bytes[i] = static_cast<char>(digest[i]);
  return constant_base64<Form>(bytes);
}

/// The bytes of a digest in hexadecimal digits, in lower case.
template <std::size_t Size>
[[nodiscard]] consteval auto constant_hex(std::array<unsigned char, Size> const& digest) noexcept {
  char bytes[Size] = {};
  for (std::size_t i = 0; i < Size; ++i) bytes[i] = static_cast<char>(digest[i]);
  constant_text<2 * Size> made;
  encode_hex(made.characters, {bytes, Size});
  return made;
}

}  // namespace countersign::inline v0
