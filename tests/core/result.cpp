#include <countersign/core/result.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

using namespace countersign;

namespace {

// Counts what lives, so that a value that is never destroyed, or twice, shows.
struct counted {
  static inline int alive = 0;
  int volatile value;
  explicit counted(int v) : value(v) { ++alive; }
  counted(counted const& other) : value(other.value) { ++alive; }
  counted(counted&& other) noexcept : value(other.value) { ++alive; }
  ~counted() {
    --alive;
    value = -1;
  }
};

error const sad{errc::fatal, "why not"};

}  // namespace

static_assert(std::is_copy_constructible_v<result<int>> && std::is_copy_assignable_v<result<std::string>>);
static_assert(!std::is_copy_constructible_v<result<std::unique_ptr<int>>>);
static_assert(!std::is_copy_assignable_v<result<std::unique_ptr<int>>>);
static_assert(std::is_nothrow_move_constructible_v<result<std::unique_ptr<int>>>);
static_assert(std::is_convertible_v<error, result<int>> && std::is_convertible_v<int, result<int>>);
static_assert(!std::is_convertible_v<int, result<counted>> && std::is_constructible_v<result<counted>, int>);
static_assert(!std::is_convertible_v<result<int>, bool>, "only asked for");
static_assert(!std::is_default_constructible_v<result<int>>);
static_assert(std::is_trivially_destructible_v<result<void>>);

BOOST_AUTO_TEST_SUITE(core_result)

BOOST_AUTO_TEST_CASE(it_holds_a_value_or_an_error) {
  result<std::string> const good = std::string("value"), bad = sad;
  BOOST_TEST(good.has_value());
  BOOST_TEST(static_cast<bool>(good));
  BOOST_TEST(*good == "value");
  BOOST_TEST(good->size() == 5u);
  BOOST_TEST(good.value() == "value");
  BOOST_TEST(!bad.has_value());
  BOOST_TEST(!static_cast<bool>(bad));
  BOOST_TEST((bad.error() == sad));
}

BOOST_AUTO_TEST_CASE(a_value_that_can_only_be_moved_is_moved) {
  result<std::unique_ptr<int>> one = std::make_unique<int>(7);
  auto two = std::move(one);
  BOOST_TEST(one.has_value());
  BOOST_TEST(*one == nullptr);
  auto const taken = *std::move(two);
  BOOST_TEST(*taken == 7);
  BOOST_TEST(*result<std::unique_ptr<int>>(std::make_unique<int>(8)).value() == 8);
  auto const moved_out = result<std::unique_ptr<int>>(std::make_unique<int>(9)).value();
  BOOST_TEST(*moved_out == 9);
}

BOOST_AUTO_TEST_CASE(a_copy_leaves_the_original) {
  result<std::string> const good = std::string("a string that is too long for the inner buffer"), bad = sad;
  auto const copy = good, bad_copy = bad;
  BOOST_TEST(*copy == *good);
  BOOST_TEST((bad_copy.error() == sad));
}

BOOST_AUTO_TEST_CASE(each_may_be_assigned_to_each) {
  {
    auto const good = [](int v) { return result<counted>(v); };
    result<counted> const bad = sad;
    result<counted> r = good(1);
    r = good(2);
    BOOST_TEST(r->value == 2);
    r = bad;
    BOOST_TEST((r.error() == sad));
    r = bad;
    BOOST_TEST((r.error() == sad));
    auto const three = good(3);
    r = three;
    BOOST_TEST(r->value == 3);
    BOOST_TEST(three->value == 3);
    r = result<counted>(sad);
    BOOST_TEST(!r);
    r = good(4);
    BOOST_TEST(r->value == 4);
  }
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(assigned_to_itself_it_stays) {
  {
    result<counted> r(5);
    auto& same = r;
    r = same;
    BOOST_TEST(r->value == 5);
    r = std::move(same);
    BOOST_TEST(r->value == 5);
  }
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(asked_for_what_it_lacks_it_throws) {
  result<int> const bad = sad;
  auto const is_sad = [](bad_result const& e) { return e.why() == sad && std::string(e.what()) == "fatal"; };
  BOOST_CHECK_EXCEPTION(static_cast<void>(bad.value()), bad_result, is_sad);
  BOOST_CHECK_EXCEPTION(static_cast<void>(result<int>(sad).value()), bad_result, is_sad);
  result<int> changeable = sad;
  BOOST_CHECK_EXCEPTION(static_cast<void>(changeable.value()), bad_result, is_sad);
  BOOST_CHECK_EXCEPTION(result<void>(sad).value(), bad_result, is_sad);
  BOOST_CHECK_NO_THROW(result<void>().value());
}

BOOST_AUTO_TEST_CASE(a_success_without_value_turns_and_returns) {
  result<void> r;
  BOOST_TEST(r.has_value());
  r = sad;
  BOOST_TEST(!r.has_value());
  BOOST_TEST((r.error() == sad));
  auto const copy = r;
  BOOST_TEST((copy.error() == sad));
  r = result<void>();
  BOOST_TEST(static_cast<bool>(r));
  r = copy;
  auto& same = r;
  r = same;
  BOOST_TEST((r.error() == sad));
  r = r.error();
  BOOST_TEST((r.error() == sad));
}

BOOST_AUTO_TEST_CASE(the_value_may_be_changed_in_place) {
  result<std::string> r = std::string("a");
  *r += "b";
  r->push_back('c');
  r.value() += "d";
  BOOST_TEST(*r == "abcd");
}

BOOST_AUTO_TEST_CASE(a_success_without_a_value_shows_no_failure) {
  result<void> const failed = error(errc::fatal, "no");
  result<void> now;
  BOOST_TEST(now.error().message().empty());
  now = failed;
  BOOST_TEST(now.error().message() == "no");
  now = result<void>();
  BOOST_TEST((now.error().code() == errc::none));
  BOOST_TEST(now.error().message().empty());
  BOOST_TEST(*now.error().c_str() == '\0');
}

BOOST_AUTO_TEST_SUITE_END()
