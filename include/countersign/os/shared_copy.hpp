#pragma once
// Copying bytes that another thread may be changing. What was read is used only after the caller has seen that nobody
// did; the copy itself must still be no data race, so it goes by atomic words, or on x86-64 by a function that the
// compiler does not see.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/wipe.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define COUNTERSIGN_DETAIL_TSAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define COUNTERSIGN_DETAIL_TSAN 1
#endif

namespace countersign::inline v0::detail {

/// Blocks and buffers are multiples of it: a copy moves whole steps, up to `shared_copy_step - 1` bytes too many.
inline constexpr std::size_t shared_copy_step = 64;

/// `out` has room for `size` rounded up to a step; `from` is aligned to 16 (malloc's) and as long.
inline void copy_shared(char* out, char const* from, std::size_t size) noexcept {
#if defined(__x86_64__) && !defined(COUNTERSIGN_DETAIL_TSAN)
  // Loads are not reordered with loads on x86, so the caller's check after the copy sees any change made during it.
  if (size - 1 < shared_copy_step) {  // 0 is not
    asm volatile("movdqu (%0), %%xmm0\n\tmovdqu 16(%0), %%xmm1\n\tmovdqu 32(%0), %%xmm2\n\tmovdqu 48(%0), %%xmm3\n\t"
                 "movdqu %%xmm0, (%1)\n\tmovdqu %%xmm1, 16(%1)\n\tmovdqu %%xmm2, 32(%1)\n\tmovdqu %%xmm3, 48(%1)"
                 : : "r"(from), "r"(out) : "xmm0", "xmm1", "xmm2", "xmm3", "memory");
    return;
  }
  void* (*copy)(void*, void const*, std::size_t) = std::memcpy;
  asm volatile("" : "+r"(copy) : : "memory");
  copy(out, from, size);
  asm volatile("" : : : "memory");
#else
  for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t)) {
    std::uint64_t const word =
        __atomic_load_n(reinterpret_cast<std::uint64_t const*>(from + at), __ATOMIC_ACQUIRE);
    std::memcpy(out + at, &word, sizeof word);
  }
#endif
}

/// The same bytes, of which the compiler knows nothing. Where g++ knows that they are few it copies and clears them by
/// `rep movsq`, which takes 10 ns to begin; a call of memcpy takes 2.
[[nodiscard]] inline std::string_view as_unknown(char* bytes, std::size_t size) noexcept {
#if defined(__GNUC__)
  asm("" : "+r"(bytes), "+r"(size));
#endif
  return text_at(bytes, size);
}

/// For the one writer. The last word is filled up with zeros.
inline void write_shared(char* to, char const* from, std::size_t size) noexcept {
  std::uint64_t word = 0;
  for (std::size_t at = 0; at < size; at += sizeof word) {
    word = 0;
    std::memcpy(&word, from + at, size - at < sizeof word ? size - at : sizeof word);
    __atomic_store_n(reinterpret_cast<std::uint64_t*>(to + at), word, __ATOMIC_RELEASE);
  }
  wipe(&word, sizeof word);  // the end of a token would stay on the stack
}

/// `size` is a multiple of the word.
inline void zero_shared(char* to, std::size_t size) noexcept {
  for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t))
    __atomic_store_n(reinterpret_cast<std::uint64_t*>(to + at), std::uint64_t{0}, __ATOMIC_RELEASE);
}

}  // namespace countersign::inline v0::detail
