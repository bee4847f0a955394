#pragma once
// How often memory was asked for, by malloc, operator new and their like, on all threads.

#include <cstdint>

namespace table {

/// Starts at 0, or stops.
void count_allocations(bool on) noexcept;
/// -1 where they can't be counted.
[[nodiscard]] std::int64_t allocations() noexcept;

}  // namespace table
