#pragma once
// The compression function of SHA-2 in plain C++, of either word size. No branch and no index depends on the data.

#include <countersign/core/wipe.hpp>

#include <bit>
#include <cstddef>
#include <type_traits>

namespace countersign::inline v0::detail {

/// @tparam Family the names in which SHA-256 and SHA-512 differ (FIPS 180-4 §4.1, §4.2): `word`, `rounds`, `constants`, and
///   the amounts of the rotations
template <class Family>
struct sha2_plain {
  using word = typename Family::word;

  /// Takes `count` blocks of 16 words into `state` (FIPS 180-4 §6.2.2, §6.4.2).
  template <class State>
  static constexpr void compress(State& state, char const* blocks, std::size_t count) noexcept {
    word w[16] = {};  // the last words of the message schedule
    for (; count > 0; --count, blocks += 16 * sizeof(word)) {
      word a = state.word[0], b = state.word[1], c = state.word[2], d = state.word[3];
      word e = state.word[4], f = state.word[5], g = state.word[6], h = state.word[7];
      auto const* k = Family::constants;
      auto const sixteen_rounds = [&](auto word_of) __attribute__((always_inline)) {
        // written out, so that every index is a constant
        round(a, b, c, d, e, f, g, h, k[0] + word_of(0));
        round(h, a, b, c, d, e, f, g, k[1] + word_of(1));
        round(g, h, a, b, c, d, e, f, k[2] + word_of(2));
        round(f, g, h, a, b, c, d, e, k[3] + word_of(3));
        round(e, f, g, h, a, b, c, d, k[4] + word_of(4));
        round(d, e, f, g, h, a, b, c, k[5] + word_of(5));
        round(c, d, e, f, g, h, a, b, k[6] + word_of(6));
        round(b, c, d, e, f, g, h, a, k[7] + word_of(7));
        round(a, b, c, d, e, f, g, h, k[8] + word_of(8));
        round(h, a, b, c, d, e, f, g, k[9] + word_of(9));
        round(g, h, a, b, c, d, e, f, k[10] + word_of(10));
        round(f, g, h, a, b, c, d, e, k[11] + word_of(11));
        round(e, f, g, h, a, b, c, d, k[12] + word_of(12));
        round(d, e, f, g, h, a, b, c, k[13] + word_of(13));
        round(c, d, e, f, g, h, a, b, k[14] + word_of(14));
        round(b, c, d, e, f, g, h, a, k[15] + word_of(15));
      };
      sixteen_rounds([&](std::size_t t) { return load(w, t, blocks); });
      for (std::size_t t = 16; t < Family::rounds; t += 16) {
        k += 16;
        sixteen_rounds([&](std::size_t i) { return next(w, i); });
      }
      word const sums[8] = {a, b, c, d, e, f, g, h};
      for (std::size_t i = 0; i < 8; ++i) state.word[i] += sums[i];
    }
    wipe(w, sizeof w);
  }

private:
  // The word for round t, one of the first sixteen: the block's own.
  [[gnu::always_inline]] static constexpr word load(word (&w)[16], std::size_t t,
                                                    char const* block) noexcept {
    return w[t] = big_endian(block + sizeof(word) * t);
  }
  // The word for a round whose number modulo 16 is t: made of those before.
  [[gnu::always_inline]] static constexpr word next(word (&w)[16], std::size_t t) noexcept {
    auto const w15 = w[(t + 1) % 16];
    auto const w2 = w[(t + 14) % 16];
    constexpr auto const& s0 = Family::schedule0;
    constexpr auto const& s1 = Family::schedule1;
    auto const sigma0 = std::rotr(w15, s0[0]) ^ std::rotr(w15, s0[1]) ^ (w15 >> s0[2]);
    auto const sigma1 = std::rotr(w2, s1[0]) ^ std::rotr(w2, s1[1]) ^ (w2 >> s1[2]);
    return w[t] += sigma0 + w[(t + 9) % 16] + sigma1;
  }
  [[gnu::always_inline]] static constexpr word big_endian(char const* p) noexcept {
    word made = 0;
    for (std::size_t i = 0; i < sizeof(word); ++i) made = made << 8 | static_cast<unsigned char>(p[i]);
    return made;
  }
  // x rotated by each of three distances, one after the other: no copies of x are kept.
  [[gnu::always_inline]] static constexpr word rotated(word x, int const (&by)[3]) noexcept {
    return std::rotr(std::rotr(std::rotr(x, by[2] - by[1]) ^ x, by[1] - by[0]) ^ x, by[0]);
  }
  // What is known first is added first: the next round waits for the last of these sums. Compilers would order them anew,
  // for which g++ pays 7 %, and 150 % with the vector instructions that it then finds in SHA-512.
  [[gnu::always_inline]] static constexpr void add(word& sum, word more) noexcept {
    sum += more;
#if defined(__GNUC__)
    if (!std::is_constant_evaluated()) asm("" : "+r"(sum));
#endif
  }
  [[gnu::always_inline]] static constexpr void round(word a, word b, word c, word& d, word e, word f, word g,
                                                     word& h, word kw) noexcept {
    add(h, kw);
    add(h, g ^ (e & (f ^ g)));
    h += rotated(e, Family::round1);
    d += h;
    auto const majority = ((a ^ b) & (b ^ c)) ^ b;  // a ^ b is the next round's b ^ c
    h += majority + rotated(a, Family::round0);
  }
};

}  // namespace countersign::inline v0::detail
