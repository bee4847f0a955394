// Counts what a row allocates, in whichever library: malloc and its like are replaced for the whole program, and
// operator new of libstdc++ calls malloc, so that each allocation counts once. Elsewhere than with glibc nothing is
// counted, and the table says "?".

#include "allocations.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

namespace {
std::atomic<bool> counting{false};
std::atomic<std::int64_t> counted{0};
}  // namespace

namespace table {

void count_allocations(bool on) noexcept {
  if (on) counted.store(0, std::memory_order_relaxed);
  counting.store(on, std::memory_order_relaxed);
}

#if defined(__GLIBC__)

std::int64_t allocations() noexcept { return counted.load(std::memory_order_relaxed); }

}  // namespace table

namespace {
// A load and a branch when nothing is counted: what is timed does not feel it.
inline void count() noexcept {
  if (counting.load(std::memory_order_relaxed)) [[unlikely]]
    counted.fetch_add(1, std::memory_order_relaxed);
}
}  // namespace

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) noexcept {
  count();
  return __libc_malloc(size);
}
void* calloc(std::size_t items, std::size_t size) noexcept {
  count();
  return __libc_calloc(items, size);
}
void* realloc(void* block, std::size_t size) noexcept {
  count();
  return __libc_realloc(block, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  count();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  count();
  void* const got = __libc_memalign(alignment, size);
  if (got == nullptr) return ENOMEM;
  *block = got;
  return 0;
}
}

#else

std::int64_t allocations() noexcept { return -1; }

}  // namespace table

#endif
