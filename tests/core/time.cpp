#include <countersign/core/time.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace cs = countersign;
using namespace std::chrono_literals;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

// A count and a period are all that is asked for: boost::chrono has the same.
template <class Number, std::int64_t Num, std::int64_t Den>
struct span {
  struct period {
    static constexpr std::int64_t num = Num, den = Den;
  };
  Number n;
  constexpr Number count() const { return n; }
};

constexpr std::int64_t ms(cs::duration d) { return d.ms; }

}  // namespace

static_assert(!std::is_convertible_v<int, cs::duration>, "a bare number has no unit");
static_assert(!std::is_convertible_v<cs::wall_time, cs::boot_time> &&
              !std::is_convertible_v<cs::boot_time, cs::wall_time>);
static_assert(std::is_trivially_copyable_v<cs::clocks>);

BOOST_AUTO_TEST_SUITE(core_time)

BOOST_AUTO_TEST_CASE(durations_of_chrono_are_taken_as_they_are) {
  static_assert(ms(60s) == 60'000 && ms(1500ms) == 1500 && ms(2h) == 7'200'000 && ms(3min) == 180'000);
  static_assert(ms(1'999'999ns) == 1 && ms(2'000'000ns) == 2 && ms(2500us) == 2 && ms(-2500us) == -2);
  static_assert(ms(std::chrono::days(1)) == 86'400'000 && ms(std::chrono::years(1)) == 31'556'952'000);
  static_assert(ms(std::chrono::seconds::max()) == most && ms(std::chrono::hours::min()) <= -most);
  static_assert(ms(std::chrono::milliseconds::max()) == most);
  cs::duration const implicit = 60s;
  BOOST_TEST(implicit.ms == 60'000);
}

BOOST_AUTO_TEST_CASE(fractions_of_a_second_count) {
  static_assert(ms(std::chrono::duration<double>(0.25)) == 250);
  static_assert(ms(std::chrono::duration<float>(1.5F)) == 1500);
  static_assert(ms(std::chrono::duration<double, std::milli>(2.75)) == 2);
  static_assert(ms(std::chrono::duration<double>(-1.5)) == -1500);
  static_assert(ms(std::chrono::duration<double, std::nano>(5e6)) == 5);
  static_assert(ms(1.5h) == 5'400'000);
}

BOOST_AUTO_TEST_CASE(no_number_is_too_large) {
  using limits = std::numeric_limits<double>;
  BOOST_TEST(ms(std::chrono::duration<double>(limits::infinity())) == most);
  BOOST_TEST(ms(std::chrono::duration<double>(-limits::infinity())) == -most);
  BOOST_TEST(ms(std::chrono::duration<double>(1e300)) == most);
  double const volatile no_number = limits::quiet_NaN();
  BOOST_TEST(ms(std::chrono::duration<double>(no_number)) == 0);
  BOOST_TEST(ms(std::chrono::duration<double, std::milli>(9223372036854775808.0)) == most);
  for (auto const count : {most, most - 1, most / 1000 + 1})
    BOOST_TEST(ms(std::chrono::duration<std::int64_t>(count)) == most);
  BOOST_TEST(ms(std::chrono::duration<std::int64_t>(most / 1000)) == most / 1000 * 1000);
  BOOST_TEST(ms(std::chrono::duration<std::int64_t>(least)) == -most);
  BOOST_TEST(ms(std::chrono::duration<std::int64_t, std::nano>(least)) == least / 1'000'000);
}

BOOST_AUTO_TEST_CASE(counts_without_a_sign_are_taken) {
  static_assert(ms(span<std::uint64_t, 1, 1>{5}) == 5000);
  static_assert(ms(span<std::uint32_t, 1, 1000>{7}) == 7);
  static_assert(ms(span<std::uint8_t, 60, 1>{255}) == 255 * 60'000);
  static_assert(ms(span<std::uint64_t, 1, 1000>{std::numeric_limits<std::uint64_t>::max()}) == most);
  static_assert(ms(span<std::uint64_t, 1, 1000000>{std::numeric_limits<std::uint64_t>::max()}) ==
                most / 1000);
}

BOOST_AUTO_TEST_CASE(periods_that_no_millisecond_divides_are_exact) {
  static_assert(ms(span<int, 1, 30>{30}) == 1000 && ms(span<int, 1, 30>{1}) == 33 &&
                ms(span<int, 1, 30>{2}) == 66);
  static_assert(ms(span<int, 1, 1500>{1500}) == 1000 && ms(span<int, 1, 1500>{3}) == 2);
  static_assert(ms(span<int, 3, 10000>{10}) == 3 && ms(span<int, 1001, 30000>{30000}) == 1'001'000);
  // 7 / 2 ms a tick: the last whole ticks fill the range, and one more half is too much.
  BOOST_TEST(ms(span<std::int64_t, 7, 2000>{2 * (most / 7)}) == most);
  BOOST_TEST(ms(span<std::int64_t, 7, 2000>{2 * (most / 7) + 1}) == most);
  BOOST_TEST(ms(span<std::int64_t, 7, 2000>{-2 * (most / 7) - 1}) == -most);
}

BOOST_AUTO_TEST_CASE(seconds_saturate) {
  BOOST_TEST(cs::seconds(5).ms == 5000);
  BOOST_TEST(cs::milliseconds(5).ms == 5);
  BOOST_TEST(cs::seconds(most).ms == most / 1000 * 1000);
  BOOST_TEST(cs::seconds(least).ms == -(most / 1000 * 1000));
  BOOST_TEST(cs::seconds(most / 1000).ms == most / 1000 * 1000);
}

BOOST_AUTO_TEST_CASE(instants_are_ordered_and_saturate) {
  cs::wall_time const t{1000};
  BOOST_TEST((t + cs::seconds(1)).ms == 2000);
  BOOST_TEST((t - cs::seconds(2)).ms == -1000);
  BOOST_TEST((t < t + cs::milliseconds(1)));
  BOOST_TEST((cs::never_expires + cs::seconds(1) == cs::never_expires));
  BOOST_TEST((cs::never_expires - cs::duration(-1) == cs::never_expires));
  BOOST_TEST((cs::wall_time{least} + cs::duration(-1)).ms == least);
  BOOST_TEST((cs::wall_time{least} - cs::duration(1)).ms == least);
  BOOST_TEST((cs::wall_time{0} - cs::duration(least)).ms == most);
  BOOST_TEST((cs::wall_time{-1} - cs::duration(least)).ms == most);
  BOOST_TEST((cs::wall_time{-2} - cs::duration(least)).ms == most - 1);
  BOOST_TEST((cs::boot_time{5} + cs::duration(most)).ms == most);
  BOOST_TEST((cs::boot_time{5} + cs::duration(-6)).ms == -1);
  BOOST_TEST((cs::no_deadline + cs::seconds(1) == cs::no_deadline));
  BOOST_TEST((cs::boot_time{1} < cs::no_deadline));
  BOOST_TEST((cs::seconds(1) == cs::milliseconds(1000)));
  BOOST_TEST((cs::seconds(1) < cs::milliseconds(1001)));
}

BOOST_AUTO_TEST_SUITE_END()
