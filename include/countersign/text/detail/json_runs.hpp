#pragma once
// Runs of bytes in a JSON text that need no look of their own: plain ones in strings, blanks between values. Most of a
// text is such runs, so they are passed sixteen bytes at a time and more.

#include <countersign/core/detail/processor.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

// Bytes that end a run of plain text in a JSON string: quote, backslash, control, and what is beyond ASCII.
[[nodiscard]] constexpr bool is_plain_json(char c) noexcept {
  return static_cast<signed char>(c) >= 0x20 && c != '"' && c != '\\';
}

#if defined(__GNUC__)
// Sixteen bytes: all bits of those that are plain.
using json_block [[gnu::vector_size(16)]] = signed char;
[[nodiscard, gnu::always_inline]] inline json_block json_block_at(char const* at) noexcept {
  json_block bytes;
  std::memcpy(&bytes, at, 16);
  return bytes;
}
[[nodiscard, gnu::always_inline]] inline json_block plain_json(char const* at) noexcept {
  auto const bytes = json_block_at(at);
  return reinterpret_cast<json_block>(~((bytes == '"') | (bytes == '\\')) & (bytes > 0x1f));
}
#endif

#if defined(__GNUC__) && defined(__x86_64__) && defined(__SSE2__)
// One bit for each byte that is not marked, the first the lowest.
[[nodiscard, gnu::always_inline]] inline unsigned json_not(json_block marked) noexcept {
  using chars [[gnu::vector_size(16)]] = char;
  return static_cast<unsigned>(__builtin_ia32_pmovmskb128(reinterpret_cast<chars>(marked))) ^ 0xffff;
}

// Passes 64 bytes at a time that are such as tokens consist of: plain, and no space nor '!', so that two comparisons tell.
// The last 16 bytes are left.
[[nodiscard, gnu::target("avx2")]] inline char const* skip_json_tokens_avx2(char const* at,
                                                                            char const* end) noexcept {
  using block [[gnu::vector_size(32)]] = signed char;
  using chars [[gnu::vector_size(32)]] = char;
  for (block a, b; end - at >= 80; at += 64) {
    std::memcpy(&a, at, 32);
    std::memcpy(&b, at + 32, 32);
    auto const tokens = (a > '"') & (a != '\\') & (b > '"') & (b != '\\');
    if (__builtin_ia32_pmovmskb256(reinterpret_cast<chars>(tokens)) != -1) break;
  }
  return at;
}
[[nodiscard]] inline char const* skip_json_tokens_sse2(char const* at, char const* end) noexcept {
  auto const tokens = [&at](int i) {
    auto const bytes = json_block_at(at + 16 * i);
    return (bytes > '"') & (bytes != '\\');
  };
  while (end - at >= 80 &&
         json_not(reinterpret_cast<json_block>(tokens(0) & tokens(1) & tokens(2) & tokens(3))) == 0)
    at += 64;
  return at;
}
[[nodiscard, gnu::noinline]] inline char const* skip_json_tokens(char const* at, char const* end) noexcept {
  return processor_has(instructions::avx2) ? skip_json_tokens_avx2(at, end) : skip_json_tokens_sse2(at, end);
}

// The first byte from `at` on that is not plain, or `end`.
[[nodiscard, gnu::always_inline]] inline char const* skip_plain_json(char const* at,
                                                                     char const* end) noexcept {
  for (int blocks = 1; end - at >= 16; ++blocks) {
    if (auto const found = json_not(plain_json(at)); found != 0) return at + std::countr_zero(found);
    at += 16;
    if (blocks % 4 == 0) at = skip_json_tokens(at, end);  // names and most values end before
  }
  while (at != end && is_plain_json(*at)) ++at;
  return at;
}

// Past the blanks at `at`.
[[nodiscard]] inline char* skip_json_blanks(char* at, char const* end) noexcept {
  for (; end - at >= 16; at += 16)
    if (auto const found = json_not(reinterpret_cast<json_block>(json_block_at(at) == ' ')); found != 0)
      return at + std::countr_zero(found);
  while (at != end && *at == ' ') ++at;
  return at;
}
#else
[[nodiscard]] inline char const* skip_plain_json(char const* at, char const* end) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = 0x8080808080808080;
    for (int words = 0; end - at >= 8; at += 8, ++words) {
#if defined(__GNUC__)
      using halves [[gnu::vector_size(16)]] = unsigned long long;
      while (words >= 2 &&
             end - at >= 40) {  // a token is mostly blocks of 32 bytes; a word is left for the loop
        auto const plain = reinterpret_cast<halves>(plain_json(at) & plain_json(at + 16));
        if ((plain[0] & plain[1]) != static_cast<std::uint64_t>(-1)) break;
        at += 32;
      }
#endif
      std::uint64_t word;
      std::memcpy(&word, at, 8);
      // A byte's top bit is set where the subtraction borrows: the lowest such bit is exact, those above may not be.
      std::uint64_t const found =
          (((word ^ ones * '"') - ones) | ((word ^ ones * '\\') - ones) | (word - ones * 0x20) | word) & tops;
      if (found != 0) return at + std::countr_zero(found) / 8;
    }
  }
  while (at != end && is_plain_json(*at)) ++at;
  return at;
}

[[nodiscard]] inline char* skip_json_blanks(char* at, char const* end) noexcept {
  while (at != end && *at == ' ') ++at;
  return at;
}
#endif

/// Whether all of it may stand between quotes as it is. A string is short as a rule; false says nothing of one that is not.
[[nodiscard]] inline bool all_plain_json(std::string_view text) noexcept {
  constexpr std::uint64_t each = 0x0101010101010101;
  auto const size = text.size();
  if (size > 64) return skip_plain_json(text.data(), text.data() + size) == text.data() + size;
  std::uint64_t suspect = 0;
  // The top bit of a byte: below 0x20, a quote, a backslash, or beyond ASCII. A borrow can only set one too many.
  auto const look = [&](std::uint64_t word) {
    auto const quote = word ^ each * '"', backslash = word ^ each * '\\';
    suspect |= word | (word - each * 0x20) | (quote - each) | (backslash - each);
  };
  std::uint64_t word = 0;
  if (size >= sizeof word) {
    for (std::size_t at = 0; size - at > sizeof word; at += sizeof word) {
      std::memcpy(&word, text.data() + at, sizeof word);
      look(word);
    }
    std::memcpy(&word, text.data() + size - sizeof word, sizeof word);
    look(word);
  } else if (size >= 4) {
    std::uint32_t front = 0, back = 0;
    std::memcpy(&front, text.data(), sizeof front);
    std::memcpy(&back, text.data() + size - sizeof back, sizeof back);
    look(front | std::uint64_t{back} << 32);
  } else if (size > 0) {
    auto const byte = [&](std::size_t at) { return std::uint64_t{static_cast<unsigned char>(text[at])}; };
    look((byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16 | byte(0) << 24) * 0x100000001);
  }
  return (suspect & each * 0x80) == 0;
}

}  // namespace countersign::inline v0::detail
