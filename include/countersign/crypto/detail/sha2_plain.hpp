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
      auto [a, b, c, d, e, f, g, h] = state.word;
      for (std::size_t t = 0; t < Family::rounds; t += 16) {
        // written out, so that every index is a constant
        auto const* const k = Family::constants + t;
        bool const first = t == 0;
        round(a, b, c, d, e, f, g, h, k[0] + next(w, 0, first, blocks));
        round(h, a, b, c, d, e, f, g, k[1] + next(w, 1, first, blocks));
        round(g, h, a, b, c, d, e, f, k[2] + next(w, 2, first, blocks));
        round(f, g, h, a, b, c, d, e, k[3] + next(w, 3, first, blocks));
        round(e, f, g, h, a, b, c, d, k[4] + next(w, 4, first, blocks));
        round(d, e, f, g, h, a, b, c, k[5] + next(w, 5, first, blocks));
        round(c, d, e, f, g, h, a, b, k[6] + next(w, 6, first, blocks));
        round(b, c, d, e, f, g, h, a, k[7] + next(w, 7, first, blocks));
        round(a, b, c, d, e, f, g, h, k[8] + next(w, 8, first, blocks));
        round(h, a, b, c, d, e, f, g, k[9] + next(w, 9, first, blocks));
        round(g, h, a, b, c, d, e, f, k[10] + next(w, 10, first, blocks));
        round(f, g, h, a, b, c, d, e, k[11] + next(w, 11, first, blocks));
        round(e, f, g, h, a, b, c, d, k[12] + next(w, 12, first, blocks));
        round(d, e, f, g, h, a, b, c, k[13] + next(w, 13, first, blocks));
        round(c, d, e, f, g, h, a, b, k[14] + next(w, 14, first, blocks));
        round(b, c, d, e, f, g, h, a, k[15] + next(w, 15, first, blocks));
      }
      word const sums[8] = {a, b, c, d, e, f, g, h};
      for (std::size_t i = 0; i < 8; ++i) state.word[i] += sums[i];
    }
    if (!std::is_constant_evaluated()) wipe(w, sizeof w);
  }

private:
  // The word for a round whose number modulo 16 is t: of the block in the first sixteen rounds,
  // else made of those before.
  [[gnu::always_inline]] static constexpr word next(word (&w)[16], std::size_t t, bool first,
                                                    char const* block) noexcept {
    if (first) return w[t] = big_endian(block + sizeof(word) * t);
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
  [[gnu::always_inline]] static constexpr word rotated(word x, int const (&by)[3]) noexcept {
    return std::rotr(x, by[0]) ^ std::rotr(x, by[1]) ^ std::rotr(x, by[2]);
  }
  [[gnu::always_inline]] static constexpr void round(word a, word b, word c, word& d, word e, word f, word g,
                                                     word& h, word kw) noexcept {
    auto const choice = g ^ (e & (f ^ g));
    auto const majority = (a & b) | (c & (a | b));
    h += rotated(e, Family::round1) + choice + kw;
    d += h;
    h += rotated(a, Family::round0) + majority;
  }
};

}  // namespace countersign::inline v0::detail
