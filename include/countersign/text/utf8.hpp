#pragma once
// UTF-8 as RFC 3629 has it: nothing overlong, no surrogates, nothing beyond U+10FFFF.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

namespace detail {

/// The size in bytes of the sequence at the front of `text`, which is not empty; 0 if it is
/// malformed or cut short.
[[nodiscard]] constexpr std::size_t utf8_sequence_size(std::string_view text) noexcept {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  auto const lead = byte(0);
  if (lead < 0x80) return 1;
  // RFC 3629 section 4: the lead byte gives the size, and for four of them a narrower range of the
  // second byte
  if (lead < 0xc2 || lead > 0xf4) return 0;
  std::size_t const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (text.size() < size) return 0;
  unsigned const low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  unsigned const high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < size; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  return size;
}

}  // namespace detail

/// Whether `text` is well-formed UTF-8 (RFC 3629). U+0000 and a byte order mark are characters like
/// any other.
[[nodiscard]] constexpr bool valid_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    if (!std::is_constant_evaluated()) {
      for (std::uint64_t eight = 0; text.size() >= sizeof eight; text.remove_prefix(sizeof eight)) {
        std::memcpy(&eight, text.data(), sizeof eight);
        if ((eight & 0x8080808080808080) != 0) break;
      }
      if (text.empty()) break;
    }
    auto const size = detail::utf8_sequence_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace countersign::inline v0
