// The C library's allocator under fake/heap.hpp's eyes. For one source file of an executable; needs glibc, or
// a sanitizer's hooks.
#include "fake/heap.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <malloc.h>
#include <string_view>

namespace fake::heap {

inline void look_at(void const* block, std::size_t size) noexcept {
  if (now.canary == nullptr || block == nullptr) return;
  auto* const canary = now.canary;
  now.canary = nullptr;  // what is called below may free
  if (::memmem(block, size, canary, now.canary_size) != nullptr) ++now.found;
  now.canary = canary;
}

inline bool refuses() noexcept {
  ++now.allocations;
  if (now.left < 0) return false;
  if (now.left > 0) return --now.left, false;
  if (now.once) now.left = -1;
  errno = ENOMEM;
  return true;
}

}  // namespace fake::heap

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTERSIGN_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COUNTERSIGN_TEST_SANITIZED 1
#endif
#endif

extern "C" {
#if defined(COUNTERSIGN_TEST_SANITIZED)
// More than any memory is refused as it is without a sanitizer.
char const* __asan_default_options() { return "allocator_may_return_null=1"; }
char const* __tsan_default_options() { return "allocator_may_return_null=1"; }
std::size_t __sanitizer_get_allocated_size(void const volatile* block);
void __sanitizer_free_hook(void const volatile* block) {
  if (block == nullptr || fake::heap::now.canary == nullptr) return;
  fake::heap::look_at(const_cast<void const*>(block), __sanitizer_get_allocated_size(block));
}
#else
void* __libc_malloc(std::size_t size) noexcept;
void* __libc_calloc(std::size_t count, std::size_t size) noexcept;
void* __libc_realloc(void* block, std::size_t size) noexcept;
void __libc_free(void* block) noexcept;

void* malloc(std::size_t size) noexcept { return fake::heap::refuses() ? nullptr : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) noexcept {
  return fake::heap::refuses() ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) noexcept {
  if (fake::heap::refuses()) return nullptr;
  if (block != nullptr) fake::heap::look_at(block, ::malloc_usable_size(block));
  return __libc_realloc(block, size);
}
void free(void* block) noexcept {
  if (block != nullptr) fake::heap::look_at(block, ::malloc_usable_size(block));
  __libc_free(block);
}
#endif
}
#undef COUNTERSIGN_TEST_SANITIZED
