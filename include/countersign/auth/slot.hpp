#pragma once
// Finished header bytes, read by many threads while one replaces them.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/os/shared_copy.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// What is cached, without the bytes. Generation 0: nothing.
struct standing {
  std::uint64_t generation = 0;
  wall_time due;         ///< from then on one caller renews
  wall_time expires;     ///< from then on callers wait
  std::size_t size = 0;  ///< bytes, where it is bytes

  /// Whether a server has refused it.
  [[nodiscard]] constexpr bool refused() const noexcept { return expires.ms == std::numeric_limits<std::int64_t>::min(); }
};

/// Two recycled blocks. Readers write nothing shared and register nowhere, so there is nothing to reclaim: a reader whose
/// block was recycled under it reads again. Blocks are freed by the destructor alone. One writer at a time (the
/// flight's leader). What is replaced is wiped at once; what is refused stays until then, since somebody may be reading it.
class slot {
public:
  slot() = default;
  /// Only while nobody uses either.
  slot(slot&& other) noexcept : current_(detail::exchanged(other.current_, 0)), outgrown_(detail::exchanged(other.outgrown_, nullptr)) {
    for (int i = 0; i < 2; ++i) blocks_[i] = detail::exchanged(other.blocks_[i], block());
  }
  slot& operator=(slot&&) = delete;
  ~slot() {
    for (auto& b : blocks_) {
      if (b.bytes == nullptr) continue;
      wipe(b.bytes, b.capacity);
      std::free(b.bytes);
    }
    while (outgrown_ != nullptr) std::free(detail::exchanged(outgrown_, *static_cast<void**>(outgrown_)));
  }

  [[nodiscard]] standing look() const noexcept {
    for (;;) {
      auto const generation = load(current_);
      if (generation == 0) return {};
      block const& b = blocks_[generation & 1];
      if (load(b.generation) != generation) continue;
      standing const seen{generation, {load(b.due)}, {load(b.expires)}, load(b.size)};
      if (load(b.generation) == generation) return seen;
    }
  }

  /// Copies the bytes to `out` if they fit, and returns how many there are; 0: nothing is cached.
  /// @param room a multiple of `detail::shared_copy_step`
  [[nodiscard]] std::size_t copy(char* out, std::size_t room, std::uint64_t& generation) const noexcept {
    for (;;) {
      auto const current = load(current_);
      if (current == 0) return 0;
      block const& b = blocks_[current & 1];
      if (load(b.generation) != current) continue;
      auto const size = load(b.size);
      if (size <= room) detail::copy_shared(out, load(b.bytes), size);
      if (load(b.generation) != current) {
        // What is copied next may be shorter, and the caller wipes no more than that.
        if (size <= room) wipe(out, (size + detail::shared_copy_step - 1) / detail::shared_copy_step * detail::shared_copy_step);
        continue;
      }
      generation = current;
      return size;
    }
  }

  /// False, and nothing changed, if there is no memory. For the one writer.
  [[nodiscard]] bool publish(std::string_view bytes, wall_time due, wall_time expires) noexcept {
    auto const generation = current_ + 1;
    block& b = blocks_[generation & 1];
    if (bytes.size() > b.capacity && !grow(b, bytes.size())) return false;
    store(b.generation, std::uint64_t{0});
    store(b.size, std::uint64_t{bytes.size()});
    store(b.due, due.ms);
    store(b.expires, expires.ms);
    detail::write_shared(b.bytes, bytes.data(), bytes.size());
    store(b.generation, generation);
    store(current_, generation);
    erase(blocks_[~generation & 1]);
    return true;
  }

  /// Marks that generation as expired; a newer one is left alone. May be called by any thread.
  void refuse(std::uint64_t generation) noexcept {
    block& b = blocks_[generation & 1];
    // Between the two checks a writer may recycle the block: then the mark hits a newer credential, which costs one
    // renewal too many and nothing else. The caller holds the flight's lease or the lock of the keeper to exclude it.
    if (load(current_) != generation || load(b.generation) != generation) return;
    store(b.due, std::numeric_limits<std::int64_t>::min());
    store(b.expires, std::numeric_limits<std::int64_t>::min());
  }

private:
  struct block {
    std::uint64_t generation = 0, size = 0;
    std::int64_t due = 0, expires = 0;
    char* bytes = nullptr;
    std::size_t capacity = 0;
  };

  template <class T>
  static T load(T const& shared) noexcept { return __atomic_load_n(&shared, __ATOMIC_ACQUIRE); }
  template <class T>
  static void store(T& shared, T value) noexcept { __atomic_store_n(&shared, value, __ATOMIC_RELEASE); }

  // A late reader may still look at the old memory, so it stays until the end, wiped.
  bool grow(block& b, std::size_t wanted) noexcept {
    auto const capacity = (wanted / detail::shared_copy_step + 1) * detail::shared_copy_step;
    auto* const grown = static_cast<char*>(std::calloc(1, capacity));
    if (grown == nullptr) return false;
    erase(b);
    if (b.bytes != nullptr && b.bytes != outgrown_) {  // equal: a fork() came between the steps below
      detail::write_shared(b.bytes, reinterpret_cast<char const*>(&outgrown_), sizeof outgrown_);
      outgrown_ = b.bytes;
    }
    store(b.bytes, grown);
    b.capacity = capacity;
    return true;
  }
  static void erase(block& b) noexcept {
    store(b.generation, std::uint64_t{0});
    if (b.bytes != nullptr) detail::zero_shared(b.bytes, b.capacity);
  }

  std::uint64_t current_ = 0;
  block blocks_[2];
  void* outgrown_ = nullptr;
};

}  // namespace countersign::inline v0
