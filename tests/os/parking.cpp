#include <countersign/os/parking.hpp>

#include "fake/context.hpp"

#include <countersign/os/clock.hpp>
#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <thread>
#include <type_traits>

namespace cs = countersign;

static_assert(!std::is_copy_constructible_v<cs::parking> && !std::is_move_constructible_v<cs::parking>);

BOOST_AUTO_TEST_SUITE(os_parking)

BOOST_AUTO_TEST_CASE(a_post_before_the_wait_is_not_lost) {
  fake::world w;
  cs::parking place;
  place.post(&place);
  BOOST_TEST(place.wait_until(cs::no_deadline, w.context()));
}

BOOST_AUTO_TEST_CASE(several_posts_count_once) {
  fake::world w;
  cs::parking place;
  for (int i = 0; i < 3; ++i) place.post(&place);
  BOOST_TEST(place.wait_until(cs::no_deadline, w.context()));
  BOOST_TEST(!place.wait_until(w.now().boot, w.context()));
}

BOOST_AUTO_TEST_CASE(a_time_that_has_come_is_not_waited_for) {
  fake::world w;
  cs::parking place;
  BOOST_TEST(!place.wait_until({w.now().boot.ms}, w.context()));
  BOOST_TEST(!place.wait_until({w.now().boot.ms - 1}, w.context()));
  BOOST_TEST(!place.wait_until({std::numeric_limits<std::int64_t>::min()}, w.context()));
}

BOOST_AUTO_TEST_CASE(another_thread_wakes_it) {
  fake::world w;
  cs::parking place;
  std::thread other([&] { place.post(&place); });
  BOOST_TEST(place.wait_until(cs::no_deadline, w.context()));
  other.join();
}

BOOST_AUTO_TEST_CASE(it_ends_when_the_time_has_come_and_not_before) {
  cs::parking place;
  auto const until = cs::system_context.now().boot + cs::milliseconds(30);
  BOOST_TEST(!place.wait_until(until, cs::system_context));
  auto const over = cs::system_context.now().boot;
  BOOST_TEST((over >= until));
  BOOST_TEST(over.ms - until.ms < 1000);
}

BOOST_AUTO_TEST_CASE(the_clock_of_the_context_decides) {
  fake::world w;
  w.tick = cs::milliseconds(10);
  cs::parking place;
  BOOST_TEST(!place.wait_until(w.now().boot + cs::milliseconds(25), w.context()));
  BOOST_TEST(w.clock_reads() == 3u);
  w.tick = {};
  // The wall clock doesn't.
  w.jump_wall(cs::seconds(-3600));
  BOOST_TEST(!place.wait_until(w.now().boot, w.context()));
}

// What a driver does: the exchange may be resumed and the place left as soon as the post is seen.
BOOST_AUTO_TEST_CASE(it_may_be_destroyed_as_soon_as_it_has_woken) {
  fake::world w;
  for (int i = 0; i < 500; ++i) {
    auto place = std::make_unique<cs::parking>();
    std::thread other([&, at = place.get()] { at->post(at); });
    BOOST_REQUIRE(place->wait_until(cs::no_deadline, w.context()));
    place.reset();
    other.join();
  }
}

BOOST_AUTO_TEST_CASE(no_post_of_many_threads_is_lost) {
  fake::world w;
  auto const outside = w.context();
  constexpr int turns = 5000;
  cs::parking here, there;
  int shared = 0;  // handed over by the posts alone
  std::thread other([&] {
    for (int i = 0; i < turns; ++i) {
      there.wait_until(cs::no_deadline, outside);
      ++shared;
      here.post(&here);
    }
  });
  for (int i = 0; i < turns; ++i) {
    ++shared;
    there.post(&there);
    here.wait_until(cs::no_deadline, outside);
  }
  other.join();
  BOOST_TEST(shared == 2 * turns);
}

BOOST_AUTO_TEST_SUITE_END()
