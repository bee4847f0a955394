#pragma once
// Random bytes by the hundred: a call of the system costs more than a signature's other work.

#include <countersign/os/entropy.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace countersign::inline v0::os {

/// Hands out the system's bytes, each once, and forgets it. In a child of fork() it is empty: the bytes are on a page that
/// the kernel clears there, so that parent and child never hand out the same ones. Where the kernel can't do that (Linux
/// before 4.14, other systems) each request goes to the system. Any number of threads; whoever finds it in use by another
/// asks the system and waits for nobody. The page is asked for by the first request; 4 KiB.
class entropy_pool {
public:
  /// Bytes that are asked for at once; requests of more than a quarter go to the system.
  static constexpr std::size_t batch = 1024;

  entropy_pool() = default;
  /// Only while nobody uses either.
  entropy_pool(entropy_pool&& other) noexcept : page_(std::exchange(other.page_, nullptr)) {}
  entropy_pool& operator=(entropy_pool&&) = delete;
  ~entropy_pool() { release(page_); }

  /// False if the system has none to give.
  [[nodiscard]] bool read(void* to, std::size_t size) noexcept {
    auto* const page = size <= batch / 4 ? ready() : nullptr;
    if (page == nullptr || __atomic_test_and_set(&page->busy, __ATOMIC_ACQUIRE))
      return read_entropy(to, size);
    bool done = page->left >= size || fill(*page);
    if (done) {
      page->left -= size;
      std::memcpy(to, page->bytes + page->left, size);
      std::memset(page->bytes + page->left, 0, size);
    }
    __atomic_clear(&page->busy, __ATOMIC_RELEASE);
    return done;
  }

private:
  struct shared_page {
    bool busy;
    std::size_t left;  // bytes that nobody was given, at the front
    unsigned char bytes[batch];
  };

  static bool fill(shared_page& page) noexcept {
    page.left = 0;
    if (!read_entropy(page.bytes, sizeof page.bytes)) return false;
    page.left = sizeof page.bytes;
    return true;
  }
  [[nodiscard]] shared_page* ready() noexcept {
    auto* const page = __atomic_load_n(&page_, __ATOMIC_ACQUIRE);
    return page != nullptr ? page : make();
  }

#if defined(__linux__) && defined(MADV_WIPEONFORK)
  [[gnu::noinline]] shared_page* make() noexcept {
    auto* const made =
        ::mmap(nullptr, sizeof(shared_page), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) return nullptr;
    auto* page = static_cast<shared_page*>(made);
    if (::madvise(made, sizeof(shared_page), MADV_WIPEONFORK) != 0) return release(page), nullptr;
    shared_page* none = nullptr;  // unless another thread was first
    if (__atomic_compare_exchange_n(&page_, &none, page, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      return page;
    release(page);
    return none;
  }
  static void release(shared_page* page) noexcept {
    if (page == nullptr) return;
    std::memset(page->bytes, 0, sizeof page->bytes);
    ::munmap(page, sizeof *page);
  }
#else
  static shared_page* make() noexcept { return nullptr; }
  static void release(shared_page*) noexcept {}
#endif

  shared_page* page_ = nullptr;
};

}  // namespace countersign::inline v0::os
