#pragma once
// base64, 12 bytes and 16 characters at a time, with the vector instructions that every x86-64 of the last fifteen years
// has, in a translation unit built for any. Tables are held in registers, and permuting a register takes the same time for
// every input.

#include <countersign/core/detail/processor.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

#if defined(__GNUC__) && defined(__x86_64__)

/// Use it only where `available()`.
class base64_ssse3 {
  using chars [[gnu::vector_size(16)]] = char;
  using bytes16 [[gnu::vector_size(16)]] = unsigned char;
  using halves [[gnu::vector_size(16)]] = std::uint16_t;
  using builtin_halves [[gnu::vector_size(16)]] = short;
  using words [[gnu::vector_size(16)]] = std::uint64_t;

public:
  [[nodiscard]] static bool available() noexcept { return processor_has(instructions::ssse3); }

  /// Encodes without padding; returns the end of what it wrote.
  [[gnu::target("ssse3"), gnu::noinline]] static char* encode(char* out, std::string_view bytes,
                                                              bool url) noexcept {
    // from the range of six bits to what is to be added
    char const plus = static_cast<char>((url ? '-' : '+') - 62);
    char const slash = static_cast<char>((url ? '_' : '/') - 63);
    constexpr char lower = 'a' - 26;
    constexpr char digit = static_cast<char>('0' - 52);
    chars const table = {lower, digit, digit, digit, digit, digit, digit, digit,
                         digit, digit, digit, plus,  slash, 'A',   0,     0};
    auto const* in = bytes.data();
    auto left = bytes.size();
    for (; left >= 16; left -= 12, in += 12, out += 16) store(out, characters(load(in), table));
    if (left >= 12) {
      store(out, characters(load_short(in, left), table));
      left -= 12, in += 12, out += 16;
    }
    if (left == 0) return out;
    return store_short(out, characters(load_short(in, left), table), (left * 8 + 5) / 6);
  }

  /// As base64_plain::decode.
  [[nodiscard, gnu::target("ssse3"), gnu::noinline]] static bool decode(char* out, std::string_view text,
                                                                        bool url) noexcept {
    constexpr std::size_t step = 16, made = 12;
    alphabet const of(url);
    chars bad = {};
    auto const* in = text.data();
    auto left = text.size();
    for (; left >= step; left -= step, in += step, out += made) {
      auto const packed = decoded(load(in), of, bad);
      if (left >= step + 8) store(out, packed);  // the next step writes over the last four
      else store_short(out, packed, made);
    }
    if (left > 0) {
      chars const place = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
      auto const packed =
          decoded(load_short(in, left) | (chars(place >= static_cast<char>(left)) & 'A'), of, bad);
      auto const whole = left * 3 / 4;
      bad |= packed & chars(place >= static_cast<char>(whole));  // bits that belong to no byte
      store_short(out, packed, whole);
    }
    return __builtin_ia32_pmovmskb128(chars(bad == 0)) == 0xffff;
  }

private:
  [[gnu::target("ssse3"), gnu::always_inline]] static inline chars load(char const* from) noexcept {
    chars value;
    std::memcpy(&value, from, sizeof value);
    return value;
  }
  [[gnu::target("ssse3"), gnu::always_inline]] static inline void store(char* to, chars value) noexcept {
    std::memcpy(to, &value, sizeof value);
  }
  template <class Word>
  [[gnu::always_inline]] static inline std::uint64_t word(char const* from) noexcept {
    Word value;
    std::memcpy(&value, from, sizeof value);
    return value;
  }
  // 1 to 15 bytes, then zeros. From both ends, so that nothing else is read and nothing goes through memory.
  [[gnu::target("ssse3"), gnu::always_inline]] static inline chars load_short(char const* from,
                                                                              std::size_t size) noexcept {
    if (size >= 8)
      return chars(words{word<std::uint64_t>(from),
                         size == 8 ? 0 : word<std::uint64_t>(from + size - 8) >> (128 - 8 * size)});
    if (size >= 4)
      return chars(
          words{word<std::uint32_t>(from) | word<std::uint32_t>(from + size - 4) << (8 * size - 32), 0});
    return chars(words{word<std::uint8_t>(from) | word<std::uint8_t>(from + size / 2) << (8 * (size / 2)) |
                           word<std::uint8_t>(from + size - 1) << (8 * size - 8),
                       0});
  }
  // The first 1 to 15 bytes; returns their end.
  [[gnu::target("ssse3"), gnu::always_inline]] static inline char* store_short(char* to, chars value,
                                                                               std::size_t size) noexcept {
    auto const low = words(value)[0], high = words(value)[1];
    if (size >= 8) {
      auto const last = size == 8 ? low : low >> (8 * size - 64) | high << (128 - 8 * size);
      std::memcpy(to, &low, sizeof low);
      std::memcpy(to + size - sizeof last, &last, sizeof last);
    } else if (size >= 4) {
      auto const first = static_cast<std::uint32_t>(low);
      auto const last = static_cast<std::uint32_t>(low >> (8 * size - 32));
      std::memcpy(to, &first, sizeof first);
      std::memcpy(to + size - sizeof last, &last, sizeof last);
    } else {
      to[0] = static_cast<char>(low);
      to[size / 2] = static_cast<char>(low >> (8 * (size / 2)));
      to[size - 1] = static_cast<char>(low >> (8 * size - 8));
    }
    return to + size;
  }

