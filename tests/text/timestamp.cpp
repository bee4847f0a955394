#include <countersign/text/timestamp.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <ctime>
#include <random>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

std::string iso(std::int64_t ms, std::string_view zone = "+00:00") {
  char text[cs::iso8601_size];
  return {text, cs::encode_iso8601(text, {ms}, zone)};
}
std::string unix_time(std::int64_t ms) {
  char text[cs::unix_seconds_size];
  return {text, cs::encode_unix_seconds(text, {ms})};
}
std::string by_the_system(std::int64_t seconds) {
  auto const t = static_cast<std::time_t>(seconds);
  std::tm parts = {};
  gmtime_r(&t, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+00:00", &parts)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text_timestamp)

BOOST_AUTO_TEST_CASE(an_instant_is_written_in_utc_to_the_second) {
  BOOST_TEST(iso(1795400046000) == "2026-11-23T02:14:06+00:00");
  BOOST_TEST(iso(1795400046999) == "2026-11-23T02:14:06+00:00");
  BOOST_TEST(iso(1795400046000, "Z") == "2026-11-23T02:14:06Z");
  BOOST_TEST(iso(0) == "1970-01-01T00:00:00+00:00");
  BOOST_TEST(iso(-1) == "1969-12-31T23:59:59+00:00");
  BOOST_TEST(iso(951782400000) == "2000-02-29T00:00:00+00:00");
}

BOOST_AUTO_TEST_CASE(it_agrees_with_the_system_at_random_times_of_five_hundred_years) {
  std::mt19937_64 random(8601);
  for (int turn = 0; turn < 20000; ++turn) {
    auto const seconds = static_cast<std::int64_t>(random() % 15'778'800'000) - 7'889'400'000;
    auto const expected = by_the_system(seconds);
    if (iso(seconds * 1000) != expected) BOOST_TEST(iso(seconds * 1000) == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_year_without_four_digits_is_not_written) {
  BOOST_TEST(iso(cs::first_iso8601.ms) == "0000-01-01T00:00:00+00:00");
  BOOST_TEST(iso(cs::first_iso8601.ms - 1) == "");
  BOOST_TEST(iso(cs::last_iso8601.ms) == "9999-12-31T23:59:59+00:00");
  BOOST_TEST(iso(cs::last_iso8601.ms + 1) == "");
  BOOST_TEST(iso(INT64_MIN) == "");
  BOOST_TEST(iso(INT64_MAX) == "");
}

BOOST_AUTO_TEST_CASE(unix_seconds_are_rounded_down) {
  BOOST_TEST(unix_time(0) == "0");
  BOOST_TEST(unix_time(1795400046999) == "1795400046");
  BOOST_TEST(unix_time(-1) == "-1");
  BOOST_TEST(unix_time(-1000) == "-1");
  BOOST_TEST(unix_time(INT64_MAX) == "9223372036854775");
  BOOST_TEST(unix_time(INT64_MIN) == "-9223372036854776");
}

BOOST_AUTO_TEST_SUITE_END()
