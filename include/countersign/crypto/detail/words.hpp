#pragma once
// Words of hashes and the bytes that they are written as. Byte by byte in constant expressions; else one load or store,
// which g++ 12 does not make of a loop at -O2.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace countersign::inline v0::detail {

[[nodiscard]] constexpr std::uint32_t reversed(std::uint32_t word) noexcept {
#if defined(__GNUC__)
  return __builtin_bswap32(word);
#else
  return word << 24 | (word & 0xff00) << 8 | (word >> 8 & 0xff00) | word >> 24;
#endif
}
[[nodiscard]] constexpr std::uint64_t reversed(std::uint64_t word) noexcept {
  return std::uint64_t{reversed(static_cast<std::uint32_t>(word))} << 32 |
         reversed(static_cast<std::uint32_t>(word >> 32));
}

template <class Word, std::endian Order>
[[nodiscard]] constexpr Word load_word(char const* from) noexcept {
  Word made = 0;
  if (std::is_constant_evaluated()) {
    for (std::size_t i = 0; i < sizeof made; ++i) {
      auto const at = Order == std::endian::big ? i : sizeof made - 1 - i;
      made = made << 8 | static_cast<unsigned char>(from[at]);
    }
    return made;
  }
  std::memcpy(&made, from, sizeof made);
  return Order == std::endian::native ? made : reversed(made);
}

template <std::endian Order, class Word>
constexpr void store_word(char* to, Word word) noexcept {
  if (std::is_constant_evaluated()) {
    for (std::size_t i = 0; i < sizeof word; ++i)
      to[Order == std::endian::big ? sizeof word - 1 - i : i] = static_cast<char>(word >> (8 * i));
    return;
  }
  if (Order != std::endian::native) word = reversed(word);
  std::memcpy(to, &word, sizeof word);
}

/// The front of a chaining value as a digest of `size` bytes, whole words.
template <std::endian Order, class Word>
constexpr void store_digest(unsigned char* digest, Word const* words, std::size_t size) noexcept {
  for (std::size_t i = 0; i < size / sizeof *words; ++i) {
    char bytes[sizeof *words] = {};
    store_word<Order>(bytes, words[i]);
    for (std::size_t j = 0; j < sizeof bytes; ++j)
      digest[i * sizeof bytes + j] = static_cast<unsigned char>(bytes[j]);
  }
}

}  // namespace countersign::inline v0::detail
