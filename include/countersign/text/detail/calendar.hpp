#pragma once
// The Gregorian calendar, from days to dates and back. Years are counted from March, so that the leap day is the last of
// its year.

#include <cstdint>

namespace countersign::inline v0::detail {

// Days from 1970-01-01.
constexpr std::int64_t days_to(std::int64_t year, std::int64_t month, std::int64_t day) noexcept {
  auto const before = month <= 2 ? year - 1 : year, since_march = month <= 2 ? month + 9 : month - 3;
  // 400 more years keep what is divided from being negative; 146,097 days are as many years.
  auto const y = before + 400;
  return y * 365 + y / 4 - y / 100 + y / 400 + (153 * since_march + 2) / 5 + day - 1 - 719'468 - 146'097;
}

constexpr std::int64_t days_in(std::int64_t year, std::int64_t month) noexcept {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

struct civil_day {
  unsigned year, month, day;  // month and day from 1
};
// From days since 0000-01-01.
constexpr civil_day civil_of(unsigned days) noexcept {
  constexpr unsigned days_in_era = 146097;       // of 400 years
  constexpr unsigned january_and_february = 60;  // of the year 0, which is a leap year
  days += days_in_era - january_and_february;    // since March of the year -400
  auto const era = days / days_in_era, in_era = days % days_in_era;
  auto const year = (in_era - in_era / 1460 + in_era / 36524 - in_era / (days_in_era - 1)) / 365;
  auto const in_year = in_era - (365 * year + year / 4 - year / 100);
  auto const month = (5 * in_year + 2) / 153;  // 0 is March
  auto const day = in_year - (153 * month + 2) / 5 + 1;
  return {year + era * 400 + (month >= 10 ? 1 : 0) - 400, month < 10 ? month + 3 : month - 9, day};
}

}  // namespace countersign::inline v0::detail
