// RFC 9110 §5.6.7.
#include <countersign/text/http_date.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string_view>

namespace cs = countersign;

namespace {

constexpr cs::wall_time in_1995{788'918'400'000}, in_2026{1'767'225'600'000};
constexpr std::int64_t none = -1;
constexpr std::int64_t of(std::string_view text, cs::wall_time now = in_2026) {
  auto const got = cs::parse_http_date(text, now);
  return got ? got->ms / 1000 : none;
}
static_assert(of("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777);

}  // namespace

BOOST_AUTO_TEST_SUITE(http_date)

BOOST_AUTO_TEST_CASE(the_three_forms_are_one_instant) {
  BOOST_TEST(of("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777);
  BOOST_TEST(of("Sunday, 06-Nov-94 08:49:37 GMT") == 784'111'777);
  BOOST_TEST(of("Sun Nov  6 08:49:37 1994") == 784'111'777);
  BOOST_TEST(of("Thu Jan 01 00:00:10 1970") == 10);
  for (std::string_view const day : {"Monday, 06-Nov-94 08:49:37 GMT", "Tuesday, 06-Nov-94 08:49:37 GMT",
                                     "Wednesday, 06-Nov-94 08:49:37 GMT", "Thursday, 06-Nov-94 08:49:37 GMT",
                                     "Friday, 06-Nov-94 08:49:37 GMT", "Saturday, 06-Nov-94 08:49:37 GMT"})
    BOOST_TEST(of(day) == 784'111'777, day);
  BOOST_TEST(of("Tue, 29 Feb 2028 23:59:60 GMT") == 1'835'481'600);
}

BOOST_AUTO_TEST_CASE(a_year_of_two_digits_is_at_most_fifty_years_ahead) {
  BOOST_TEST(of("Friday, 01-Jan-76 00:00:00 GMT", in_2026) == 3'345'062'400);  // 2076
  BOOST_TEST(of("Friday, 01-Jan-77 00:00:00 GMT", in_2026) == 220'924'800);    // 1977
  BOOST_TEST(of("Friday, 01-Jan-45 00:00:00 GMT", in_1995) == -788'918'400);   // 1945
}

BOOST_AUTO_TEST_CASE(anything_else_is_none) {
  for (std::string_view const text : {"",
                                      "Sun",
                                      "Sun,",
                                      "Sun, 6 Nov 1994 08:49:37 GMT",
                                      "Sun, 06 Nov 1994 08:49:37",
                                      "Sun, 06 Nov 1994 08:49:37 UTC",
                                      "Sun, 06 nov 1994 08:49:37 GMT",
                                      "sun, 06 Nov 1994 08:49:37 GMT",
                                      "Sun, 31 Feb 1994 08:49:37 GMT",
                                      "Sun, 00 Nov 1994 08:49:37 GMT",
                                      "Sun, 06 Nov 1994 24:49:37 GMT",
                                      "Sun, 06 Nov 1994 08:60:37 GMT",
                                      "Sun, 06 Nov 1994 08:49:61 GMT",
                                      "Sun, 06 Nov 94 08:49:37 GMT",
                                      "Sunday, 06-Nov-1994 08:49:37 GMT",
                                      "Sun Nov 6 08:49:37 1994",
                                      "Sun Nov  6 08:49:37 94",
                                      "Sun, 06 Nov 1994 08:49:37 GMT ",
                                      "unM, 06 Nov 1994 08:49:37 GMT",
                                      "Sun, 06 anF 1994 08:49:37 GMT",
                                      "Sunday, 06 Nov 94 08:49:37 GMT",
                                      "1994-11-06T08:49:37Z",
                                      "784111777"})
    BOOST_TEST(of(text) == none, text);
}

BOOST_AUTO_TEST_CASE(no_prefix_of_a_date_is_one) {
  for (std::string_view const whole :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    for (std::size_t size = 0; size < whole.size(); ++size) BOOST_TEST(of(whole.substr(0, size)) == none);
}

BOOST_AUTO_TEST_SUITE_END()
