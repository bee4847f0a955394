#pragma once
// A lock for a few instructions at a time, that survives fork().

#include <countersign/os/process_id.hpp>
#include <countersign/os/yield.hpp>

#include <cstdint>

namespace countersign::inline v0::os {

/// Holds the owner's process id. A child that was forked while another thread of its parent held the lock finds a
/// foreign id, takes the lock over, and is told so: what it guards may be half changed. std::mutex would hang there.
class word_lock {
public:
  /// True: taken over from another process, of which this one is a copy.
  [[nodiscard]] bool lock() noexcept {
    auto const mine = process_id();
    for (unsigned turn = 0;; ++turn) {
      std::uint32_t owner = 0;
      if (take(owner, mine)) return false;
      if (owner != mine && take(owner, mine)) return true;
      if (turn >= turns_before_yield) yield();
    }
  }
  /// For the one who holds it: the id of this process.
  [[nodiscard]] std::uint32_t owner() const noexcept { return __atomic_load_n(&owner_, __ATOMIC_RELAXED); }
  void unlock() noexcept { __atomic_store_n(&owner_, std::uint32_t{0}, __ATOMIC_RELEASE); }

private:
  static constexpr unsigned turns_before_yield = 64;

  bool take(std::uint32_t& expected, std::uint32_t mine) noexcept {
    return __atomic_compare_exchange_n(&owner_, &expected, mine, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
  }

  std::uint32_t owner_ = 0;
};

}  // namespace countersign::inline v0::os
