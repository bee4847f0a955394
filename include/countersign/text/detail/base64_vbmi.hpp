#pragma once
// base64, 48 bytes and 64 characters at a time, with AVX-512 VBMI, in a translation unit built for any x86-64. The alphabet
// is held in registers, and permuting a register takes the same time for every input.

#include <countersign/core/detail/processor.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

#if defined(__GNUC__) && defined(__x86_64__)

/// Use it only where `available()`.
class base64_vbmi {
  using chars [[gnu::vector_size(64)]] = char;
  using halves [[gnu::vector_size(64)]] = short;
  using words [[gnu::vector_size(64)]] = int;

  // The six bits of each character of ASCII; -1 where it is not of the alphabet.
  struct values {
    char of[128];
  };
  static consteval values values_with(char plus, char slash) noexcept {
    values made{};
    for (char& value : made.of) value = -1;
    char six = 0;
    for (int c = 'A'; c <= 'Z'; ++c) made.of[c] = six++;
    for (int c = 'a'; c <= 'z'; ++c) made.of[c] = six++;
    for (int c = '0'; c <= '9'; ++c) made.of[c] = six++;
    made.of[int{plus}] = six++;
    made.of[int{slash}] = six;
    return made;
  }
  static constexpr std::uint64_t all = ~std::uint64_t{0};
  /// @param lanes 1 to 64
  [[gnu::always_inline]] static constexpr std::uint64_t first(std::size_t lanes) noexcept {
    return all >> (64 - lanes);
  }

public:
  [[nodiscard]] static bool available() noexcept { return processor_has(instructions::avx512_vbmi); }

