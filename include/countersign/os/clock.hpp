#pragma once
// The system's clocks.

#include <countersign/core/time.hpp>

#if defined(_WIN32)
#include <countersign/os/detail/windows.hpp>
#endif

#include <cstdint>
#include <time.h>

namespace countersign::inline v0::os {

#if defined(_WIN32)

/// Wall time, and the time since the machine started; the latter goes on while the machine sleeps and moves
/// in steps of 10 to 16 ms.
inline clocks read_clocks() noexcept {
  constexpr std::int64_t epoch = 11644473600000;  // ms from 1601 to 1970
  FILETIME t;
  GetSystemTimePreciseAsFileTime(&t);
  auto const ticks =
      static_cast<std::int64_t>((static_cast<std::uint64_t>(t.dwHighDateTime) << 32) | t.dwLowDateTime);
  return {{ticks / 10000 - epoch}, {static_cast<std::int64_t>(GetTickCount64())}};
}

#else

namespace detail {
inline bool read_clock(clockid_t which, std::int64_t& ms) noexcept {
  timespec t;
  if (::clock_gettime(which, &t) != 0) return false;
  ms = static_cast<std::int64_t>(t.tv_sec) * 1000 + t.tv_nsec / 1000000;
  return true;
}
}  // namespace detail

/// Wall time, and the time since the machine started; the latter goes on while the machine sleeps, where the
/// system can tell.
inline clocks read_clocks() noexcept {
  clocks now;
  detail::read_clock(CLOCK_REALTIME, now.wall.ms);
#if defined(CLOCK_BOOTTIME)
  if (detail::read_clock(CLOCK_BOOTTIME, now.boot.ms)) return now;
#endif
  detail::read_clock(CLOCK_MONOTONIC, now.boot.ms);
  return now;
}

#endif

/// Wall time in whole seconds, for a nanosecond; see `context::coarse_lag`.
inline wall_time read_coarse_clock() noexcept { return {static_cast<std::int64_t>(::time(nullptr)) * 1000}; }

}  // namespace countersign::inline v0::os
