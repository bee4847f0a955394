// RFC 9110 §10.2.3.
#include <countersign/text/retry_after.hpp>

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string_view>

namespace cs = countersign;

namespace {

constexpr cs::wall_time now{784'111'777'250};  // Sun, 06 Nov 1994 08:49:37.25 GMT
constexpr std::int64_t none = -1;
std::int64_t of(std::string_view value) {
  auto const got = cs::parse_retry_after(value, now);
  return got ? got->ms : none;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_after)

BOOST_AUTO_TEST_CASE(seconds_are_read_and_capped) {
  struct {
    std::string_view value;
    std::int64_t ms;
  } const cases[] = {
      {"0", 0},
      {"1", 1000},
      {"120", 120'000},
      {"0120", 120'000},
      {"299", 299'000},
      {"300", 300'000},
      {"301", 300'000},
      {"1000000000", 300'000},
      {"9223372036854775808", 300'000},
      {"99999999999999999999999999999999999999999", 300'000},
      {"-1", none},
      {"+1", none},
      {"1.5", none},
      {"1e3", none},
      {" 1", none},
      {"", none},
      {"soon", none},
  };
  for (auto const& c : cases) BOOST_TEST(of(c.value) == c.ms, c.value);
  BOOST_TEST(cs::max_retry_after.ms == 300'000);
}

BOOST_AUTO_TEST_CASE(a_date_is_as_long_as_it_is_ahead) {
  BOOST_TEST(of("Sun, 06 Nov 1994 08:49:38 GMT") == 750);
  BOOST_TEST(of("Sun, 06 Nov 1994 08:49:37 GMT") == 0);
  BOOST_TEST(of("Sun, 06 Nov 1994 08:54:37 GMT") == 299'750);
  BOOST_TEST(of("Sun, 06 Nov 1994 08:54:38 GMT") == 300'000);
  BOOST_TEST(of("Fri, 31 Dec 9999 23:59:59 GMT") == 300'000);
  BOOST_TEST(of("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  BOOST_TEST(of("Sun, 06 Nov 1994 08:49:38 CET") == none);
  for (auto const clock : {cs::wall_time{INT64_MIN}, cs::wall_time{INT64_MAX}})
    BOOST_TEST(cs::parse_retry_after("Sun, 06 Nov 1994 08:49:38 GMT", clock).has_value());
}

BOOST_AUTO_TEST_CASE(a_response_says_it_in_its_head) {
  cs::response answer(503);
  BOOST_TEST(!cs::retry_after(answer, now).has_value());
  answer.headers.append("retry-after", "7");
  BOOST_TEST(cs::retry_after(answer, now).value().ms == 7000);
}

BOOST_AUTO_TEST_SUITE_END()
