#pragma once
// How long a server asks to be left alone (RFC 9110 §10.2.3).

#include <countersign/core/head.hpp>
#include <countersign/core/time.hpp>
#include <countersign/text/http_date.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign::inline v0 {

/// What is waited at most, whatever a server says: a wrong clock or a slip of a zero must not end a
/// program's day.
inline constexpr duration max_retry_after = seconds(300);

/// Reads the value of Retry-After: seconds, or a date. Capped at `max_retry_after`; a date that is over is
/// no wait at all. Empty for what is neither: a negative number, a fraction, anything else.
[[nodiscard]] constexpr std::optional<duration> parse_retry_after(std::string_view value,
                                                                  wall_time now) noexcept {
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    std::int64_t count = 0;
    for (char const c : value)
      if (count <= max_retry_after.ms) count = count * 10 + (c - '0');
    auto const asked = seconds(count);
    return asked < max_retry_after ? asked : max_retry_after;
  }
  auto const until = parse_http_date(value, now);
  if (!until) return std::nullopt;
  if (*until <= now) return duration();
  auto const left = duration((*until - duration(now.ms)).ms);
  return left < max_retry_after ? left : max_retry_after;
}

/// The same of a response's head; empty if it says nothing that can be read.
[[nodiscard]] inline std::optional<duration> retry_after(response_head const& head, wall_time now) {
  auto const value = head.get("Retry-After");
  return value ? parse_retry_after(*value, now) : std::nullopt;
}

}  // namespace countersign::inline v0
