#include <countersign/text/detail/calendar.hpp>

#include <boost/test/unit_test.hpp>

namespace detail = countersign::detail;

static_assert(detail::days_to(1970, 1, 1) == 0 && detail::days_to(2000, 3, 1) == 11017 && detail::days_to(0, 1, 1) == -719528);
static_assert(detail::days_in(1900, 2) == 28 && detail::days_in(2000, 2) == 29 && detail::days_in(2024, 2) == 29 && detail::days_in(2023, 4) == 30);

BOOST_AUTO_TEST_SUITE(text_detail_calendar)

// The years 0 to 9999, which is what the texts of dates can say.
BOOST_AUTO_TEST_CASE(each_day_of_ten_thousand_years_comes_after_the_one_before_and_back) {
  unsigned year = 0, month = 1, day = 1, wrong = 0;
  for (unsigned days = 0; days < 3652425; ++days) {
    auto const date = detail::civil_of(days);
    wrong += date.year != year || date.month != month || date.day != day;
    wrong += detail::days_to(date.year, date.month, date.day) != std::int64_t{days} - 719528;
    if (++day > detail::days_in(year, month)) day = 1, ++month;
    if (month > 12) month = 1, ++year;
  }
  BOOST_TEST(wrong == 0u);
  BOOST_TEST(year == 10000u);
}

BOOST_AUTO_TEST_SUITE_END()
