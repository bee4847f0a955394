#pragma once
// What happens on the heap: how often memory is taken, whether a freed block still holds a secret, and what
// the code does when there is none. One source file of the executable includes fake/heap_hooks.hpp.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

namespace fake::heap {

// Plain data: the hooks run where nothing may be allocated or initialised.
struct state {
  long allocations = 0;
  long left = -1;     // allocations that succeed before the next fails; negative: none fails
  bool once = false;  // that one fails alone; else all from then on
  char const* canary = nullptr;
  std::size_t canary_size = 0;
  long found = 0;
};
inline constinit thread_local state now = {};

/// Compilers know that malloc and free touch no variable of the program. Here they do.
inline void barrier() { asm volatile("" : : : "memory"); }

/// False under a sanitizer or Valgrind, which have allocators of their own: nothing is counted, and nothing
/// fails.
inline bool const is_ours = [] {
  auto const before = now.allocations;
  void* volatile block = std::malloc(1);
  std::free(block);
  barrier();
  return now.allocations != before;
}();

/// Whether freed blocks are looked at: not under Valgrind.
inline bool const is_watching = [] {
  now = {.canary = "is anybody there", .canary_size = 16};
  char* volatile block = static_cast<char*>(std::malloc(16));
  if (block != nullptr) std::memcpy(block, now.canary, 16);
  barrier();
  std::free(block);
  barrier();
  return std::exchange(now, {}).found > 0;
}();

/// How often this thread took memory since it was made.
class counter {
public:
  long count() const {
    barrier();
    return now.allocations - before_;
  }

private:
  long before_ = now.allocations;
};

/// As long as it lives, this thread gets `successes` blocks and no more. Ask nothing of Boost.Test meanwhile.
class exhausted {
public:
  explicit exhausted(long successes = 0) {
    now.left = successes;
    barrier();
  }
  ~exhausted() {
    now.left = -1;
    barrier();
  }
  exhausted(exhausted const&) = delete;
  exhausted& operator=(exhausted const&) = delete;
};

/// As long as it lives, this thread is refused one block, after `successes` that it gets. Finds a failure that
/// a later one would hide.
class refused_once {
public:
  explicit refused_once(long successes) {
    now.left = successes, now.once = true;
    barrier();
  }
  ~refused_once() {
    now.left = -1, now.once = false;
    barrier();
  }
  refused_once(refused_once const&) = delete;
  refused_once& operator=(refused_once const&) = delete;
};

/// Counts the blocks that hold `canary` at the moment this thread frees them. Choose bytes that occur nowhere
/// else.
class watch {
public:
  explicit watch(std::string_view canary) {
    now.found = 0;
    now.canary_size = canary.size();
    now.canary = canary.data();
    barrier();
  }
  ~watch() {
    now.canary = nullptr;
    barrier();
  }
  watch(watch const&) = delete;
  watch& operator=(watch const&) = delete;
  long found() const {
    barrier();
    return now.found;
  }
};

}  // namespace fake::heap
