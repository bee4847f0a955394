#pragma once
// MD5's compression function in plain C++. No branch and no index depends on the data.

#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/words.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace countersign::inline v0::detail {

/// The chaining value, A to D.
struct md5_state {
  std::uint32_t word[4];
};

// The templates come first: behind their use, clang 14 would not take them in a constant expression.
class md5_plain {
  using word = std::uint32_t;
  struct turns {
    int first, second, third, fourth;  // bits
  };

  // The whole part of 2^32 |sin(i + 1)|.
  static constexpr word sines[64] = {
      0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
      0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
      0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
      0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
      0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
      0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
      0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
      0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

  // What is known first is added first: all wait for `b`.
  template <class Mix>
  [[gnu::always_inline]] static constexpr void turn(word& a, word b, word c, word d, word more, int by,
                                                    Mix mix) noexcept {
    a += more;
#if defined(__GNUC__)
    if (!std::is_constant_evaluated()) asm("" : "+r"(a));
#endif
    mix(a, b, c, d);
    a = b + std::rotl(a, by);
  }
  template <class Mix>
  [[gnu::always_inline]] static constexpr void sixteen(word& a, word& b, word& c, word& d,
                                                       word const (&x)[16], word const* k, turns by,
                                                       unsigned at, unsigned step, Mix mix) noexcept {
    for (unsigned i = 0; i < 16; i += 4, k += 4, at += 4 * step) {
      turn(a, b, c, d, x[at % 16] + k[0], by.first, mix);
      turn(d, a, b, c, x[(at + step) % 16] + k[1], by.second, mix);
      turn(c, d, a, b, x[(at + 2 * step) % 16] + k[2], by.third, mix);
      turn(b, c, d, a, x[(at + 3 * step) % 16] + k[3], by.fourth, mix);
    }
  }

public:
  using state = md5_state;
  /// RFC 1321 §3.3.
  static constexpr md5_state start = {{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
  static constexpr std::size_t block_size = 64, digest_size = 16, length_size = 8;
  static constexpr auto order = std::endian::little;

  /// Takes `count` blocks into `state` (RFC 1321 §3.4).
  static constexpr void compress(md5_state& state, char const* blocks, std::size_t count) noexcept {
    std::uint32_t x[16] = {};
    for (; count > 0; --count, blocks += block_size) {
      auto [a, b, c, d] = state.word;
      for (unsigned i = 0; i < 16; ++i) x[i] = load_word<word, order>(blocks + 4 * i);
      // the last two arguments: which word comes first, and how far on the next one is
      sixteen(a, b, c, d, x, sines, {7, 12, 17, 22}, 0, 1,
              [](word& sum, word p, word q, word r) { sum += r ^ (p & (q ^ r)); });
      sixteen(a, b, c, d, x, sines + 16, {5, 9, 14, 20}, 1, 5,
              [](word& sum, word p, word q, word r) { sum += q & ~r, sum += p & r; });
      sixteen(a, b, c, d, x, sines + 32, {4, 11, 16, 23}, 5, 3,
              [](word& sum, word p, word q, word r) { sum += p ^ (q ^ r); });
      sixteen(a, b, c, d, x, sines + 48, {6, 10, 15, 21}, 0, 7,
              [](word& sum, word p, word q, word r) { sum += q ^ (p | ~r); });
      std::uint32_t const sums[4] = {a, b, c, d};
      for (std::size_t i = 0; i < 4; ++i) state.word[i] += sums[i];
    }
    wipe(x, sizeof x);
  }
};

}  // namespace countersign::inline v0::detail
