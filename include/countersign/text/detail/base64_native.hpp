#pragma once
// base64 with the vector instructions of x86-64, in a translation unit built for any x86-64. The
// tables are held in registers, and permuting a register takes the same time for every input.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

/// How far an encoder came.
struct base64_progress {
  char* out;          // the end of what it wrote
  std::size_t taken;  // bytes, whole groups of three, or all of them
};

#if defined(__GNUC__) && defined(__x86_64__)

struct base64_native {
  [[nodiscard]] static bool has_vbmi() noexcept { return __builtin_cpu_supports("avx512vbmi") != 0; }
  [[nodiscard]] static bool has_ssse3() noexcept { return __builtin_cpu_supports("ssse3") != 0; }

  /// Encodes the front of `bytes`, or nothing. By value, because a reference would go through memory.
  static base64_progress encode(char* out, std::string_view bytes, bool url) noexcept {
    if (has_vbmi()) return encode_vbmi(out, bytes, url);
    return bytes.size() >= 16 && has_ssse3() ? encode_ssse3(out, bytes, url) : base64_progress{out, 0};
  }

  /// 12 bytes a step; leaves up to 15. Only where `has_ssse3()`.
  [[gnu::target("ssse3"), gnu::noinline]] static base64_progress
  encode_ssse3(char* out, std::string_view bytes, bool url) noexcept {
    // from the range of six bits to what is to be added
    char const plus = static_cast<char>((url ? '-' : '+') - 62);
    char const slash = static_cast<char>((url ? '_' : '/') - 63);
    constexpr char lower = 'a' - 26;
    constexpr char digit = static_cast<char>('0' - 52);
    vector16 const table = {lower, digit, digit, digit, digit, digit, digit, digit,
                            digit, digit, digit, plus,  slash, 'A',   0,     0};
    vector16 const front = {1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10};
    char const* const begin = bytes.data();
    for (; bytes.size() >= 16; bytes.remove_prefix(12), out += 16) translate(out, bytes.data(), front, table);
    if (bytes.size() >= 12 && bytes.data() != begin) {
      translate(out, bytes.data() - 4, front + 4, table);  // 16 bytes are read, and only 12 are left
      bytes.remove_prefix(12);
      out += 16;
    }
    return {out, static_cast<std::size_t>(bytes.data() - begin)};
  }

  /// 48 bytes a step, and all of them. Only where `has_vbmi()`.
  [[gnu::target("avx512f,avx512bw,avx512vbmi"), gnu::noinline]] static base64_progress
  encode_vbmi(char* out, std::string_view bytes, bool url) noexcept {
    alignas(64) static constexpr char standard_alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    alignas(64) static constexpr char url_alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    vector64 table;
    std::memcpy(&table, url ? url_alphabet : standard_alphabet, sizeof table);
    auto const* in = bytes.data();
    auto left = bytes.size();
    for (; left >= 48; left -= 48, in += 48, out += 64)
      translate(out, in, (std::uint64_t{1} << 48) - 1, ~std::uint64_t{0}, table);
    if (left == 0) return {out, bytes.size()};
    auto const count = (left * 8 + 5) / 6;
    translate(out, in, (std::uint64_t{1} << left) - 1, (std::uint64_t{1} << count) - 1, table);
    return {out + count, bytes.size()};
  }

private:
  using vector16 [[gnu::vector_size(16)]] = char;
  using halves [[gnu::vector_size(16)]] = std::uint16_t;
  using builtin_halves [[gnu::vector_size(16)]] = short;
  using vector64 [[gnu::vector_size(64)]] = char;

