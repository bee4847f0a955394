#include <countersign/core/detail/start.hpp>

#include "fake/context.hpp"
#include "fake/sources.hpp"

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <string>
#include <utility>

namespace cs = countersign;
using fake::fails;
using fake::says;
using fake::script;

static_assert(cs::exchange<cs::detail::exchange_for<fake::local>>);
// A remote source's own exchange, with nothing around it.
static_assert(std::same_as<cs::detail::exchange_for<fake::remote>, fake::remote::exchange>);

namespace {

struct counting {
  using credential = std::string;
  struct memory {
    int uses = 0;
  };
  cs::result<std::string> acquire(cs::occasion const&, cs::context const&, memory& kept) const {
    return std::to_string(++kept.uses);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(core_detail_start)

BOOST_AUTO_TEST_CASE(an_immediate_source_is_an_exchange_that_is_done) {
  fake::world w;
  auto const outside = w.context();
  script said{says("one", w.now().wall + cs::seconds(9))};
  fake::local const source(said);
  cs::memory_of<fake::local> none;
  auto talk = cs::detail::start(source, cs::occasion{cs::why::due, "c", w.now()}, outside, none);
  BOOST_TEST((talk.wants() == cs::want::done));
  // Nothing it is told changes that.
  struct : cs::waker {
  } who;
  talk.wake_with(who);
  talk.supply(cs::response(500), w.now());
  talk.fail(cs::lost::unanswered, w.now());
  talk.perform();
  talk.resume(w.now());
  talk.arrive("x", w.now());
  BOOST_TEST((talk.wants() == cs::want::done));
  BOOST_TEST(talk.until().ms == cs::no_deadline.ms);
  auto const got = std::move(talk).outcome();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->credential.reveal() == "one");
  BOOST_TEST(got->expires.ms == (w.now().wall + cs::seconds(9)).ms);
  BOOST_TEST(said.asked() == 1u);
  BOOST_TEST((said.reasons.front() == cs::why::due));
  BOOST_TEST(said.challenges.front() == "c");
}

BOOST_AUTO_TEST_CASE(a_failure_is_its_outcome) {
  fake::world w;
  script said{fails(cs::errc::transient, "later")};
  cs::memory_of<fake::local> none;
  auto const outside = w.context();
  auto talk = cs::detail::start(fake::local(said), cs::occasion{}, outside, none);
  BOOST_TEST((std::move(talk).outcome().error() == cs::error(cs::errc::transient, "later")));
}

BOOST_AUTO_TEST_CASE(a_source_without_an_expiry_gives_what_never_expires_and_keeps_its_memory) {
  fake::world w;
  auto const outside = w.context();
  counting::memory memory;
  for (auto const* expected : {"1", "2"}) {
    auto const got = cs::detail::start(counting(), cs::occasion{}, outside, memory).outcome();
    BOOST_REQUIRE(got);
    BOOST_TEST(got->credential == expected);
    BOOST_TEST(got->expires.ms == cs::never_expires.ms);
  }
}

BOOST_AUTO_TEST_CASE(it_may_be_moved_before_it_is_asked) {
  fake::world w;
  auto const outside = w.context();
  script said{says("one")};
  cs::memory_of<fake::local> none;
  auto first = cs::detail::start(fake::local(said), cs::occasion{}, outside, none);
  auto second = std::move(first);
  BOOST_TEST(std::move(second).outcome()->credential.reveal() == "one");
}

BOOST_AUTO_TEST_SUITE_END()
