#pragma once
// Instants and spans in milliseconds. <chrono> costs more compile time than a header of one scheme may; its durations
// are taken as they are, by shape.

#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>
#include <utility>

namespace countersign::inline v0 {

/// A span of milliseconds. Built from any std::chrono duration, or by `seconds(…)`, `milliseconds(…)`.
struct duration {
  std::int64_t ms = 0;

  constexpr duration() = default;
  constexpr explicit duration(std::int64_t milliseconds) noexcept : ms(milliseconds) {}
  template <class Chrono>
    requires requires(Chrono d) {
      { d.count() } -> std::convertible_to<double>;
      Chrono::period::num;
      Chrono::period::den;
    }
  constexpr duration(Chrono d) noexcept : ms(in_milliseconds<Chrono>(d)) {}

  friend constexpr auto operator<=>(duration, duration) = default;

private:
  template <class Chrono>
  static constexpr std::int64_t in_milliseconds(Chrono d) noexcept {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    // One tick is `up / down` milliseconds, in lowest terms.
    constexpr std::int64_t shared = common_divisor(Chrono::period::num * 1000, Chrono::period::den);
    constexpr std::int64_t up = Chrono::period::num * 1000 / shared, down = Chrono::period::den / shared;
    auto const count = d.count();
    if constexpr (std::integral<decltype(d.count())>) {
      return scaled<up, down>(std::cmp_greater(count, most) ? most : static_cast<std::int64_t>(count));
    } else {
      auto const ms = static_cast<double>(count) * static_cast<double>(up) / static_cast<double>(down);
      if (ms >= 0x1p63) return most;
      if (ms <= -0x1p63) return -most;
      return ms == ms ? static_cast<std::int64_t>(ms) : 0;
    }
  }
  template <std::int64_t Up, std::int64_t Down>
  static constexpr std::int64_t scaled(std::int64_t count) noexcept {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    auto const whole = count / Down, rest = count % Down;
    if (whole > most / Up || (whole == most / Up && rest > 0)) return most;
    if (whole < -(most / Up) || (whole == -(most / Up) && rest < 0)) return -most;
    return whole * Up + rest * Up / Down;
  }
  static constexpr std::int64_t common_divisor(std::int64_t a, std::int64_t b) noexcept {
    return b == 0 ? a : common_divisor(b, a % b);
  }
};

[[nodiscard]] constexpr duration milliseconds(std::int64_t count) noexcept { return duration(count); }
[[nodiscard]] constexpr duration seconds(std::int64_t count) noexcept {
  constexpr auto most = std::numeric_limits<std::int64_t>::max() / 1000;
  return duration((count > most ? most : count < -most ? -most : count) * 1000);
}

namespace detail {
constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) noexcept {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  if (b > 0 && a > most - b) return most;
  if (b < 0 && a < least - b) return least;
  return a + b;
}
constexpr std::int64_t saturating_subtract(std::int64_t a, std::int64_t b) noexcept {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  if (b < 0 && a > most + b) return most;
  if (b > 0 && a < least + b) return least;
  return a - b;
}
}  // namespace detail

/// Milliseconds since 1970-01-01T00:00:00Z. Expiry is judged by it. Arithmetic saturates.
struct wall_time {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(wall_time, wall_time) = default;
  friend constexpr wall_time operator+(wall_time t, duration d) noexcept { return {detail::saturating_add(t.ms, d.ms)}; }
  friend constexpr wall_time operator-(wall_time t, duration d) noexcept { return {detail::saturating_subtract(t.ms, d.ms)}; }
};

/// Milliseconds since the machine started. Patience is judged by it: a wall clock that jumps must not end a wait.
struct boot_time {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(boot_time, boot_time) = default;
  friend constexpr boot_time operator+(boot_time t, duration d) noexcept { return {detail::saturating_add(t.ms, d.ms)}; }
};

inline constexpr wall_time never_expires{std::numeric_limits<std::int64_t>::max()};
inline constexpr boot_time no_deadline{std::numeric_limits<std::int64_t>::max()};

/// Both clocks, read together.
struct clocks {
  wall_time wall;
  boot_time boot;
};

}  // namespace countersign::inline v0
