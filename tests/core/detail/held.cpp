#include <countersign/core/detail/held.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

using countersign::detail::held;

static_assert(std::is_copy_constructible_v<held<std::string>> && std::is_copy_assignable_v<held<std::string>>);
static_assert(!std::is_copy_constructible_v<held<std::unique_ptr<int>>>);
static_assert(!std::is_copy_assignable_v<held<std::unique_ptr<int>>>);
static_assert(std::is_nothrow_move_constructible_v<held<std::unique_ptr<int>>>);
static_assert(std::is_nothrow_move_assignable_v<held<std::unique_ptr<int>>>);

BOOST_AUTO_TEST_SUITE(core_detail_held)

BOOST_AUTO_TEST_CASE(what_is_held_is_made_in_place_and_ended_once) {
  auto const counted = std::make_shared<int>(7);
  {
    held<std::shared_ptr<int>> one;
    BOOST_TEST(!one);
    BOOST_TEST(one.emplace(counted) == counted);
    BOOST_TEST((one && **one == 7 && one->get() == counted.get()));
    BOOST_TEST(counted.use_count() == 2);
    one.emplace(counted);
    BOOST_TEST(counted.use_count() == 2);
    one.reset();
    BOOST_TEST((!one && counted.use_count() == 1));
    one.reset();
    one.emplace(counted);
  }
  BOOST_TEST(counted.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_copy_is_another_value) {
  held<std::string> one, none;
  one.emplace("a text that is too long to stand inside");
  auto copied = one;
  copied->append("!");
  BOOST_TEST(*one == "a text that is too long to stand inside");
  one = copied;
  BOOST_TEST(*one == *copied);
  auto const& same = one;
  one = same;
  BOOST_TEST(*one == *copied);
  one = none;
  BOOST_TEST((!one && copied));
  BOOST_TEST(!held<std::string>(none));
}

BOOST_AUTO_TEST_CASE(what_was_moved_from_is_empty) {
  held<std::unique_ptr<int>> one;
  one.emplace(std::make_unique<int>(3));
  auto moved = std::move(one);
  BOOST_TEST((!one && moved && **moved == 3));
  one = std::move(moved);
  BOOST_TEST((!moved && one && **one == 3));
  auto& same = one;
  one = std::move(same);
  BOOST_TEST((one && **one == 3));
  one = std::move(moved);
  BOOST_TEST(!one);
}

BOOST_AUTO_TEST_SUITE_END()
