#pragma once
// Words that threads share without a lock. Each is read and written for itself; a version around several of them tells a
// reader whether they belong together. A writer claims the version first: then it is odd, and readers read again.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

using shared_word = std::uint64_t;

/// Turns in which any writer that still lives is done.
inline constexpr unsigned shared_patience = 1000;

template <class T>
[[nodiscard]] T load_shared(T const& from) noexcept {
  return __atomic_load_n(&from, __ATOMIC_ACQUIRE);
}
template <class T>
void store_shared(T& to, T value) noexcept {
  __atomic_store_n(&to, value, __ATOMIC_RELEASE);
}
/// False, and `expected` is what is there, if that is something else.
template <class T>
[[nodiscard]] bool exchange_shared(T& to, T& expected, T value) noexcept {
  return __atomic_compare_exchange_n(&to, &expected, value, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/// Writes `size` bytes, and up to seven more, to where they have room.
inline void load_shared_text(char* to, shared_word const* from, std::size_t size) noexcept {
  for (std::size_t at = 0; at < size; at += sizeof(shared_word)) {
    auto const part = load_shared(*from++);
    std::memcpy(to + at, &part, sizeof part);
  }
}
inline void store_shared_text(shared_word* to, std::string_view text) noexcept {
  while (!text.empty()) {
    shared_word part = 0;
    auto const piece = text.substr(0, sizeof part);
    std::memcpy(&part, piece.data(), piece.size());
    store_shared(*to++, part);
    text.remove_prefix(piece.size());
  }
}

/// Makes the version odd, unless somebody writes: then 0, and nothing is changed. Else what `end_write` wants.
[[nodiscard]] inline shared_word try_claim_for_write(shared_word& version) noexcept {
  auto there = load_shared(version);
  return (there & 1) == 0 && exchange_shared(version, there, there + 1) ? there + 1 : 0;
}
/// Waits until nobody writes, and makes the version odd. Returns what `end_write` wants.
[[nodiscard]] inline shared_word claim_for_write(shared_word& version) noexcept {
  auto there = load_shared(version);
  for (unsigned turn = 0;; ++turn) {
    // An odd version that never ends was left by a process of which this one is a copy.
    bool const idle = (there & 1) == 0;
    auto const mine = there + (idle ? 1 : 2);
    if ((idle || turn >= shared_patience) && exchange_shared(version, there, mine)) return mine;
    if (!idle) there = load_shared(version);
  }
}
/// Unless it was taken from us: then whoever did so says when all is whole.
inline void end_write(shared_word& version, shared_word mine) noexcept {
  static_cast<void>(exchange_shared(version, mine, mine + 1));
}

}  // namespace countersign::inline v0::detail
