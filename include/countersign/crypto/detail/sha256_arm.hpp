#pragma once
// SHA-256's compression function with the SHA2 instructions of ARMv8, in a translation unit built
// for any ARMv8. Assembly, because the builtins' names differ between compilers, and <arm_neon.h>
// is long.

#if defined(__GNUC__) && defined(__aarch64__) && !defined(__AARCH64EB__)

#include <countersign/crypto/detail/sha256_state.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__linux__) && !defined(__ARM_FEATURE_SHA2)
#include <sys/auxv.h>
#endif

namespace countersign::inline v0::detail {

struct sha256_native : sha256_ending<sha256_native> {
  [[nodiscard]] static bool available() noexcept {
#if defined(__ARM_FEATURE_SHA2) || defined(__APPLE__)
    return true;
#elif defined(__linux__)
    constexpr unsigned long sha2 = 1UL << 6;  // HWCAP_SHA2
    return (getauxval(AT_HWCAP) & sha2) != 0;
#else
    return false;
#endif
  }

  /// Takes `count` blocks of 64 bytes into `state`. Only where `available()`.
  [[gnu::noinline]] static void compress(sha256_state& state, char const* blocks,
                                         std::size_t count) noexcept {
    words abcd = load(state.word);
    words efgh = load(state.word + 4);
    for (; count > 0; --count, blocks += 64) {
      words const abcd_before = abcd;
      words const efgh_before = efgh;
      words w0 = load_big_endian(blocks);
      words w1 = load_big_endian(blocks + 16);
      words w2 = load_big_endian(blocks + 32);
      words w3 = load_big_endian(blocks + 48);
      auto const* k = sha256_constants;
      for (int sixteen = 0; sixteen < 3; ++sixteen, k += 16) {
        four_rounds(abcd, efgh, w0, k);
        schedule(w0, w1, w2, w3);
        four_rounds(abcd, efgh, w1, k + 4);
        schedule(w1, w2, w3, w0);
        four_rounds(abcd, efgh, w2, k + 8);
        schedule(w2, w3, w0, w1);
        four_rounds(abcd, efgh, w3, k + 12);
        schedule(w3, w0, w1, w2);
      }
      four_rounds(abcd, efgh, w0, k);
      four_rounds(abcd, efgh, w1, k + 4);
      four_rounds(abcd, efgh, w2, k + 8);
      four_rounds(abcd, efgh, w3, k + 12);
      abcd += abcd_before;
      efgh += efgh_before;
    }
    std::memcpy(state.word, &abcd, sizeof abcd);
    std::memcpy(state.word + 4, &efgh, sizeof efgh);
  }

private:
  using words [[gnu::vector_size(16)]] = std::uint32_t;
  using bytes [[gnu::vector_size(16)]] = unsigned char;

  static words load(void const* from) noexcept {
    words value;
    std::memcpy(&value, from, sizeof value);
    return value;
  }
  static words load_big_endian(char const* from) noexcept {
    auto const value = bytes(load(from));
    return words(__builtin_shufflevector(value, value, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
  }
  static void four_rounds(words& abcd, words& efgh, words w, std::uint32_t const* k) noexcept {
    words const kw = w + load(k);
    words const abcd_before = abcd;
    asm(".arch_extension sha2\n\tsha256h %q0, %q1, %2.4s" : "+w"(abcd) : "w"(efgh), "w"(kw));
    asm(".arch_extension sha2\n\tsha256h2 %q0, %q1, %2.4s" : "+w"(efgh) : "w"(abcd_before), "w"(kw));
  }
  // Turns w0 into the four words that come 16 later.
  static void schedule(words& w0, words w1, words w2, words w3) noexcept {
    asm(".arch_extension sha2\n\tsha256su0 %0.4s, %1.4s" : "+w"(w0) : "w"(w1));
    asm(".arch_extension sha2\n\tsha256su1 %0.4s, %1.4s, %2.4s" : "+w"(w0) : "w"(w2), "w"(w3));
  }
};

}  // namespace countersign::inline v0::detail

#endif
