#pragma once
// Which instructions the processor has beyond those of any x86-64. The compiler's __builtin_cpu_supports knows it too, and
// brings 4.5 KB into each program that asks.

#if defined(__GNUC__) && defined(__x86_64__)

#include <cpuid.h>

namespace countersign::inline v0::detail {

enum class instructions : unsigned char {
  known = 1,  // that it was asked
  ssse3 = 2,
  avx2 = 4,
  avx512_vbmi = 8,  // with AVX-512 F, BW and VBMI
  sha = 16,         // with SSSE3 and SSE4.1
};

/// Asking costs a microsecond under a hypervisor, so it is done once. Two threads that ask at once write the same answer.
inline unsigned char processor_answer = 0;

[[gnu::cold, gnu::noinline]] inline unsigned char ask_processor() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0;
  auto const bit = [](unsigned word, int at) { return (word >> at & 1) != 0; };
  unsigned answer = static_cast<unsigned>(instructions::known);
  auto const has = [&answer](instructions what) { answer |= static_cast<unsigned>(what); };
  if (__get_cpuid(1, &a, &b, &c, &d) != 0) {
    bool const ssse3 = bit(c, 9), sse41 = bit(c, 19);
    // The system must save the wider registers: 2 and 4 for those of AVX, the next three for those of AVX-512.
    unsigned saved = 0, high = 0;
    if (bit(c, 27)) asm("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
    if (ssse3) has(instructions::ssse3);
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) != 0) {
      if ((saved & 0x06) == 0x06 && bit(b, 5)) has(instructions::avx2);
      if ((saved & 0xe6) == 0xe6 && bit(b, 16) && bit(b, 30) && bit(c, 1)) has(instructions::avx512_vbmi);
      if (ssse3 && sse41 && bit(b, 29)) has(instructions::sha);
    }
  }
  __atomic_store_n(&processor_answer, static_cast<unsigned char>(answer), __ATOMIC_RELAXED);
  return static_cast<unsigned char>(answer);
}

[[nodiscard]] inline bool processor_has(instructions what) noexcept {
  auto const answer = __atomic_load_n(&processor_answer, __ATOMIC_RELAXED);
  return ((answer != 0 ? answer : ask_processor()) & static_cast<unsigned>(what)) != 0;
}

}  // namespace countersign::inline v0::detail

#endif