  // `order` gives every 32 bits the bytes 1, 0, 2, 1 of their three.
  [[gnu::target("ssse3"), gnu::always_inline]] static inline void
  translate(char* out, char const* in, vector16 order, vector16 table) noexcept {
    vector16 value;
    std::memcpy(&value, in, sizeof value);
    auto const spread = halves(__builtin_ia32_pshufb128(value, order));
    // multiplying shifts every 16 bits by another distance
    constexpr halves high_bits = {0xfc00, 0x0fc0, 0xfc00, 0x0fc0, 0xfc00, 0x0fc0, 0xfc00, 0x0fc0};
    constexpr halves high_shift = {0x0040, 0x0400, 0x0040, 0x0400, 0x0040, 0x0400, 0x0040, 0x0400};
    constexpr halves low_bits = {0x03f0, 0x003f, 0x03f0, 0x003f, 0x03f0, 0x003f, 0x03f0, 0x003f};
    constexpr halves low_shift = {0x0010, 0x0100, 0x0010, 0x0100, 0x0010, 0x0100, 0x0010, 0x0100};
    auto const high =
        halves(__builtin_ia32_pmulhuw128(builtin_halves(spread & high_bits), builtin_halves(high_shift)));
    auto const six = vector16(high | (spread & low_bits) * low_shift);
    // 0 for lower case, 1 to 12 for digits and the last two, 13 for upper case
    auto const range = (vector16(six > 51) & (six - 51)) | (vector16(six < 26) & 13);
    value = six + __builtin_ia32_pshufb128(table, range);
    std::memcpy(out, &value, sizeof value);
  }

  [[gnu::target("avx512f,avx512bw,avx512vbmi"), gnu::always_inline]] static inline void
  translate(char* out, char const* in, std::uint64_t readable, std::uint64_t writable,
            vector64 const& table) noexcept {
    constexpr vector64 order = {1,  0,  2,  1,  4,  3,  5,  4,  7,  6,  8,  7,  10, 9,  11, 10,
                                13, 12, 14, 13, 16, 15, 17, 16, 19, 18, 20, 19, 22, 21, 23, 22,
                                25, 24, 26, 25, 28, 27, 29, 28, 31, 30, 32, 31, 34, 33, 35, 34,
                                37, 36, 38, 37, 40, 39, 41, 40, 43, 42, 44, 43, 46, 45, 47, 46};
    // where each character's six bits begin, in 64 bits of such bytes
    constexpr vector64 bit = {10, 4, 22, 16, 42, 36, 54, 48, 10, 4, 22, 16, 42, 36, 54, 48,
                              10, 4, 22, 16, 42, 36, 54, 48, 10, 4, 22, 16, 42, 36, 54, 48,
                              10, 4, 22, 16, 42, 36, 54, 48, 10, 4, 22, 16, 42, 36, 54, 48,
                              10, 4, 22, 16, 42, 36, 54, 48, 10, 4, 22, 16, 42, 36, 54, 48};
#if defined(__clang__)
    auto const value =
        __builtin_ia32_loaddquqi512_mask(reinterpret_cast<vector64 const*>(in), vector64{}, readable);
    auto const spread = __builtin_ia32_permvarqi512(value, order);
    auto const six = __builtin_ia32_vpmultishiftqb512(bit, spread);
    auto const characters = __builtin_ia32_permvarqi512(table, six);
    __builtin_ia32_storedquqi512_mask(reinterpret_cast<vector64*>(out), characters, writable);
#else
    constexpr auto all = ~std::uint64_t{0};
    auto const value = __builtin_ia32_loaddquqi512_mask(in, vector64{}, readable);
    auto const spread = __builtin_ia32_permvarqi512_mask(value, order, vector64{}, all);
    auto const six = __builtin_ia32_vpmultishiftqb512_mask(bit, spread, vector64{}, all);
    auto const characters = __builtin_ia32_permvarqi512_mask(table, six, vector64{}, all);
    __builtin_ia32_storedquqi512_mask(out, characters, writable);
#endif
  }
};

#else

struct base64_native {
  static base64_progress encode(char* out, std::string_view, bool) noexcept { return {out, 0}; }
};

#endif

}  // namespace countersign::inline v0::detail
