#pragma once
// base64 in plain C++, eight characters at a time in one integer. Without tables: one in memory
// would be read at addresses that depend on the secret.

#include <countersign/core/wipe.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::detail {

struct base64_plain {
  /// Encodes without padding; returns the end of what it wrote.
  static constexpr char* encode(char* out, std::string_view bytes, bool url) noexcept {
    for (; bytes.size() >= 6; bytes.remove_prefix(6), out += 8)
      store_eight(out, characters(load_six(bytes.data()), url));
    char last[8] = {};
    for (std::size_t i = 0; i < bytes.size(); ++i) last[i] = bytes[i];
    store_eight(last, characters(load_six(last), url));
    for (std::size_t i = 0; i < (bytes.size() * 8 + 5) / 6; ++i) *out++ = last[i];
    wipe(last, sizeof last);
    return out;
  }

  /// Decodes characters without their padding, whose number modulo 4 is not 1, into size * 3 / 4 bytes. False if one is not of the
  /// alphabet or if bits behind the last byte are not zero; what was written is of no use then.
  /// Time depends on the size alone.
  [[nodiscard]] static constexpr bool decode(char* out, std::string_view text, bool url) noexcept {
    bool good = true;
    for (; text.size() >= 8; text.remove_prefix(8), out += 6) {
      decoded const group = bits(load_eight(text.data()), url);
      good &= group.good;
      store_six(out, group.bits);
    }
    char last[8] = {'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A'};  // bits that are zero
    for (std::size_t i = 0; i < text.size(); ++i) last[i] = text[i];
    decoded const group = bits(load_eight(last), url);
    store_six(last, group.bits);
    auto const whole = text.size() * 3 / 4;
    for (std::size_t i = 0; i < whole; ++i) *out++ = last[i];
    wipe(last, sizeof last);
    return good & group.good & (group.bits << (16 + 8 * whole) == 0);
  }

  [[nodiscard]] static constexpr bool in_alphabet(char character, bool url) noexcept {
    return bits('A' * (ones - 1) + static_cast<unsigned char>(character), url).good;
  }

private:
  static constexpr std::uint64_t ones = 0x0101010101010101;

  // One in every byte of `bytes` that is not below `first`, else zero. Bytes and `first` are at
  // most 127.
  static constexpr std::uint64_t from(std::uint64_t bytes, std::uint64_t first) noexcept {
    return (bytes + (128 - first) * ones) >> 7 & ones;
  }

  // The alphabets differ in the last two characters.
  static constexpr std::uint64_t plus(bool url) noexcept {
    return url ? std::uint64_t{'-'} : std::uint64_t{'+'};
  }
  static constexpr std::uint64_t slash(bool url) noexcept {
    return url ? std::uint64_t{'_'} : std::uint64_t{'/'};
  }

  // 48 bits as eight characters, the first in the highest byte.
  static constexpr std::uint64_t characters(std::uint64_t bits, bool url) noexcept {
    // six bits to a byte, by halves
    bits = (bits & 0xffffff000000) << 8 | (bits & 0xffffff);
    bits = (bits & 0x00fff00000fff000) << 4 | (bits & 0x00000fff00000fff);
    bits = (bits & 0x0fc00fc00fc00fc0) << 2 | (bits & 0x003f003f003f003f);
    // Each range of the alphabet begins at another distance from its six bits. Carries between
    // bytes cancel out, because the sum is at most 127 in every byte.
    std::uint64_t const upper = 'A';
    std::uint64_t const lower = std::uint64_t{'a'} - 26;
    std::uint64_t const digit = std::uint64_t{'0'} - 52;
    return bits + upper * ones + (lower - upper) * from(bits, 26) + (digit - lower) * from(bits, 52) +
           (plus(url) - 62 - digit) * from(bits, 62) + (slash(url) - 63 - (plus(url) - 62)) * from(bits, 63);
  }

  struct decoded {
    std::uint64_t bits;  // 48; anything where one is not good
    bool good;           // all are of the alphabet
  };
  // 48 bits from eight characters, the first in the highest byte.
  static constexpr decoded bits(std::uint64_t characters, bool url) noexcept {
    auto const in_range = [c = characters & 127 * ones](std::uint64_t first, std::uint64_t last) {
      return from(c, first) - from(c, last + 1);
    };
    auto const uppers = in_range('A', 'Z');
    auto const lowers = in_range('a', 'z');
    auto const digits = in_range('0', '9');
    auto const pluses = in_range(plus(url), plus(url));
    auto const slashes = in_range(slash(url), slash(url));
    auto const strange = (characters & 128 * ones) | ((uppers + lowers + digits + pluses + slashes) ^ ones);
    auto bits = characters - 'A' * uppers - (std::uint64_t{'a'} - 26) * lowers -
                (std::uint64_t{'0'} - 52) * digits - (plus(url) - 62) * pluses - (slash(url) - 63) * slashes;
    bits = (bits & 0x3f003f003f003f00) >> 2 | (bits & 0x003f003f003f003f);
    bits = (bits & 0x0fff00000fff0000) >> 4 | (bits & 0x00000fff00000fff);
    bits = (bits & 0x00ffffff00000000) >> 8 | (bits & 0xffffff);
    return {bits, strange == 0};
  }

  // Big-endian; written out, so that each is one or two loads or stores and a byte swap.
  static constexpr std::uint64_t load_six(char const* bytes) noexcept {
    auto const byte = [=](int i) { return std::uint64_t{static_cast<unsigned char>(bytes[i])}; };
    return byte(0) << 40 | byte(1) << 32 | byte(2) << 24 | byte(3) << 16 | byte(4) << 8 | byte(5);
  }
  static constexpr std::uint64_t load_eight(char const* bytes) noexcept {
    auto const byte = [=](int i) { return std::uint64_t{static_cast<unsigned char>(bytes[i])}; };
    return byte(0) << 56 | byte(1) << 48 | byte(2) << 40 | byte(3) << 32 | byte(4) << 24 | byte(5) << 16 |
           byte(6) << 8 | byte(7);
  }
  static constexpr void store_six(char* to, std::uint64_t bits) noexcept {
    auto const put = [=](int i) { to[i] = static_cast<char>(bits >> (40 - 8 * i)); };
    put(0), put(1), put(2), put(3), put(4), put(5);
  }
  static constexpr void store_eight(char* to, std::uint64_t bits) noexcept {
    auto const put = [=](int i) { to[i] = static_cast<char>(bits >> (56 - 8 * i)); };
    put(0), put(1), put(2), put(3), put(4), put(5), put(6), put(7);
  }
};

}  // namespace countersign::inline v0::detail