  /// Encodes; returns the end of what it wrote.
  [[gnu::target("avx512f,avx512bw,avx512vbmi"), gnu::noinline]] static char*
  encode(char* out, std::string_view bytes, bool url, bool padded) noexcept {
    alignas(64) static constexpr char standard[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    alignas(64) static constexpr char of_url[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    chars table;
    std::memcpy(&table, url ? of_url : standard, sizeof table);
    auto const* in = bytes.data();
    auto left = bytes.size();
    for (; left >= 48; left -= 48, in += 48, out += 64)
      store(out, characters(load(in, first(48), chars{}), table, all), all);
    if (left == 0) return out;
    auto const count = (left * 8 + 5) / 6, with_padding = padded ? (count + 3) & ~std::size_t{3} : count;
    store(out, characters(load(in, first(left), chars{}), table, first(count)), first(with_padding));
    return out + with_padding;
  }

  /// As base64_plain::decode.
  [[nodiscard, gnu::target("avx512f,avx512bw,avx512vbmi"), gnu::noinline]] static bool
  decode(char* out, std::string_view text, bool url) noexcept {
    alignas(64) static constexpr auto standard = values_with('+', '/'), of_url = values_with('-', '_');
    chars low, high;
    std::memcpy(&low, (url ? of_url : standard).of, sizeof low);
    std::memcpy(&high, (url ? of_url : standard).of + sizeof low, sizeof high);
    chars bad = {};
    std::uint64_t surplus = 0;
    auto const* in = text.data();
    auto left = text.size();
    for (; left >= 64; left -= 64, in += 64, out += 48)
      store(out, decoded(load(in, all, chars{}), low, high, bad), first(48));
    if (left > 0) {
      auto const packed = decoded(load(in, first(left), chars{} + 'A'), low, high, bad);
      auto const whole = left * 3 / 4;
      store(out, packed, first(whole));
      surplus = sign_bits(chars(packed != 0)) & ~first(whole);  // bits that belong to no byte
    }
    return (sign_bits(bad) | surplus) == 0;
  }

private:
  // The first 48 bytes as characters; '=' outside of `lanes`.
  [[gnu::target("avx512f,avx512bw,avx512vbmi"), gnu::always_inline]] static inline chars
  characters(chars value, chars const& table, std::uint64_t lanes) noexcept {
    constexpr chars order = {1,  0,  2,  1,  4,  3,  5,  4,  7,  6,  8,  7,  10, 9,  11, 10,
                             13, 12, 14, 13, 16, 15, 17, 16, 19, 18, 20, 19, 22, 21, 23, 22,
                             25, 24, 26, 25, 28, 27, 29, 28, 31, 30, 32, 31, 34, 33, 35, 34,
                             37, 36, 38, 37, 40, 39, 41, 40, 43, 42, 44, 43, 46, 45, 47, 46};
    // where each character's six bits begin, in 64 bits of such bytes
    constexpr chars bit = {10, 4, 22, 16, 42, 36, 54, 48, 10, 4, 22, 16, 42, 36, 54, 48,
                           10, 4, 22, 16, 42, 36, 54, 48, 10, 4, 22, 16, 42, 36, 54, 48,
                           10, 4, 22, 16, 42, 36, 54, 48, 10, 4, 22, 16, 42, 36, 54, 48,
                           10, 4, 22, 16, 42, 36, 54, 48, 10, 4, 22, 16, 42, 36, 54, 48};
    chars const padding = chars{} + '=';
#if defined(__clang__)
    auto const six = __builtin_ia32_vpmultishiftqb512(bit, __builtin_ia32_permvarqi512(value, order));
    return __builtin_ia32_selectb_512(lanes, __builtin_ia32_permvarqi512(table, six), padding);
#else
    auto const spread = __builtin_ia32_permvarqi512_mask(value, order, chars{}, all);
    auto const six = __builtin_ia32_vpmultishiftqb512_mask(bit, spread, chars{}, all);
    return __builtin_ia32_permvarqi512_mask(table, six, padding, lanes);
#endif
  }

  // The bytes of 64 characters, 48 and then zeros. `bad` gets a sign bit where one is not of the alphabet.
  [[gnu::target("avx512f,avx512bw,avx512vbmi"), gnu::always_inline]] static inline chars
  decoded(chars value, chars const& low, chars const& high, chars& bad) noexcept {
    // neighbours are put together: 12 bits, then 24
    constexpr chars by_64 = {64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1,
                             64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1,
                             64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1, 64, 1};
    constexpr halves by_4096 = {4096, 1, 4096, 1, 4096, 1, 4096, 1, 4096, 1, 4096, 1, 4096, 1, 4096, 1,
                                4096, 1, 4096, 1, 4096, 1, 4096, 1, 4096, 1, 4096, 1, 4096, 1, 4096, 1};
    constexpr chars order = {2,  1,  0,  6,  5,  4,  10, 9,  8,  14, 13, 12, 18, 17, 16, 22,
                             21, 20, 26, 25, 24, 30, 29, 28, 34, 33, 32, 38, 37, 36, 42, 41,
                             40, 46, 45, 44, 50, 49, 48, 54, 53, 52, 58, 57, 56, 62, 61, 60,
                             3,  3,  3,  3,  3,  3,  3,  3,  3,  3,  3,  3,  3,  3,  3,  3};  // 3: a zero
#if defined(__clang__)
    auto const six = __builtin_ia32_vpermi2varqi512(low, value, high);
    auto const twelve = __builtin_ia32_pmaddubsw512(six, by_64);
    auto const group = chars(__builtin_ia32_pmaddwd512(twelve, by_4096));
    auto const packed = __builtin_ia32_permvarqi512(group, order);
#else
    auto const six = __builtin_ia32_vpermt2varqi512_mask(value, low, high, all);
    auto const twelve = __builtin_ia32_pmaddubsw512_mask(six, by_64, halves{}, ~0U);
    auto const group = chars(__builtin_ia32_pmaddwd512_mask(twelve, by_4096, words{}, 0xffff));
    auto const packed = __builtin_ia32_permvarqi512_mask(group, order, chars{}, all);
#endif
    bad |= six | value;  // a byte beyond ASCII reads another's place in the table
    return packed;
  }

  [[gnu::target("avx512f,avx512bw,avx512vbmi"), gnu::always_inline]] static inline std::uint64_t
  sign_bits(chars const& of) noexcept {
    return __builtin_ia32_cvtb2mask512(of);
  }
  // Reads `lanes` alone; the others are those of `rest`.
  [[gnu::target("avx512f,avx512bw,avx512vbmi"), gnu::always_inline]] static inline chars
  load(char const* from, std::uint64_t lanes, chars const& rest) noexcept {
#if defined(__clang__)
    return __builtin_ia32_loaddquqi512_mask(reinterpret_cast<chars const*>(from), rest, lanes);
#else
    return __builtin_ia32_loaddquqi512_mask(from, rest, lanes);
#endif
  }
  [[gnu::target("avx512f,avx512bw,avx512vbmi"), gnu::always_inline]] static inline void
  store(char* to, chars const& value, std::uint64_t lanes) noexcept {
#if defined(__clang__)
    __builtin_ia32_storedquqi512_mask(reinterpret_cast<chars*>(to), value, lanes);
#else
    __builtin_ia32_storedquqi512_mask(to, value, lanes);
#endif
  }
};

#else

struct base64_vbmi {
  [[nodiscard]] static constexpr bool available() noexcept { return false; }
  static char* encode(char* out, std::string_view, bool, bool) noexcept { return out; }
  [[nodiscard]] static bool decode(char*, std::string_view, bool) noexcept { return false; }
};

#endif

}  // namespace countersign::inline v0::detail
