#pragma once
// An instant as text: ISO 8601 in UTC, to the second.

#include <countersign/core/time.hpp>
#include <countersign/text/detail/calendar.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

namespace detail {
// Rounded down, before 1970 too.
constexpr std::int64_t whole_seconds(wall_time t) noexcept { return t.ms / 1000 - (t.ms % 1000 < 0 ? 1 : 0); }
}  // namespace detail

/// The first and the last instant that ISO 8601 writes with a year of four digits.
inline constexpr wall_time first_iso8601{-62167219200000};
inline constexpr wall_time last_iso8601{253402300799999};

/// What `encode_iso8601` writes at most.
inline constexpr std::size_t iso8601_size = sizeof "2026-11-23T02:14:06+00:00" - 1;

/// Writes "2026-11-23T02:14:06" and `zone`, which says UTC: "+00:00" as `date -Iseconds` does, or "Z". Returns the
/// end of it; `out` itself, and nothing written, where the year has no four digits.
constexpr char* encode_iso8601(char* out, wall_time t, std::string_view zone = "+00:00") noexcept {
  if (t < first_iso8601 || t > last_iso8601) return out;
  constexpr unsigned day_length = 86400;
  auto const seconds =
      static_cast<std::uint64_t>(detail::whole_seconds(t) - detail::whole_seconds(first_iso8601));
  auto const in_day = static_cast<unsigned>(seconds % day_length);
  auto const date = detail::civil_of(static_cast<unsigned>(seconds / day_length));
  auto const put = [&out](unsigned number, char after) {
    *out++ = static_cast<char>('0' + number / 10);
    *out++ = static_cast<char>('0' + number % 10);
    if (after != 0) *out++ = after;
  };
  put(date.year / 100, 0);
  put(date.year % 100, '-');
  put(date.month, '-');
  put(date.day, 'T');
  put(in_day / 3600, ':');
  put(in_day / 60 % 60, ':');
  put(in_day % 60, 0);
  for (char c : zone) *out++ = c;
  return out;
}

namespace detail {
// None waits for another.
constexpr void put_five_digits(char* out, unsigned number) noexcept {
  out[0] = static_cast<char>('0' + number / 10'000);
  out[1] = static_cast<char>('0' + number / 1'000 % 10);
  out[2] = static_cast<char>('0' + number / 100 % 10);
  out[3] = static_cast<char>('0' + number / 10 % 10);
  out[4] = static_cast<char>('0' + number % 10);
}
}  // namespace detail

/// What `encode_unix_seconds` writes at most.
inline constexpr std::size_t unix_seconds_size = 20;

namespace detail {
constexpr char* encode_seconds(char* out, std::int64_t seconds) noexcept {
  auto rest = seconds < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(seconds)
                          : static_cast<std::uint64_t>(seconds);
  if (seconds < 0) *out++ = '-';
  if (rest >= 1'000'000'000 && rest < 10'000'000'000) {  // until the year 2286
    put_five_digits(out, static_cast<unsigned>(rest / 100'000));
    put_five_digits(out + 5, static_cast<unsigned>(rest % 100'000));
    return out + 10;
  }
  char digits[unix_seconds_size] = {};
  std::size_t at = sizeof digits;
  do digits[--at] = static_cast<char>('0' + rest % 10);
  while ((rest /= 10) != 0);
  while (at < sizeof digits) *out++ = digits[at++];
  return out;
}
}  // namespace detail

/// Writes the seconds since 1970 in decimal digits; returns the end.
constexpr char* encode_unix_seconds(char* out, wall_time t) noexcept {
  return detail::encode_seconds(out, detail::whole_seconds(t));
}

}  // namespace countersign::inline v0
