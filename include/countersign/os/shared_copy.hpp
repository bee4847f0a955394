#pragma once
// Copying bytes that another thread may be changing. What was read is used only after the caller has seen that nobody
// did; the copy itself must still be no data race, so it goes by atomic words, or on x86-64 by instructions that the
// language does not see.

#include <cstddef>
#include <cstdint>
#include <cstring>

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
  auto const* const end = from + size;
  // Loads are not reordered with loads on x86, so the caller's check after the copy sees any change made during it.
  for (; from < end; from += 16, out += 16)
    asm volatile("movdqu (%0), %%xmm0\n\tmovdqu %%xmm0, (%1)" : : "r"(from), "r"(out) : "xmm0", "memory");
#else
  for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t)) {
    std::uint64_t const word =
        __atomic_load_n(reinterpret_cast<std::uint64_t const*>(from + at), __ATOMIC_ACQUIRE);
    std::memcpy(out + at, &word, sizeof word);
  }
#endif
}

/// For the one writer. The last word is filled up with zeros.
inline void write_shared(char* to, char const* from, std::size_t size) noexcept {
  for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + at, size - at < sizeof word ? size - at : sizeof word);
    __atomic_store_n(reinterpret_cast<std::uint64_t*>(to + at), word, __ATOMIC_RELEASE);
  }
}

/// `size` is a multiple of the word.
inline void zero_shared(char* to, std::size_t size) noexcept {
  for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t))
    __atomic_store_n(reinterpret_cast<std::uint64_t*>(to + at), std::uint64_t{0}, __ATOMIC_RELEASE);
}

}  // namespace countersign::inline v0::detail
