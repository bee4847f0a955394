#pragma once
// Instants as RFC 3339 writes them: "2026-11-23T02:24:23Z".

#include <countersign/core/time.hpp>
#include <countersign/text/detail/calendar.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign::inline v0 {

namespace detail {

// Takes a text apart from its front. What does not fit makes `ok` false, and it stays so.
struct instant_reader {
  std::string_view rest;
  bool ok = true;

  [[nodiscard]] constexpr bool next_is(std::string_view any) const noexcept {
    return !rest.empty() && any.find(rest.front()) != std::string_view::npos;
  }
  constexpr void skip(std::string_view any) noexcept {
    ok = ok && next_is(any);
    if (ok) rest.remove_prefix(1);
  }
  constexpr std::int64_t digits(std::size_t count, std::int64_t least, std::int64_t most) noexcept {
    std::int64_t value = 0;
    for (; count > 0; --count) {
      auto const digit = rest.empty() ? '-' : rest.front();
      skip("0123456789");
      if (!ok) return least;
      value = value * 10 + (digit - '0');
    }
    ok = value >= least && value <= most;
    return value;
  }
};

}  // namespace detail

/// RFC 3339 §5.6: date, time to the second or finer, and offset; years 0000 to 9999. A leap second is the
/// next second's begin, what is finer than a millisecond is cut off. Empty for anything else.
[[nodiscard]] constexpr std::optional<wall_time> parse_rfc3339(std::string_view text) noexcept {
  detail::instant_reader in{text};
  auto const year = in.digits(4, 0, 9999);
  in.skip("-");
  auto const month = in.digits(2, 1, 12);
  in.skip("-");
  auto const day = in.digits(2, 1, detail::days_in(year, month));
  in.skip("Tt ");
  auto const hour = in.digits(2, 0, 23);
  in.skip(":");
  auto const minute = in.digits(2, 0, 59);
  in.skip(":");
  auto const second = in.digits(2, 0, 60);
  std::int64_t ms = 0;
  if (in.ok && in.next_is(".")) {
    in.skip(".");
    std::int64_t weight = 100;
    do {
      ms += in.digits(1, 0, 9) * weight;
      weight /= 10;
    } while (in.ok && in.next_is("0123456789"));
  }
  std::int64_t offset = 0;
  if (in.next_is("Zz")) {
    in.skip("Zz");
  } else {
    bool const behind = in.next_is("-");
    in.skip("+-");
    offset = in.digits(2, 0, 23) * 60;
    in.skip(":");
    offset += in.digits(2, 0, 59);
    if (behind) offset = -offset;
  }
  if (!in.ok || !in.rest.empty()) return std::nullopt;
  auto const minutes = (detail::days_to(year, month, day) * 24 + hour) * 60 + minute - offset;
  return wall_time{(minutes * 60 + second) * 1000 + ms};
}

}  // namespace countersign::inline v0
