#pragma once
// What of a server's words a message may repeat. They are a stranger's: they may hold what a terminal obeys,
// what turns a line of text round, or what the stranger was sent.

#include <countersign/core/secret.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::oauth::detail {

/// The longest error code that a message repeats, in bytes.
inline constexpr std::size_t max_shown_error_code = 40;
/// The longest description that a message repeats, in bytes; a longer one ends in "…".
inline constexpr std::size_t max_shown_words = 120;

// RFC 6749 §5.2 allows any printable bytes; every registered code is words of lower-case letters. Others are
// not repeated: a hostile server could send back a secret that it was sent.
inline std::string_view shown_error_code(std::string_view code) noexcept {
  bool shown = !code.empty() && code.size() <= max_shown_error_code;
  for (char c : code) shown = shown && ((c >= 'a' && c <= 'z') || c == '_');
  return shown ? code : "an error code that is not shown";
}

// Letters and marks of any script; no controls, no formatting, nothing private (Unicode's categories C, Zl
// and Zp, as far as terminals heed them).
constexpr bool is_shown(std::uint32_t c) noexcept {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return false;  // C0, DEL, C1
  if (c == 0xad || c == 0x61c || c == 0x180e || c == 0xfeff) return false;
  if ((c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f))
    return false;
  return c < 0xe000 || (c >= 0xf900 && c < 0xfff0) || (c >= 0x10000 && c < 0xe0000);
}

/// The words with '?' for what is not shown, and for bytes that are no UTF-8. Empty if there are none.
inline secret shown_words(std::string_view words) noexcept {
  constexpr std::string_view ellipsis = "\xe2\x80\xa6";
  secret out;
  std::size_t whole = 0;  // up to here an ellipsis still fits behind it
  while (!words.empty()) {
    auto const size = countersign::detail::utf8_sequence_size(words);
    auto const front = words.substr(0, size == 0 ? 1 : size);
    std::uint32_t code = static_cast<unsigned char>(front[0]);
    if (size > 1) {
      code &= 0x7fu >> size;
      for (char const c : front.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3f);
    }
    auto const shown = size > 0 && is_shown(code) ? front : std::string_view("?");
    if (out.size() + shown.size() > max_shown_words) {
      out.resize(whole);
      out.append(ellipsis);
      break;
    }
    out.append(shown);
    if (out.size() <= max_shown_words - ellipsis.size()) whole = out.size();
    words.remove_prefix(front.size());
  }
  return out;
}

}  // namespace countersign::inline v0::oauth::detail
