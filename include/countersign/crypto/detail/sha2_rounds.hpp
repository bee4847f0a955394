#pragma once
// The rounds of SHA-2, of either word size. No branch and no index depends on the data.

#include <bit>
#include <cstddef>
#include <type_traits>

namespace countersign::inline v0::detail {

/// @tparam Family the names in which SHA-256 and SHA-512 differ (FIPS 180-4 §4.1, §4.2): `word`, `rounds`, `constants`, and
///   the amounts of the rotations
template <class Family>
struct sha2_rounds {
  using word = typename Family::word;

  /// The working variables.
  word a, b, c, d, e, f, g, h;

  /// Rounds t to t + 15, where t is a multiple of sixteen. `word_of(i)`, called in order, is the schedule's word for round
  /// t + i and its constant, added up.
  template <class WordOf>
  [[gnu::always_inline]] constexpr void sixteen(WordOf word_of) noexcept {
    // written out, so that every index is a constant
    round(a, b, c, d, e, f, g, h, word_of(0));
    round(h, a, b, c, d, e, f, g, word_of(1));
    round(g, h, a, b, c, d, e, f, word_of(2));
    round(f, g, h, a, b, c, d, e, word_of(3));
    round(e, f, g, h, a, b, c, d, word_of(4));
    round(d, e, f, g, h, a, b, c, word_of(5));
    round(c, d, e, f, g, h, a, b, word_of(6));
    round(b, c, d, e, f, g, h, a, word_of(7));
    round(a, b, c, d, e, f, g, h, word_of(8));
    round(h, a, b, c, d, e, f, g, word_of(9));
    round(g, h, a, b, c, d, e, f, word_of(10));
    round(f, g, h, a, b, c, d, e, word_of(11));
    round(e, f, g, h, a, b, c, d, word_of(12));
    round(d, e, f, g, h, a, b, c, word_of(13));
    round(c, d, e, f, g, h, a, b, word_of(14));
    round(b, c, d, e, f, g, h, a, word_of(15));
  }

  template <class State>
  [[gnu::always_inline]] constexpr void add_to(State& state) const noexcept {
    word const sums[8] = {a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state.word[i] += sums[i];
  }

private:
  [[gnu::always_inline]] static constexpr void round(word a, word b, word c, word& d, word e, word f, word g,
                                                     word& h, word kw) noexcept {
    constexpr auto const& r0 = Family::round0;
    constexpr auto const& r1 = Family::round1;
    // What is known first is added first: the next round waits for the last of these sums, and for `e` alone.
    add(h, kw);
    add(h, g ^ (e & (f ^ g)));
    h += std::rotr(e, r1[0]) ^ std::rotr(e, r1[1]) ^ std::rotr(e, r1[2]);
    d += h;
    auto const majority = ((a ^ b) & (b ^ c)) ^ b;  // a ^ b is the next round's b ^ c
    // One rotation after the other needs no copies of `a`. Nothing waits for it.
    h += majority + std::rotr(std::rotr(std::rotr(a, r0[2] - r0[1]) ^ a, r0[1] - r0[0]) ^ a, r0[0]);
  }
  // Compilers would order the sums anew, for which g++ pays 7 %.
  [[gnu::always_inline]] static constexpr void add(word& sum, word more) noexcept {
    sum += more;
#if defined(__GNUC__)
    if (!std::is_constant_evaluated()) asm("" : "+r"(sum));
#endif
  }
};

}  // namespace countersign::inline v0::detail
