#include <countersign/source/detail/relay.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "fake/sources.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cs = countersign;
using namespace std::literals;
using cs::want;
using fake::fails;
using fake::says;
using fake::script;

namespace {

// Three parts one after the other; the outcome is what they said, in one text. A failure ends it.
class in_turn : public cs::detail::relay<in_turn, std::string, fake::remote, fake::local, fake::remote> {
  using base = relay;
  friend base;

public:
  struct scripts {
    script *one, *two, *three;
  };
  in_turn(scripts said, cs::occasion const& why, cs::context const& outside)
      : base(why, outside), said_(said) {
    this->run<0>(fake::remote(*said_.one), none_);
  }

private:
  template <std::size_t I>
  void part_done() {
    auto got = this->template outcome_of<I>();
    if (!got) return this->finish(got.error());
    all_ += std::string(got->credential.reveal());
    if constexpr (I == 0) this->template run<1>(fake::local(*said_.two), none_);
    else if constexpr (I == 1) this->template run<2>(fake::remote(*said_.three), none_);
    else this->finish(std::move(all_));
  }

  scripts said_;
  std::string all_;
  cs::memory_of<fake::remote> none_;
};
static_assert(cs::exchange<in_turn>);

struct frame {
  fake::world world = {};
  cs::context outside = world.context();
  script one{says("1")}, two{says("2")}, three{says("3")};
  frame() {
    one.wants = {want::send, want::work, want::wait};
    three.wants = {want::person, want::send, want::wait};
  }
  in_turn begin(cs::why reason = cs::why::first) {
    return in_turn({&one, &two, &three}, {reason, "Bearer", world.now()}, outside);
  }
};
constexpr std::size_t all_steps = 6;

struct no_waker : cs::waker {
  no_waker() noexcept {
    post = [](waker*) noexcept {};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(source_detail_relay)

BOOST_AUTO_TEST_CASE(each_verb_reaches_the_part_under_way) {
  frame f;
  auto talk = f.begin();
  auto const now = f.world.now();
  BOOST_TEST((talk.wants() == want::send));
  BOOST_TEST(talk.pending().url() == "https://as.example/0");
  talk.supply(cs::response(201), now);
  BOOST_TEST((talk.wants() == want::work));
  talk.perform();
  BOOST_TEST((talk.wants() == want::work));
  talk.resume(now);
  BOOST_TEST((talk.wants() == want::wait));
  BOOST_TEST(talk.until().ms == (now.boot + cs::seconds(1)).ms);
  talk.resume(now);
  // The local part took no step; the third is under way.
  BOOST_TEST(f.two.asked() == 1u);
  BOOST_TEST((talk.wants() == want::person));
  BOOST_TEST(talk.asks().url.reveal() == "https://as.example/0");
  talk.arrive("here", now);
  talk.fail(cs::lost::not_sent, now);
  talk.resume(now);
  BOOST_TEST((talk.wants() == want::done));
  BOOST_TEST(*std::move(talk).outcome() == "123");
  BOOST_TEST((f.one.heard == std::vector{"answer 201"s, "worked"s, "time"s}));
  BOOST_TEST((f.three.heard == std::vector{"said here"s, "not sent"s, "time"s}));
}

BOOST_AUTO_TEST_CASE(what_is_known_of_a_lost_request_is_passed_on) {
  for (auto const how : {cs::lost::not_sent, cs::lost::unanswered}) {
    frame f;
    auto talk = f.begin();
    talk.fail(how, f.world.now());
    BOOST_TEST(f.one.heard.back() == (how == cs::lost::not_sent ? "not sent" : "unanswered"));
  }
}

BOOST_AUTO_TEST_CASE(it_may_be_moved_at_each_step) {
  for (std::size_t at = 0; at <= all_steps; ++at) {
    BOOST_TEST_CONTEXT("moved after " << at << " steps") {
      frame f;
      auto first = f.begin();
      for (std::size_t i = 0; i < at; ++i) fake::step(first, f.world.now());
      in_turn second(std::move(first));
      frame other;
      in_turn third = other.begin();
      fake::step(third, f.world.now());
      third = std::move(second);
      while (fake::step(third, f.world.now())) {
      }
      BOOST_TEST(*std::move(third).outcome() == "123");
      BOOST_TEST(f.one.heard.size() + f.three.heard.size() == all_steps);
    }
  }
}

BOOST_AUTO_TEST_CASE(it_may_be_dropped_at_each_step) {
  for (std::size_t at = 0; at <= all_steps; ++at) {
    frame f;
    {
      auto talk = f.begin();
      for (std::size_t i = 0; i < at; ++i) fake::step(talk, f.world.now());
      auto const left = std::move(talk).outcome();
      BOOST_TEST(left.has_value() == (at == all_steps));
      if (!left) BOOST_TEST((left.error().code() == cs::errc::abandoned));
    }
    BOOST_TEST(f.one.heard.size() + f.three.heard.size() == at);
  }
}

// A driver's mistake must not run a step twice.
BOOST_AUTO_TEST_CASE(events_that_nobody_asked_for_change_nothing) {
  for (std::size_t at = 0; at <= all_steps; ++at) {
    frame f;
    auto talk = f.begin();
    auto const now = f.world.now();
    for (std::size_t i = 0; i < at; ++i) fake::step(talk, now);
    auto const wanted = talk.wants();
    std::vector<std::pair<want, std::function<void()>>> const events = {
        {want::send, [&] { talk.supply(cs::response(500), now); }},
        {want::send, [&] { talk.fail(cs::lost::unanswered, now); }},
        {want::wait, [&] { talk.resume(now); }},
        {want::person, [&] { talk.arrive("nobody", now); }},
    };
    for (auto const& [when, event] : events) {
      if (wanted == when || (when == want::wait && wanted == want::work)) continue;
      event();
      BOOST_TEST((talk.wants() == wanted));
      BOOST_TEST(f.one.heard.size() + f.three.heard.size() == at);
    }
    if (wanted != want::work) talk.perform();
    while (fake::step(talk, now)) {
    }
    BOOST_TEST(*std::move(talk).outcome() == "123");
  }
}

BOOST_AUTO_TEST_CASE(the_waker_reaches_the_part_under_way_and_those_that_follow) {
  frame f;
  no_waker who;
  auto talk = f.begin();
  talk.wake_with(who);
  BOOST_TEST(f.one.wakers == 1u);
  BOOST_TEST(f.three.wakers == 0u);
  for (int i = 0; i < 3; ++i) fake::step(talk, f.world.now());
  BOOST_TEST(f.three.wakers == 1u);
  BOOST_TEST(f.one.wakers == 1u);
}

BOOST_AUTO_TEST_CASE(a_request_commits_if_the_part_says_so) {
  frame f;
  f.three.commits = true;
  auto talk = f.begin();
  BOOST_TEST(!talk.commits());
  for (int i = 0; i < 3; ++i) fake::step(talk, f.world.now());
  BOOST_TEST(talk.commits());
}

BOOST_AUTO_TEST_CASE(parts_see_the_time_of_the_last_event_and_a_copy_of_the_challenge) {
  frame f;
  std::string challenge = "Bearer realm=\"one\"";
  in_turn talk({&f.one, &f.two, &f.three}, {cs::why::refused, challenge, f.world.now()}, f.outside);
  challenge.assign(challenge.size(), '!');
  f.world.advance(cs::seconds(50));
  for (int i = 0; i < 4; ++i) fake::step(talk, f.world.now());
  fake::step(talk, f.world.now());
  BOOST_TEST((talk.wants() == want::wait));
  BOOST_TEST(talk.until().ms == (f.world.now().boot + cs::seconds(1)).ms);
  BOOST_TEST((f.two.reasons == std::vector{cs::why::refused}));
  BOOST_TEST(f.three.challenges == std::vector{"Bearer realm=\"one\""s}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_failure_ends_it_and_is_the_outcome) {
  frame f;
  f.two.answers = {fails(cs::errc::transient, "later")};
  auto talk = f.begin();
  while (fake::step(talk, f.world.now())) {
  }
  auto const got = std::move(talk).outcome();
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error() == cs::error(cs::errc::transient, "later")));
  BOOST_TEST(f.three.asked() == 0u);
}

// A part that hears no challenge would take the refusal for one without.
BOOST_AUTO_TEST_CASE(a_challenge_that_found_no_memory_ends_it) {
  if (!fake::heap::is_ours) return;
  frame f;
  auto talk = [&] {
    fake::heap::refused_once const refused(0);
    return f.begin(cs::why::refused);
  }();
  BOOST_REQUIRE((talk.wants() == want::done));
  BOOST_TEST((std::move(talk).outcome().error().code() == cs::errc::no_memory));
  BOOST_TEST(f.one.asked() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
