#pragma once
// What base64 and HMAC-SHA-256 cost at least: the processor's instructions on fixed sizes, prepared
// keys, nothing else. Holds no header of countersign, so that it is a floor. For x86-64 with SHA
// and AVX-512 VBMI; `available` says whether.

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace by_hand {

namespace base64 {

inline bool available() { return __builtin_cpu_supports("avx512vbmi"); }

inline constexpr char alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr char url_alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Returns the end, without padding.
__attribute__((target("avx512f,avx512bw,avx512vbmi"), noinline)) inline char* encode_unpadded(
    char* out, char const* in, std::size_t size, char const* letters) {
  alignas(64) static constexpr unsigned char order[64] = {
      1,  0,  2,  1,  4,  3,  5,  4,  7,  6,  8,  7,  10, 9,  11, 10, 13, 12, 14, 13, 16, 15,
      17, 16, 19, 18, 20, 19, 22, 21, 23, 22, 25, 24, 26, 25, 28, 27, 29, 28, 31, 30, 32, 31,
      34, 33, 35, 34, 37, 36, 38, 37, 40, 39, 41, 40, 43, 42, 44, 43, 46, 45, 47, 46};
  auto const table = _mm512_loadu_si512(letters);
  auto const spread = _mm512_load_si512(order);
  auto const bit = _mm512_set1_epi64(0x3036242a1016040a);
  constexpr auto all = ~std::uint64_t{0};  // the unmasked ones make g++ 12 warn
  for (; size >= 48; size -= 48, in += 48, out += 64) {
    auto const bytes = _mm512_maskz_loadu_epi8((std::uint64_t{1} << 48) - 1, in);
    auto const six =
        _mm512_maskz_multishift_epi64_epi8(all, bit, _mm512_maskz_permutexvar_epi8(all, spread, bytes));
    _mm512_storeu_si512(out, _mm512_maskz_permutexvar_epi8(all, six, table));
  }
  auto const bytes = _mm512_maskz_loadu_epi8((std::uint64_t{1} << size) - 1, in);
  auto const six =
      _mm512_maskz_multishift_epi64_epi8(all, bit, _mm512_maskz_permutexvar_epi8(all, spread, bytes));
  auto const count = (size * 8 + 5) / 6;
  _mm512_mask_storeu_epi8(out, (std::uint64_t{1} << count) - 1,
                          _mm512_maskz_permutexvar_epi8(all, six, table));
  return out + count;
}
/// With padding for 3n + 1 bytes, or none for 3n.
inline void encode(char* out, char const* in, std::size_t size) {
  auto* const end = encode_unpadded(out, in, size, alphabet);
  if (size % 3 == 1) std::memcpy(end, "==", 2);
}

}  // namespace base64

namespace hmac {

inline bool available() {
  unsigned a = 7, b = 0, c = 0, d = 0;
  asm("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  return (b >> 29 & 1) != 0;
}

alignas(64) inline constexpr std::uint32_t rounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

struct state {
  __m128i abef, cdgh;
};
struct key {
  state inner, outer;
};

#define BY_HAND_SHA __attribute__((target("sha,sse4.1"), always_inline)) inline

BY_HAND_SHA void take(state& now, __m128i (&w)[4]) {
  auto const before = now;
#if defined(__clang__)
#pragma unroll
#else
#pragma GCC unroll 16
#endif
  for (int i = 0; i < 16; ++i) {
    auto const kw = _mm_add_epi32(w[i & 3], _mm_load_si128(reinterpret_cast<__m128i const*>(rounds) + i));
    now.cdgh = _mm_sha256rnds2_epu32(now.cdgh, now.abef, kw);
    now.abef = _mm_sha256rnds2_epu32(now.abef, now.cdgh, _mm_shuffle_epi32(kw, 0x0e));
    if (i >= 12) continue;
    auto const sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]),
                                   _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
    w[i & 3] = _mm_sha256msg2_epu32(sum, w[(i + 3) & 3]);
  }
  now = {_mm_add_epi32(now.abef, before.abef), _mm_add_epi32(now.cdgh, before.cdgh)};
}
BY_HAND_SHA __m128i swapped(__m128i value) {
  return _mm_shuffle_epi8(value, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}
BY_HAND_SHA void take(state& now, char const* block) {
  __m128i w[4];
  for (int i = 0; i < 4; ++i) w[i] = swapped(_mm_loadu_si128(reinterpret_cast<__m128i const*>(block) + i));
  take(now, w);
}
BY_HAND_SHA void words(state const& now, __m128i& low, __m128i& high) {
  auto const feba = _mm_shuffle_epi32(now.abef, 0x1b);
  auto const dchg = _mm_shuffle_epi32(now.cdgh, 0xb1);
  low = _mm_blend_epi16(feba, dchg, 0xf0);
  high = _mm_alignr_epi8(dchg, feba, 8);
}

/// @param block 64 bytes
__attribute__((target("sha,sse4.1"))) inline key prepare(char const* block) {
  state const start = {
      _mm_set_epi32(0x6a09e667, static_cast<int>(0xbb67ae85), 0x510e527f, static_cast<int>(0x9b05688c)),
      _mm_set_epi32(0x3c6ef372, static_cast<int>(0xa54ff53a), 0x1f83d9ab, 0x5be0cd19)};
  key prepared = {start, start};
  char masked[64];
  for (int i = 0; i < 64; ++i) masked[i] = static_cast<char>(block[i] ^ 0x36);
  take(prepared.inner, masked);
  for (int i = 0; i < 64; ++i) masked[i] = static_cast<char>(block[i] ^ 0x5c);
  take(prepared.outer, masked);
  return prepared;
}

/// @param size a multiple of 64
__attribute__((target("sha,sse4.1"), noinline)) inline void code(key const& key, char const* message,
                                                                 std::size_t size, unsigned char* out) {
  auto now = key.inner;
  auto const end_bit = _mm_set_epi32(0, 0, 0, static_cast<int>(0x80000000));
  for (std::size_t at = 0; at < size; at += 64) take(now, message + at);
  __m128i end[4] = {end_bit, _mm_setzero_si128(), _mm_setzero_si128(),
                    _mm_set_epi32(static_cast<int>((size + 64) * 8), 0, 0, 0)};
  take(now, end);
  __m128i outer[4];
  words(now, outer[0], outer[1]);
  outer[2] = end_bit;
  outer[3] = _mm_set_epi32((64 + 32) * 8, 0, 0, 0);
  now = key.outer;
  take(now, outer);
  __m128i low, high;
  words(now, low, high);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), swapped(low));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out) + 1, swapped(high));
}

