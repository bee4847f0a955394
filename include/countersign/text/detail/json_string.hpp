#pragma once
// What stands between the quotes of a JSON string (RFC 8259 §7): where it ends, and its escapes undone in
// place.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/text/detail/json_runs.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

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

struct json_string_scan {
  char* last = nullptr;        // the closing quote
  std::size_t size = 0;        // of the string once unescaped
  char const* what = nullptr;  // what is wrong, if anything
  char const* at = nullptr;    // where; null: with the string as a whole
};

// A string that is more than plain text, from `begin` past its quote. @param last its first byte that is not plain
[[nodiscard]] inline json_string_scan scan_json_string(char* begin, char* last, char const* end,
                                                       bool allow_nul) noexcept {
  constexpr char const* endless = "a string that does not end";
  bool escaped = false;
  bool wide = false;
  for (;; last += skip_plain_json(last, end) - last) {
    if (last == end) return {nullptr, 0, endless, nullptr};
    if (*last == '"') break;
    if (static_cast<signed char>(*last) < 0) {
      wide = true;
      ++last;
    } else if (*last == '\\') {
      if (end - last < 2) return {nullptr, 0, endless, nullptr};
      escaped = true;
      last += 2;
    } else {
      return {nullptr, 0, *last == '\0' ? "a NUL byte" : "a control byte in a string: write it as an escape",
              last};
    }
  }
  auto const size = static_cast<std::size_t>(last - begin);
  if (wide && !valid_utf8(text_at(begin, size))) return {nullptr, 0, "a string that is not UTF-8", nullptr};
  if (!escaped) return {last, size, nullptr, nullptr};
  auto const written = unescape_json(begin, last, allow_nul);
  if (written.what != nullptr) return {nullptr, 0, written.what, written.at};
  return {last, static_cast<std::size_t>(written.end - begin), nullptr, nullptr};
}

}  // namespace countersign::inline v0::detail
