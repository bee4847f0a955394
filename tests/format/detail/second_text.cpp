#include <countersign/format/detail/second_text.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
using cs::detail::second_text;

namespace {
std::string written(second_text& by, std::int64_t ms, cs::time_form form) {
  second_text::text out;
  by.write({ms}, form, out);
  return std::string(out.view());
}
}  // namespace

BOOST_AUTO_TEST_SUITE(format_detail_second_text)

// Also asked again, and in turn: what is kept is of one second and one form.
BOOST_AUTO_TEST_CASE(each_second_is_written_in_each_form) {
  second_text by;
  for (int turn = 0; turn < 2; ++turn)
    for (std::int64_t const ms : {1'000'000'000'000, 1'000'000'000'999, 1'000'000'001'000}) {
      auto const end = ms < 1'000'000'001'000 ? "0" : "1";
      for (int again = 0; again < 2; ++again) {
        BOOST_TEST(written(by, ms, cs::time_form::iso8601) ==
                   std::string("2001-09-09T01:46:4") + end + "+00:00");
        BOOST_TEST(written(by, ms, cs::time_form::iso8601_z) ==
                   std::string("2001-09-09T01:46:4") + end + "Z");
        BOOST_TEST(written(by, ms, cs::time_form::unix_seconds) == std::string("100000000") + end);
      }
    }
}

BOOST_AUTO_TEST_CASE(a_year_without_four_digits_gives_nothing) {
  second_text by;
  for (int again = 0; again < 2; ++again) {
    BOOST_TEST(written(by, cs::last_iso8601.ms + 1, cs::time_form::iso8601) == "");
    BOOST_TEST(written(by, cs::first_iso8601.ms - 1, cs::time_form::iso8601_z) == "");
    BOOST_TEST(written(by, cs::first_iso8601.ms, cs::time_form::iso8601_z) == "0000-01-01T00:00:00Z");
    BOOST_TEST(written(by, -1, cs::time_form::unix_seconds) == "-1");
  }
}

BOOST_AUTO_TEST_SUITE_END()