/// The same for a message that fits in one block with its end.
/// @param size below 56
__attribute__((target("sha,sse4.1"), noinline)) inline void code_of_short(key const& key, char const* message,
                                                                          std::size_t size, unsigned char* out) {
  auto now = key.inner;
  alignas(16) char block[64] = {};
  std::memcpy(block, message, size);
  block[size] = static_cast<char>(0x80);
  block[62] = static_cast<char>((size + 64) * 8 >> 8);
  block[63] = static_cast<char>((size + 64) * 8);
  take(now, block);
  __m128i outer[4];
  words(now, outer[0], outer[1]);
  outer[2] = _mm_set_epi32(0, 0, 0, static_cast<int>(0x80000000));
  outer[3] = _mm_set_epi32((64 + 32) * 8, 0, 0, 0);
  now = key.outer;
  take(now, outer);
  __m128i low, high;
  words(now, low, high);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), swapped(low));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out) + 1, swapped(high));
}

// What ends a message of any size, of which `taken` bytes are in the state.
BY_HAND_SHA void end(state& now, std::size_t taken, char const* message, std::size_t size) {
  auto const bits = (taken + size) * 8;
  for (; size >= 64; size -= 64, message += 64) take(now, message);
  alignas(16) char block[128] = {};
  std::memcpy(block, message, size);
  block[size] = static_cast<char>(0x80);
  auto const last = size < 56 ? 64 : 128;
  for (int i = 0; i < 8; ++i) block[last - 1 - i] = static_cast<char>(bits >> (8 * i));
  take(now, block);
  if (last == 128) take(now, block + 64);
}
BY_HAND_SHA void store(state const& now, unsigned char* out) {
  __m128i low, high;
  words(now, low, high);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), swapped(low));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out) + 1, swapped(high));
}
__attribute__((target("sha,sse4.1"), noinline)) inline void hash(char const* message, std::size_t size, unsigned char* out) {
  state now = {_mm_set_epi32(0x6a09e667, static_cast<int>(0xbb67ae85), 0x510e527f, static_cast<int>(0x9b05688c)),
               _mm_set_epi32(0x3c6ef372, static_cast<int>(0xa54ff53a), 0x1f83d9ab, 0x5be0cd19)};
  end(now, 0, message, size);
  store(now, out);
}
/// The key after `size` bytes that all messages begin with, a multiple of 64.
__attribute__((target("sha,sse4.1"))) inline key begun(key prepared, char const* front, std::size_t size) {
  for (std::size_t at = 0; at < size; at += 64) take(prepared.inner, front + at);
  return prepared;
}
/// The code of what comes behind them.
__attribute__((target("sha,sse4.1"), noinline)) inline void code_of_rest(key const& begun, std::size_t taken, char const* rest,
                                                                         std::size_t size, unsigned char* out) {
  auto now = begun.inner;
  end(now, 64 + taken, rest, size);
  store(now, out);
  now = begun.outer;
  end(now, 64, reinterpret_cast<char const*>(out), 32);
  store(now, out);
}
/// The same as `code` for a message of any size.
__attribute__((target("sha,sse4.1"), noinline)) inline void code_of_any(key const& key, char const* message, std::size_t size,
                                                                        unsigned char* out) {
  auto now = key.inner;
  end(now, 64, message, size);
  store(now, out);
  now = key.outer;
  end(now, 64, reinterpret_cast<char const*>(out), 32);
  store(now, out);
}

#undef BY_HAND_SHA

}  // namespace hmac

/// 64 digits.
__attribute__((target("ssse3"))) inline char* put_hex(char* to, unsigned char const* bytes) {
  auto const digits = _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f');
  auto const low = _mm_set1_epi8(15);
  for (int i = 0; i < 32; i += 16) {
    auto const all = _mm_loadu_si128(reinterpret_cast<__m128i const*>(bytes + i));
    auto const front = _mm_shuffle_epi8(digits, _mm_and_si128(_mm_srli_epi16(all, 4), low));
    auto const back = _mm_shuffle_epi8(digits, _mm_and_si128(all, low));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 2 * i), _mm_unpacklo_epi8(front, back));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 2 * i + 16), _mm_unpackhi_epi8(front, back));
  }
  return to + 64;
}

}  // namespace by_hand

#endif
