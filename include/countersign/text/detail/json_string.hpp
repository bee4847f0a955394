#pragma once
// What stands between the quotes of a JSON string (RFC 8259 §7): where it ends, and its escapes undone in
// place.

#include <countersign/text/utf8.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

// Bytes that a JSON string can't hold as they are: quote, backslash, control.
[[nodiscard]] constexpr bool is_json_special(char c) noexcept {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

#if defined(__GNUC__)
// Skips blocks of 32 bytes that hold no special byte. A token is mostly such blocks: half the time of words.
[[nodiscard]] inline char const* skip_plain_json(char const* at, char const* end,
                                                 std::uint64_t& high) noexcept {
  using bytes [[gnu::vector_size(16)]] = unsigned char;
  using words [[gnu::vector_size(16)]] = unsigned long long;
  constexpr unsigned char quote = '"';
  constexpr unsigned char backslash = '\\';
  constexpr unsigned char space = 0x20;
  bytes all = {};
  for (bytes a, b; end - at >= 32; at += 32) {
    std::memcpy(&a, at, 16);
    std::memcpy(&b, at + 16, 16);
    auto const special =
        (a == quote) | (a == backslash) | (a < space) | (b == quote) | (b == backslash) | (b < space);
    auto const found = reinterpret_cast<words>(special);
    if ((found[0] | found[1]) != 0) break;
    all |= a | b;
  }
  auto const passed = reinterpret_cast<words>(all);
  high |= passed[0] | passed[1];
  return at;
}
#else
[[nodiscard]] inline char const* skip_plain_json(char const* at, char const*, std::uint64_t&) noexcept {
  return at;
}
#endif

// The first special byte from `at` on, or `end`. `high` gains a set bit in 0x8080808080808080 if bytes beyond
// ASCII were passed (perhaps also some after the result: then a check is made that need not be).
[[nodiscard]] inline char const* find_json_special(char const* at, char const* end,
                                                   std::uint64_t& high) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = 0x8080808080808080;
    char const* const begin = at;
    while (end - at >= 8) {
      std::uint64_t word;
      std::memcpy(&word, at, 8);
      high |= word;
      // A byte's top bit is set where the subtraction borrows: the lowest such bit is exact, those above may
      // not be.
      std::uint64_t const special =
          ((word ^ ones * '"') - ones) | ((word ^ ones * '\\') - ones) | (word - ones * 0x20);
      std::uint64_t const found = special & ~word & tops;
      if (found != 0) return at + std::countr_zero(found) / 8;
      at += 8;
      if (at - begin == 16) at = skip_plain_json(at, end, high);
    }
  }
  for (; at != end && !is_json_special(*at); ++at) high |= static_cast<unsigned char>(*at);
  return at;
}

// Four hexadecimal digits, or -1.
[[nodiscard]] inline std::int32_t json_hex4(char const* at, char const* end) noexcept {
  if (end - at < 4) return -1;
  std::int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    char const c = at[i];
    int const digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

struct unescaped {
  char* end = nullptr;         // past the last byte written
  char const* what = nullptr;  // what is wrong, if anything
  char const* at = nullptr;    // where
};

// Undoes the escapes in [begin, end); what is written is never longer than what is read.
[[nodiscard]] inline unescaped unescape_json(char* begin, char* end, bool allow_nul) noexcept {
  auto const put = [](char*& to, std::uint32_t byte) {
    *to++ = static_cast<char>(static_cast<unsigned char>(byte));
  };
  char* to = begin;
  char* from = begin;
  while (from != end) {
    auto* const escape = static_cast<char*>(std::memchr(from, '\\', static_cast<std::size_t>(end - from)));
    auto const run = static_cast<std::size_t>((escape == nullptr ? end : escape) - from);
    std::memmove(to, from, run);
    to += run;
    if (escape == nullptr) break;
    from = escape + 2;  // a backslash is never the last byte here: it would have escaped the closing quote
    switch (escape[1]) {
    case '"':
    case '\\':
    case '/':
      *to++ = escape[1];
      continue;
    case 'b':
      *to++ = '\b';
      continue;
    case 'f':
      *to++ = '\f';
      continue;
    case 'n':
      *to++ = '\n';
      continue;
    case 'r':
      *to++ = '\r';
      continue;
    case 't':
      *to++ = '\t';
      continue;
    case 'u':
      break;
    default:
      return {nullptr, "no such escape: only \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u are", escape};
    }
    auto const unit = json_hex4(from, end);
    if (unit < 0) return {nullptr, "expected four hexadecimal digits after \\u", escape};
    from += 4;
    auto point = static_cast<std::uint32_t>(unit);
    if (point == 0 && !allow_nul) return {nullptr, "a NUL, which no string here may hold", escape};
    if (point >= 0xd800 && point < 0xe000) {
      bool const pair = point < 0xdc00 && end - from >= 2 && from[0] == '\\' && from[1] == 'u';
      auto const low = pair ? json_hex4(from + 2, end) : -1;
      if (low < 0xdc00 || low >= 0xe000)
        return {nullptr, "half of a surrogate pair: expected a high and a low one", escape};
      point = 0x10000 + ((point - 0xd800) << 10) + (static_cast<std::uint32_t>(low) - 0xdc00);
      from += 6;
    }
    if (point < 0x80) {
      put(to, point);
    } else if (point < 0x800) {
      put(to, 0xc0 | point >> 6);
      put(to, 0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
      put(to, 0xe0 | point >> 12);
      put(to, 0x80 | (point >> 6 & 0x3f));
      put(to, 0x80 | (point & 0x3f));
    } else {
      put(to, 0xf0 | point >> 18);
      put(to, 0x80 | (point >> 12 & 0x3f));
      put(to, 0x80 | (point >> 6 & 0x3f));
      put(to, 0x80 | (point & 0x3f));
    }
  }
  return {to, nullptr, nullptr};
}

}  // namespace countersign::inline v0::detail
