#include <countersign/text/rfc3339.hpp>

#include <boost/test/unit_test.hpp>

#include <ctime>
#include <string>

using namespace countersign;

static_assert(parse_rfc3339("1970-01-01T00:00:00Z") == wall_time{0});

BOOST_AUTO_TEST_SUITE(text_rfc3339)

BOOST_AUTO_TEST_CASE(what_the_rfc_shows_is_read) {
  // RFC 3339 §5.8, the milliseconds by date(1).
  struct {
    std::string_view text;
    std::int64_t ms;
  } const table[] = {{"1985-04-12T23:20:50.52Z", 482196050520},
                     {"1996-12-19T16:39:57-08:00", 851042397000},
                     {"1990-12-31T23:59:60Z", 662688000000},
                     {"1990-12-31T15:59:60-08:00", 662688000000},
                     {"1937-01-01T12:00:27.87+00:20", -1041337172130},
                     {"2026-11-23t02:24:23z", 1795400663000},
                     {"2026-11-23 02:24:23+00:00", 1795400663000},
                     {"2000-02-29T00:00:00Z", 951782400000},
                     {"2001-09-09T01:46:40.9999999999Z", 1'000'000'000'999}};
  for (auto const& [text, ms] : table) {
    auto const got = parse_rfc3339(text);
    BOOST_REQUIRE_MESSAGE(got, text);
    BOOST_TEST(got->ms == ms, text);
  }
}

BOOST_AUTO_TEST_CASE(every_day_of_eight_centuries_and_the_ends_agree_with_the_c_library) {
  auto const agrees = [](std::time_t at) {
    std::tm parts;
    char text[32];
    ::gmtime_r(&at, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return parse_rfc3339(text) == wall_time{at * 1000};
  };
  long wrong = 0;
  for (std::time_t at = -11'676'096'000; at < 13'569'465'600; at += 86'399) wrong += !agrees(at);
  BOOST_TEST(wrong == 0);
  BOOST_TEST((parse_rfc3339("9999-12-31T23:59:59Z") == wall_time{253'402'300'799'000}));
  BOOST_TEST((parse_rfc3339("0000-01-01T00:00:00Z") == wall_time{-62'167'219'200'000}));
  BOOST_TEST((parse_rfc3339("0000-03-01T00:00:00Z") == wall_time{-62'162'035'200'000}));
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  for (auto const text : {"",
                          "2026",
                          "2026-11-23",
                          "2026-11-23T02:24Z",
                          "2026-11-23T02:24:23",
                          "2026-11-23T02:24:23.Z",
                          "2026-11-23T02:24:23+0100",
                          "2026-11-23T02:24:23+01",
                          "2026-11-23T02:24:23Z ",
                          " 2026-11-23T02:24:23Z",
                          "2026-13-23T02:24:23Z",
                          "2026-00-23T02:24:23Z",
                          "2026-11-31T02:24:23Z",
                          "2026-11-00T02:24:23Z",
                          "2025-02-29T02:24:23Z",
                          "1900-02-29T02:24:23Z",
                          "2026-11-23T24:00:00Z",
                          "2026-11-23T02:60:23Z",
                          "2026-11-23T02:24:61Z",
                          "2026-11-23T02:24:23+24:00",
                          "2026-11-23T02:24:23+01:60",
                          "26-11-23T02:24:23Z",
                          "+2026-11-23T02:24:23Z",
                          "2026/11/23T02:24:23Z",
                          "2026-11-23T2:24:23Z",
                          "2026-11-23T02:24:23.1.2Z",
                          "2026-1a-23T02:24:23Z",
                          "2026-11-23T02:24:23ZZ",
                          "2026-11-23X02:24:23Z"})
    BOOST_TEST(!parse_rfc3339(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
