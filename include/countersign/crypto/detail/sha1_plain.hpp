#pragma once
// SHA-1's compression function in plain C++. No branch and no index depends on the data.

#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/words.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace countersign::inline v0::detail {

/// The chaining value, H0 to H4.
struct sha1_state {
  std::uint32_t word[5];
};

// The templates come first: behind their use, clang 14 would not take them in a constant expression.
class sha1_plain {
  using word = std::uint32_t;

  // Five rounds, after which every variable is where it was.
  template <class Mix>
  [[gnu::always_inline]] static constexpr void five(word& a, word& b, word& c, word& d, word& e,
                                                    word (&w)[16], unsigned t, Mix mix) noexcept {
    round(a, b, e, mix(b, c, d) + next(w, t));
    round(e, a, d, mix(a, b, c) + next(w, t + 1));
    round(d, e, c, mix(e, a, b) + next(w, t + 2));
    round(c, d, b, mix(d, e, a) + next(w, t + 3));
    round(b, c, a, mix(c, d, e) + next(w, t + 4));
  }
  [[gnu::always_inline]] static constexpr void round(word a, word& b, word& e, word more) noexcept {
    e += std::rotl(a, 5) + more;
    b = std::rotl(b, 30);
  }
  // The word for round t; that of round t + 16 takes its place.
  [[gnu::always_inline]] static constexpr word next(word (&w)[16], unsigned t) noexcept {
    auto const now = w[t % 16];
    w[t % 16] = std::rotl(now ^ w[(t + 2) % 16] ^ w[(t + 8) % 16] ^ w[(t + 13) % 16], 1);
    return now;
  }

public:
  using state = sha1_state;
  /// FIPS 180-4 §5.3.1.
  static constexpr sha1_state start = {{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}};
  static constexpr std::size_t block_size = 64, digest_size = 20, length_size = 8;
  static constexpr auto order = std::endian::big;

  /// Takes `count` blocks into `state` (FIPS 180-4 §6.1.2).
  static constexpr void compress(sha1_state& state, char const* blocks, std::size_t count) noexcept {
    std::uint32_t w[16] = {};  // the last words of the message schedule
    for (; count > 0; --count, blocks += block_size) {
      auto [a, b, c, d, e] = state.word;
      for (unsigned i = 0; i < 16; ++i) w[i] = load_word<word, order>(blocks + 4 * i);
      for (unsigned t = 0; t < 20; t += 5)
        five(a, b, c, d, e, w, t, [](auto x, auto y, auto z) { return (z ^ (x & (y ^ z))) + 0x5a827999; });
      for (unsigned t = 20; t < 40; t += 5)
        five(a, b, c, d, e, w, t, [](auto x, auto y, auto z) { return (x ^ y ^ z) + 0x6ed9eba1; });
      for (unsigned t = 40; t < 60; t += 5)
        five(a, b, c, d, e, w, t,
             [](auto x, auto y, auto z) { return ((x & y) | (z & (x | y))) + 0x8f1bbcdc; });
      for (unsigned t = 60; t < 80; t += 5)
        five(a, b, c, d, e, w, t, [](auto x, auto y, auto z) { return (x ^ y ^ z) + 0xca62c1d6; });
      std::uint32_t const sums[5] = {a, b, c, d, e};
      for (std::size_t i = 0; i < 5; ++i) state.word[i] += sums[i];
    }
    wipe(w, sizeof w);
  }
};

}  // namespace countersign::inline v0::detail
