#include <countersign/drive/detail/counted.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using countersign::detail::counted;
using countersign::detail::strong;
using countersign::detail::weak;

namespace {

struct noted {
  noted(counted<noted>& with, int& number) : life(with), alive(number) { ++alive; }
  noted(noted const&) = delete;
  noted& operator=(noted const&) = delete;
  ~noted() { --alive; }
  counted<noted>& life;
  int& alive;
};

}  // namespace

static_assert(std::is_copy_constructible_v<weak<noted>> && std::is_nothrow_move_constructible_v<strong<noted>>);

BOOST_AUTO_TEST_SUITE(drive_detail_counted)

BOOST_AUTO_TEST_CASE(it_lives_as_long_as_somebody_holds_it) {
  int alive = 0;
  strong<noted> first(new counted<noted>(alive));
  {
    strong<noted> second = first;
    first = strong<noted>();
    BOOST_TEST((!first && second && alive == 1));
    first = std::move(second);
    BOOST_TEST((first && !second && alive == 1));
  }
  BOOST_TEST(alive == 1);
  first = strong<noted>();
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(who_knows_of_it_alone_does_not_keep_it) {
  int alive = 0;
  strong<noted> held(new counted<noted>(alive));
  weak<noted> const known(held->life);
  auto const same = known;
  {
    auto const locked = known.lock();
    BOOST_REQUIRE(locked);
    held = strong<noted>();
    BOOST_TEST((locked->alive == 1));
  }
  BOOST_TEST(alive == 0);
  BOOST_TEST((!known.lock() && !same.lock()));
}

BOOST_AUTO_TEST_CASE(while_it_ends_it_can_be_known_but_not_held) {
  struct last_words {
    last_words(counted<last_words>& with, bool& could_be_held) : life(with), held(could_be_held) {}
    last_words(last_words const&) = delete;
    last_words& operator=(last_words const&) = delete;
    ~last_words() { held = static_cast<bool>(weak<last_words>(life).lock()); }
    counted<last_words>& life;
    bool& held;
  };
  bool held = true;
  { strong<last_words> const only(new counted<last_words>(held)); }
  BOOST_TEST(!held);
}

BOOST_AUTO_TEST_CASE(threads_that_ask_while_the_last_one_leaves_get_the_value_or_nothing) {
  for (int turn = 0; turn < 200; ++turn) {
    int alive = 0;
    strong<noted> held(new counted<noted>(alive));
    std::vector<std::thread> askers;
    for (int i = 0; i < 2; ++i)
      askers.emplace_back([known = weak<noted>(held->life), &alive] {
        while (auto const locked = known.lock())
          if (&locked->alive != &alive) std::abort();
      });
    held = strong<noted>();
    for (auto& one : askers) one.join();
    BOOST_REQUIRE(alive == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
