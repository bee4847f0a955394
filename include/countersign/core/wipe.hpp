#pragma once
// Erasing bytes so that the optimiser can't leave it out, and comparing them without telling where they differ.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

/// Overwrites `size` bytes with zero, also where nothing reads them afterwards. Nothing in a constant expression, which
/// leaves nothing behind.
constexpr void wipe(void* bytes, std::size_t size) noexcept {
  if (std::is_constant_evaluated() || size == 0) return;
  std::memset(bytes, 0, size);
#if defined(__GNUC__)
  asm volatile("" : : "r"(bytes) : "memory");
#else
  for (volatile auto* at = static_cast<unsigned char volatile*>(bytes); size-- > 0; ++at) *at = 0;
#endif
}

/// Whether both hold the same bytes. The time taken depends on the sizes alone.
[[nodiscard]] inline bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  std::uint64_t difference = 0;
  for (std::size_t i = 0; i < a.size();) {
    std::uint64_t left = 0, right = 0;
    auto const size = a.size() - i < sizeof left ? a.size() - i : sizeof left;
    if (size == sizeof left) std::memcpy(&left, a.data() + i, sizeof left), std::memcpy(&right, b.data() + i, sizeof right);
    else std::memcpy(&left, a.data() + i, size), std::memcpy(&right, b.data() + i, size);
    difference |= left ^ right;
#if defined(__GNUC__)
    asm volatile("" : "+r"(difference));  // keeps the loop from stopping at the first difference
#endif
    i += size;
  }
  return difference == 0;
}

}  // namespace countersign::inline v0
