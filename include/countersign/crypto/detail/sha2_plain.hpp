#pragma once
// The compression function of SHA-2 in C++ for every processor, of either word size. No branch and no index depends on the
// data.

#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/sha2_rounds.hpp>
#include <countersign/crypto/detail/sha2_vector.hpp>
#include <countersign/crypto/detail/words.hpp>

#include <bit>
#include <cstddef>
#include <type_traits>

namespace countersign::inline v0::detail {

/// @tparam Family as for `sha2_rounds`; also the amounts of the message schedule's rotations
template <class Family>
struct sha2_plain {
  using word = typename Family::word;

  /// Takes `count` blocks of 16 words into `state` (FIPS 180-4 §6.2.2, §6.4.2).
  template <class State>
  static constexpr void compress(State& state, char const* blocks, std::size_t count) noexcept {
    if constexpr (sha2_vector<Family>::available)
      if (!std::is_constant_evaluated()) return sha2_vector<Family>::compress(state, blocks, count);
    word w[16] = {};  // the last words of the message schedule
    for (; count > 0; --count, blocks += 16 * sizeof(word)) {
      auto [a, b, c, d, e, f, g, h] = state.word;
      sha2_rounds<Family> now{a, b, c, d, e, f, g, h};
      auto const* k = Family::constants;
      now.sixteen([&](std::size_t i) {
        w[i] = load_word<word, std::endian::big>(blocks + sizeof(word) * i);
        return w[i] + k[i];
      });
      for (std::size_t t = 16; t < Family::rounds; t += 16) {
        k += 16;
        now.sixteen([&](std::size_t i) { return next(w, i) + k[i]; });
      }
      now.add_to(state);
    }
    wipe(w, sizeof w);
  }

private:
  // The word for a round whose number modulo 16 is i, made of those before.
  [[gnu::always_inline]] static constexpr word next(word (&w)[16], std::size_t i) noexcept {
    auto const w15 = w[(i + 1) % 16];
    auto const w2 = w[(i + 14) % 16];
    constexpr auto const& s0 = Family::schedule0;
    constexpr auto const& s1 = Family::schedule1;
    auto const sigma0 = std::rotr(w15, s0[0]) ^ std::rotr(w15, s0[1]) ^ (w15 >> s0[2]);
    auto const sigma1 = std::rotr(w2, s1[0]) ^ std::rotr(w2, s1[1]) ^ (w2 >> s1[2]);
    return w[i] += sigma0 + w[(i + 9) % 16] + sigma1;
  }
};

}  // namespace countersign::inline v0::detail
