#include <countersign/os/clock.hpp>

#include <countersign/core/context.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>

using namespace countersign;

BOOST_AUTO_TEST_SUITE(os_clock)

BOOST_AUTO_TEST_CASE(the_wall_clock_counts_from_1970) {
  using namespace std::chrono;
  auto const before =
      duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch()).count();
  auto const ours = os::read_clocks().wall.ms;
  auto const after = duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch()).count();
  BOOST_TEST(ours >= before);
  BOOST_TEST(ours <= after);
}

BOOST_AUTO_TEST_CASE(the_boot_clock_counts_from_the_start_of_the_machine) {
  double uptime = 0;
  std::ifstream("/proc/uptime") >> uptime;
  BOOST_TEST(std::abs(static_cast<double>(os::read_clocks().boot.ms) / 1000 - uptime) < 2.0);
}

BOOST_AUTO_TEST_CASE(the_boot_clock_never_goes_back) {
  auto last = os::read_clocks().boot;
  for (int i = 0; i < 100'000; ++i) {
    auto const now = os::read_clocks().boot;
    BOOST_REQUIRE(now >= last);
    last = now;
  }
}

BOOST_AUTO_TEST_CASE(the_coarse_clock_is_never_ahead_and_lags_by_no_more_than_it_says) {
  for (int i = 0; i < 100'000; ++i) {
    auto const before = os::read_clocks().wall;
    auto const coarse = os::read_coarse_clock();
    auto const after = os::read_clocks().wall;
    BOOST_REQUIRE(coarse <= after);
    BOOST_REQUIRE(coarse + context::coarse_lag >= before);
  }
}

BOOST_AUTO_TEST_CASE(a_clock_that_the_system_lacks_is_told) {
  std::int64_t ms = 7;
  BOOST_TEST(!os::detail::read_clock(static_cast<clockid_t>(12345), ms));
  BOOST_TEST(ms == 7);
}

BOOST_AUTO_TEST_SUITE_END()
