#pragma once
// Several numbers in one, so that a change of any shows.

#include <cstdint>

namespace countersign::inline v0::detail {

/// Mixes numbers into one; their order counts. The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
template <class... Numbers>
[[nodiscard]] constexpr std::uint64_t mixed(Numbers... numbers) noexcept {
  std::uint64_t mix = 0;
  auto const add = [&mix](std::uint64_t number) {
    mix = (mix ^ number) + 0x9e3779b97f4a7c15u;
    mix = (mix ^ (mix >> 30)) * 0xbf58476d1ce4e5b9u;
    mix = (mix ^ (mix >> 27)) * 0x94d049bb133111ebu;
    mix ^= mix >> 31;
  };
  (add(static_cast<std::uint64_t>(numbers)), ...);
  return mix;
}

}  // namespace countersign::inline v0::detail
