#pragma once
// Instants as HTTP writes them (RFC 9110 §5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT", and the two older forms.

#include <countersign/core/time.hpp>
#include <countersign/text/rfc3339.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign::inline v0 {

namespace detail {

struct http_date_reader : instant_reader {
  // The place of the next word in a list of words of three letters, from 1.
  constexpr std::int64_t word(std::string_view words) noexcept {
    auto const front = rest.substr(0, 3);
    auto const at = front.size() == 3 ? words.find(front) : std::string_view::npos;
    ok = ok && at != std::string_view::npos && at % 3 == 0;
    if (!ok) return 1;
    rest.remove_prefix(3);
    return static_cast<std::int64_t>(at / 3) + 1;
  }
  constexpr void text(std::string_view expected) noexcept {
    ok = ok && rest.starts_with(expected);
    if (ok) rest.remove_prefix(expected.size());
  }
};

inline constexpr std::string_view http_days = "MonTueWedThuFriSatSun";
inline constexpr std::string_view http_months = "JanFebMarAprMayJunJulAugSepOctNovDec";

}  // namespace detail

/// The instant, of any of the three forms that a recipient must take. A year of two digits is the one that
/// is at most 50 years after `now`. The day of the week is read and not compared. Empty for anything else.
[[nodiscard]] constexpr std::optional<wall_time> parse_http_date(std::string_view text,
                                                                 wall_time now) noexcept {
  detail::http_date_reader in{{text}};
  std::int64_t year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  auto const time = [&] {
    hour = in.digits(2, 0, 23);
    in.skip(":");
    minute = in.digits(2, 0, 59);
    in.skip(":");
    second = in.digits(2, 0, 60);
  };
  in.word(detail::http_days);
  if (in.next_is(" ")) {  // asctime: "Sun Nov  6 08:49:37 1994"
    in.skip(" ");
    month = in.word(detail::http_months);
    in.skip(" ");
    if (in.next_is(" ")) in.skip(" "), day = in.digits(1, 1, 9);
    else day = in.digits(2, 1, 31);
    in.skip(" ");
    time();
    in.skip(" ");
    year = in.digits(4, 0, 9999);
  } else {
    bool const old = !in.next_is(",");  // RFC 850: "Sunday, 06-Nov-94 08:49:37 GMT"
    if (old) {
      for (std::string_view const tail : {"day", "sday", "nesday", "rsday", "urday"})
        if (in.rest.starts_with(tail) && in.rest.substr(tail.size()).starts_with(',')) {
          in.rest.remove_prefix(tail.size());
          break;
        }
    }
    in.text(", ");
    std::string_view const between = old ? "-" : " ";
    day = in.digits(2, 1, 31);
    in.skip(between);
    month = in.word(detail::http_months);
    in.skip(between);
    year = in.digits(old ? 2 : 4, 0, 9999);
    in.skip(" ");
    time();
    in.text(" GMT");
    if (old) {
      constexpr std::int64_t year_length = 31'556'952'000;  // ms, of the Gregorian calendar on average
      auto const this_year = 1970 + now.ms / year_length;
      year += this_year / 100 * 100;
      if (year > this_year + 50) year -= 100;
    }
  }
  if (!in.ok || !in.rest.empty() || day > detail::days_in(year, month)) return std::nullopt;
  auto const minutes = (detail::days_to(year, month, day) * 24 + hour) * 60 + minute;
  return wall_time{(minutes * 60 + second) * 1000};
}

}  // namespace countersign::inline v0