  // The first twelve bytes as characters.
  [[gnu::target("ssse3"), gnu::always_inline]] static inline chars characters(chars value,
                                                                              chars table) noexcept {
    // every 32 bits get the bytes 1, 0, 2, 1 of their three
    chars const order = {1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10};
    auto const spread = halves(__builtin_ia32_pshufb128(value, order));
    // multiplying shifts every 16 bits by another distance
    constexpr halves high_bits = {0xfc00, 0x0fc0, 0xfc00, 0x0fc0, 0xfc00, 0x0fc0, 0xfc00, 0x0fc0};
    constexpr halves high_shift = {0x0040, 0x0400, 0x0040, 0x0400, 0x0040, 0x0400, 0x0040, 0x0400};
    constexpr halves low_bits = {0x03f0, 0x003f, 0x03f0, 0x003f, 0x03f0, 0x003f, 0x03f0, 0x003f};
    constexpr halves low_shift = {0x0010, 0x0100, 0x0010, 0x0100, 0x0010, 0x0100, 0x0010, 0x0100};
    auto const high =
        halves(__builtin_ia32_pmulhuw128(builtin_halves(spread & high_bits), builtin_halves(high_shift)));
    auto const six = chars(high | (spread & low_bits) * low_shift);
    // 0 for lower case, 1 to 12 for digits and the last two, 13 for upper case
    auto const range = (chars(six > 51) & (six - 51)) | (chars(six < 26) & 13);
    return six + __builtin_ia32_pshufb128(table, range);
  }

  // What tells characters from others, and leads to their six bits: by the upper and the lower half of a character's byte.
  struct alphabet {
    [[gnu::target("ssse3"), gnu::always_inline]] inline explicit alphabet(bool url) noexcept {
      // one bit for each group of upper halves: 2, 3, 4 and 6, 5, 7, those that no character has
      constexpr char two = 1, three = 2, four = 4, five = 8, seven = 16, none = 32;
      group = chars{none, none, two,  three, four, five, four, seven,
                    none, none, none, none,  none, none, none, none};
      // those groups that have no character with this lower half
      constexpr char zero = two | four | none, digits = two | none,
                     beyond = two | three | five | seven | none;
      wrong = chars{
          zero,   digits, digits, digits, digits, digits, digits, digits, digits, digits, two | three | none,
          beyond, beyond, beyond, beyond, beyond};
      wrong[url ? 13 : 11] ^= two;    // '-' or '+'
      wrong[15] ^= url ? five : two;  // '_' or '/'
      char const of_two = static_cast<char>(62 - (url ? '-' : '+'));
      constexpr char upper = -'A', lower = 26 - 'a', digit = 52 - '0';
      add = chars{0, 0, of_two, digit, upper, upper, lower, lower, 0, 0, 0, 0, 0, 0, 0, 0};
      last = url ? '_' : '/';
      add_to_last = static_cast<char>(63 - last - (url ? upper : of_two));
    }
    chars group, wrong, add;
    char last, add_to_last;
  };

  // The first twelve bytes: those of 16 characters; then zeros. `bad` gets a bit where one is not of the alphabet.
  [[gnu::target("ssse3"), gnu::always_inline]] static inline chars decoded(chars value, alphabet const& of,
                                                                           chars& bad) noexcept {
    auto const upper_half = chars(bytes16(value) >> 4), lower_half = value & 15;
    bad |= __builtin_ia32_pshufb128(of.group, upper_half) & __builtin_ia32_pshufb128(of.wrong, lower_half);
    auto const six =
        value + __builtin_ia32_pshufb128(of.add, upper_half) + (chars(value == of.last) & of.add_to_last);
    // neighbours are put together: 12 bits, then 24
    constexpr chars by_64 = {64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1};
    constexpr builtin_halves by_4096 = {4096, 1, 4096, 1, 4096, 1, 4096, 1};
    auto const twelve = __builtin_ia32_pmaddubsw128(six, by_64);
    auto const group = chars(__builtin_ia32_pmaddwd128(twelve, by_4096));
    return __builtin_ia32_pshufb128(group, chars{2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1});
  }
};

#else

struct base64_ssse3 {
  [[nodiscard]] static constexpr bool available() noexcept { return false; }
  static char* encode(char* out, std::string_view, bool) noexcept { return out; }
  [[nodiscard]] static bool decode(char*, std::string_view, bool) noexcept { return false; }
};

#endif

}  // namespace countersign::inline v0::detail
