#pragma once
// SHA-512's compression function in plain C++. No branch and no index depends on the data.

#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/sha512_state.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace countersign::inline v0::detail {

struct sha512_plain {
  /// Takes `count` blocks of 128 bytes into `state` (FIPS 180-4 §6.4.2).
  static constexpr void compress(sha512_state& state, char const* blocks, std::size_t count) noexcept {
    std::uint64_t w[16] = {};  // the last words of the message schedule
    for (; count > 0; --count, blocks += sha512_block_size) {
      auto [a, b, c, d, e, f, g, h] = state.word;
      for (std::size_t t = 0; t < 80; t += 16) {
        // written out, so that every index is a constant
        auto const* const k = sha512_constants + t;
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
      std::uint64_t const sums[8] = {a, b, c, d, e, f, g, h};
      for (std::size_t i = 0; i < 8; ++i) state.word[i] += sums[i];
    }
    if (!std::is_constant_evaluated()) wipe(w, sizeof w);
  }

private:
  // The word for a round whose number modulo 16 is t: of the block in the first sixteen rounds,
  // else made of those before.
  [[gnu::always_inline]] static constexpr std::uint64_t next(std::uint64_t (&w)[16], std::size_t t,
                                                             bool first, char const* block) noexcept {
    if (first) return w[t] = big_endian(block + 8 * t);
    auto const w15 = w[(t + 1) % 16];
    auto const w2 = w[(t + 14) % 16];
    auto const sigma0 = std::rotr(w15, 1) ^ std::rotr(w15, 8) ^ (w15 >> 7);
    auto const sigma1 = std::rotr(w2, 19) ^ std::rotr(w2, 61) ^ (w2 >> 6);
    return w[t] += sigma0 + w[(t + 9) % 16] + sigma1;
  }
  static constexpr std::uint64_t big_endian(char const* p) noexcept {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) word = word << 8 | static_cast<unsigned char>(p[i]);
    return word;
  }
  [[gnu::always_inline]] static constexpr void round(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                                     std::uint64_t& d, std::uint64_t e, std::uint64_t f,
                                                     std::uint64_t g, std::uint64_t& h,
                                                     std::uint64_t kw) noexcept {
    auto const sum1 = std::rotr(e, 14) ^ std::rotr(e, 18) ^ std::rotr(e, 41);
    auto const choice = g ^ (e & (f ^ g));
    auto const sum0 = std::rotr(a, 28) ^ std::rotr(a, 34) ^ std::rotr(a, 39);
    auto const majority = (a & b) | (c & (a | b));
    h += sum1 + choice + kw;
    d += h;
    h += sum0 + majority;
  }
};

}  // namespace countersign::inline v0::detail
