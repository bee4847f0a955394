#include <countersign/core/detail/one_of.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

using countersign::detail::one_of;

namespace {
struct alignas(64) wide {
  char first = 'w';
};
using choice = one_of<std::shared_ptr<int>, std::string, wide>;
}  // namespace

static_assert(!std::is_copy_constructible_v<choice> && std::is_nothrow_move_constructible_v<choice>);
static_assert(std::is_nothrow_move_assignable_v<choice> && alignof(choice) == 64);

BOOST_AUTO_TEST_SUITE(core_detail_one_of)

BOOST_AUTO_TEST_CASE(it_holds_the_one_that_was_made_last) {
  choice one;
  BOOST_TEST(one.empty());
  BOOST_TEST(one.emplace<std::string>("text") == "text");
  BOOST_TEST((one.holds<std::string>() && !one.holds<wide>() && !one.empty()));
  BOOST_TEST(one.emplace<wide>().first == 'w');
  BOOST_TEST((one.holds<wide>() && !one.holds<std::string>()));
  one.reset();
  BOOST_TEST(one.empty());
}

BOOST_AUTO_TEST_CASE(each_is_called_with_what_is_held_alone) {
  choice one;
  std::string seen;
  auto const note = [&]<class T>(T&) {
    seen += std::is_same_v<T, std::string> ? "s" : std::is_same_v<T, std::string const> ? "S" : "?";
  };
  one.each(note);
  one.emplace<std::string>("text");
  one.each(note);
  std::as_const(one).each(note);
  BOOST_TEST(seen == "sS");
}

BOOST_AUTO_TEST_CASE(what_is_held_is_ended_once) {
  auto const counted = std::make_shared<int>(7);
  {
    choice one;
    one.emplace<std::shared_ptr<int>>(counted);
    auto moved = std::move(one);
    BOOST_TEST((one.empty() && moved.get<std::shared_ptr<int>>() == counted && counted.use_count() == 2));
    one = std::move(moved);
    BOOST_TEST((moved.empty() && one.holds<std::shared_ptr<int>>() && counted.use_count() == 2));
    auto& same = one;
    one = std::move(same);
    BOOST_TEST(counted.use_count() == 2);
    one.emplace<std::string>("text");
    BOOST_TEST(counted.use_count() == 1);
    one.emplace<std::shared_ptr<int>>(counted);
    moved.emplace<std::shared_ptr<int>>(counted);
    one = std::move(moved);
    BOOST_TEST(counted.use_count() == 2);
  }
  BOOST_TEST(counted.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_type_that_stands_twice_is_told_apart_by_its_place) {
  auto const counted = std::make_shared<int>(7);
  {
    one_of<std::shared_ptr<int>, std::string, std::shared_ptr<int>> one;
    one.emplace_at<2, std::shared_ptr<int>>(counted);
    BOOST_TEST((one.holds_at(2) && !one.holds_at(0) && !one.holds_at(1)));
    auto moved = std::move(one);
    BOOST_TEST((one.empty() && moved.holds_at(2)));
    one = std::move(moved);
    BOOST_TEST((moved.empty() && one.holds_at(2) && counted.use_count() == 2));
    int calls = 0;
    one.each([&]<class T>(T&) { calls += std::is_same_v<T, std::shared_ptr<int>> ? 1 : 100; });
    BOOST_TEST(calls == 1);
    BOOST_TEST((one.get_at<2, std::shared_ptr<int>>() == counted));
    one.emplace_at<0, std::shared_ptr<int>>(counted);
    BOOST_TEST((one.holds_at(0) && counted.use_count() == 2));
  }
  BOOST_TEST(counted.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
