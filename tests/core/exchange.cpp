#include <countersign/core/exchange.hpp>

#include <boost/test/unit_test.hpp>

#include <type_traits>

using namespace countersign;

static_assert(std::is_nothrow_move_constructible_v<question> && std::is_copy_constructible_v<question>);
static_assert(static_cast<int>(want::send) == 0 && static_cast<int>(want::done) == 5);

BOOST_AUTO_TEST_SUITE(core_exchange)

BOOST_AUTO_TEST_CASE(a_question_is_a_page_unless_it_says_otherwise) {
  question const asked;
  BOOST_TEST((asked.what == question::kind::page));
  BOOST_TEST(asked.url.empty());
  BOOST_TEST(asked.user_code.empty());
  BOOST_TEST(asked.preferred_port == 0);
}

BOOST_AUTO_TEST_CASE(a_waker_is_what_its_driver_makes_of_it) {
  struct bell : waker {
    int rung = 0;
  } bell;
  BOOST_TEST(bell.post == nullptr);
  BOOST_TEST(bell.next == nullptr);
  bell.post = [](waker* who) noexcept { ++static_cast<struct bell*>(who)->rung; };
  waker& any = bell;
  any.post(&any);
  BOOST_TEST(bell.rung == 1);
}

BOOST_AUTO_TEST_SUITE_END()
