#include <countersign/auth/flight.hpp>

#include "fake/context.hpp"
#include "os/forked.hpp"

#include <countersign/os/parking.hpp>
#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <barrier>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

namespace cs = countersign;
using part = cs::flight::part;

namespace {

constexpr cs::boot_time start{1'000'000};

/// A waker that counts.
struct bell : cs::waker {
  int rung = 0;
  bell() {
    post = [](cs::waker* self) noexcept { ++static_cast<bell*>(self)->rung; };
  }
};

/// One caller of `join`, with all that it keeps.
struct caller {
  cs::flight::lease lease;
  cs::flight::place place;
  bell waker;
  cs::error reason;

  part join(cs::flight& f, cs::boot_time now = start) { return f.join(lease, place, &waker, reason, now); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_flight)

BOOST_AUTO_TEST_CASE(one_leads_and_the_others_follow_until_it_is_done) {
  cs::flight f;
  caller a, b, c;
  BOOST_TEST((a.join(f) == part::lead));
  BOOST_TEST(static_cast<bool>(a.lease));
  BOOST_TEST((b.join(f) == part::follow));
  BOOST_TEST((c.join(f) == part::follow));
  BOOST_TEST(b.waker.rung == 0);
  a.lease.done();
  BOOST_TEST(!a.lease);
  BOOST_TEST(b.waker.rung == 1);
  BOOST_TEST(c.waker.rung == 1);
  BOOST_TEST((b.join(f) == part::lead));
  BOOST_TEST((c.join(f) == part::follow));
}

BOOST_AUTO_TEST_CASE(who_polls_needs_no_waker) {
  cs::flight f;
  caller a, b;
  BOOST_TEST((a.join(f) == part::lead));
  BOOST_TEST((f.join(b.lease, b.place, nullptr, b.reason, start) == part::follow));
  a.lease.failed(cs::error(cs::errc::fatal, "no"), start);
  BOOST_TEST((f.join(b.lease, b.place, nullptr, b.reason, start) == part::failed));
}

BOOST_AUTO_TEST_CASE(a_failure_is_shared_by_all_who_waited_for_it) {
  cs::flight f;
  caller a, b, c, late;
  BOOST_REQUIRE((a.join(f) == part::lead));
  BOOST_REQUIRE((b.join(f) == part::follow));
  BOOST_REQUIRE((c.join(f) == part::follow));
  a.lease.failed(cs::error(cs::errc::transient, "the endpoint is down"), start);
  BOOST_TEST((late.join(f) == part::lead));  // its time to try again has come
  BOOST_TEST(
      (b.join(f) == part::failed));  // but these have their answer, also while another attempt is under way
  BOOST_TEST(b.reason.message() == "the endpoint is down");
  BOOST_TEST((c.join(f) == part::failed));
  BOOST_TEST((c.reason.code() == cs::errc::transient));
}

BOOST_AUTO_TEST_CASE(a_failure_holds_until_its_retry_time) {
  cs::flight f;
  caller a, b;
  BOOST_REQUIRE((a.join(f) == part::lead));
  a.lease.failed(cs::error(cs::errc::transient, "down"), start + cs::seconds(5));
  BOOST_TEST((b.join(f, start + cs::milliseconds(4999)) == part::failed));
  BOOST_TEST(b.reason.message() == "down");
  BOOST_TEST((b.join(f, start + cs::seconds(5)) == part::lead));
}

BOOST_AUTO_TEST_CASE(failures_in_a_row_are_counted_and_a_success_ends_the_row) {
  cs::flight f;
  caller a;
  for (unsigned n = 0; n < 3; ++n) {
    BOOST_REQUIRE((a.join(f) == part::lead));
    BOOST_TEST(f.failures() == n);
    a.lease.failed(cs::error(cs::errc::transient, "down"), start);
    a.place.reset();
  }
  BOOST_REQUIRE((a.join(f) == part::lead));
  { auto const left = std::move(a.lease); }  // left before it was sent: no failure of the server's
  BOOST_REQUIRE((a.join(f) == part::lead));
  BOOST_TEST(f.failures() == 3u);
  a.lease.done();
  BOOST_TEST(f.failures() == 0u);
}

BOOST_AUTO_TEST_CASE(a_leader_that_leaves_before_it_has_sent_hands_on_to_the_next) {
  cs::flight f;
  caller b, c;
  {
    caller a;
    BOOST_REQUIRE((a.join(f) == part::lead));
    BOOST_REQUIRE((b.join(f) == part::follow));
    BOOST_REQUIRE((c.join(f) == part::follow));
  }
  BOOST_TEST(b.waker.rung == 1);
  BOOST_TEST((b.join(f) == part::lead));
  BOOST_TEST((c.join(f) == part::follow));
}

BOOST_AUTO_TEST_CASE(a_leader_that_leaves_after_it_has_sent_leaves_an_unknown_answer_to_those_who_waited) {
  cs::flight f;
  caller b, late;
  {
    caller a;
    BOOST_REQUIRE((a.join(f) == part::lead));
    BOOST_REQUIRE((b.join(f) == part::follow));
    a.lease.sent();
  }
  BOOST_TEST((b.join(f) == part::failed));
  BOOST_TEST((b.reason.code() == cs::errc::unanswered));
  BOOST_TEST((late.join(f) == part::lead));
  late.lease.done();
  caller next;
  { BOOST_REQUIRE((next.join(f) == part::lead)); }
  caller waiting;
  BOOST_REQUIRE((waiting.join(f) == part::follow));
  { auto const left = std::move(next.lease); }
  BOOST_TEST((waiting.join(f) == part::lead));  // `sent` counted for its own attempt alone
}

BOOST_AUTO_TEST_CASE(who_leaves_is_not_woken) {
  cs::flight f;
  caller a, b, c, d;
  BOOST_REQUIRE((a.join(f) == part::lead));
  BOOST_REQUIRE((b.join(f) == part::follow));
  BOOST_REQUIRE((c.join(f) == part::follow));
  BOOST_REQUIRE((d.join(f) == part::follow));
  c.place.leave();
  { auto const gone = std::move(b.place); }
  a.lease.done();
  BOOST_TEST(b.waker.rung == 0);
  BOOST_TEST(c.waker.rung == 0);
  BOOST_TEST(d.waker.rung == 1);
  BOOST_TEST(b.waker.next == nullptr);
}

BOOST_AUTO_TEST_CASE(who_joins_again_waits_once) {
  cs::flight f;
  caller a, b;
  BOOST_REQUIRE((a.join(f) == part::lead));
  for (int i = 0; i < 3; ++i) BOOST_REQUIRE((b.join(f) == part::follow));
  a.lease.done();
  BOOST_TEST(b.waker.rung == 1);
}

BOOST_AUTO_TEST_CASE(a_lease_that_is_assigned_over_is_left_at_once) {
  cs::flight f, other;
  caller a, b, c;
  BOOST_REQUIRE((a.join(f) == part::lead));
  BOOST_REQUIRE((b.join(f) == part::follow));
  BOOST_REQUIRE((c.join(other) == part::lead));
  a.lease = std::move(c.lease);
  BOOST_TEST(b.waker.rung == 1);
  BOOST_TEST(static_cast<bool>(a.lease));
  BOOST_TEST((b.join(f) == part::lead));
}

BOOST_AUTO_TEST_CASE(a_place_that_is_assigned_over_is_left_at_once) {
  cs::flight f;
  caller a, b, c;
  BOOST_REQUIRE((a.join(f) == part::lead));
  BOOST_REQUIRE((b.join(f) == part::follow));
  BOOST_REQUIRE((c.join(f) == part::follow));
  b.place = std::move(c.place);
  a.lease.done();
  BOOST_TEST(b.waker.rung == 0);
  BOOST_TEST(c.waker.rung == 1);
}

// Epochs of eight threads: one leads, drops its lease at random or goes through; the others wait.
BOOST_AUTO_TEST_CASE(of_eight_threads_never_two_lead_and_none_is_left_waiting) {
  constexpr int threads = 8, epochs = 300;
  cs::flight f;
  std::atomic<int> leaders = 0, two = 0, stuck = 0, published = 0, renewals = 0;
  std::barrier turn(threads);
  auto const one = [&](unsigned seed) {
    for (int epoch = 1; epoch <= epochs; ++epoch) {
      turn.arrive_and_wait();
      cs::parking place_to_wait;
      cs::flight::place place;
      while (published < epoch) {
        cs::flight::lease lease;
        cs::error reason;
        auto const now = cs::system_context.now().boot;
        if (f.join(lease, place, &place_to_wait, reason, now) == part::follow) {
          if (!place_to_wait.wait_until(now + cs::seconds(60), cs::system_context)) ++stuck;
          continue;
        }
        if (!lease) {  // the attempt that we waited for was left after it had been sent: begin anew
          place.reset();
          continue;
        }
        two += ++leaders != 1;
        std::this_thread::yield();  // so that others come while we lead
        seed = seed * 1664525u + 1013904223u;
        bool const goes_through = published < epoch && (seed >> 16) % 3 == 0;
        if (goes_through) {
          ++renewals;
          published = epoch;
        } else if ((seed >> 16) % 3 == 1) {
          lease.sent();
        }
        --leaders;
        if (goes_through) lease.done();
      }
    }
  };
  std::vector<std::jthread> all;
  for (unsigned i = 0; i < threads; ++i) all.emplace_back(one, i * 7919u);
  all.clear();
  BOOST_TEST(two == 0);
  BOOST_TEST(stuck == 0);
  BOOST_TEST(renewals == epochs);
}

BOOST_AUTO_TEST_CASE(a_child_of_fork_leads_where_a_thread_of_its_parent_led) {
  cs::flight f;
  caller leader, follower;
  BOOST_REQUIRE((leader.join(f) == part::lead));
  BOOST_REQUIRE((follower.join(f) == part::follow));
  BOOST_TEST(in_child([&] {
    caller c;
    return c.join(f) == part::lead && follower.join(f) == part::follow;
  }));
  leader.lease.sent();
  BOOST_TEST(in_child([&] {
    if (follower.join(f) != part::failed || follower.reason.code() != cs::errc::unanswered) return false;
    caller c;
    return c.join(f) == part::lead;
  }));
  // Nothing of this has touched the parent.
  leader.lease.done();
  BOOST_TEST(follower.waker.rung == 1);
}

BOOST_AUTO_TEST_CASE(the_copy_of_a_lease_in_a_child_ends_no_attempt_of_the_child) {
  cs::flight f;
  caller leader;
  BOOST_REQUIRE((leader.join(f) == part::lead));
  BOOST_TEST(in_child([&] {
    caller a, b, c;
    if (a.join(f) != part::lead) return false;
    leader.lease.sent();
    leader.lease.done();  // the copy
    if (b.join(f) != part::follow) return false;
    { auto const left = std::move(a.lease); }
    return b.join(f) == part::lead;  // nor did it mark that attempt as sent
  }));
  leader.lease.done();
}

BOOST_AUTO_TEST_CASE(the_copy_of_a_lease_in_a_child_wakes_nobody_of_the_parent) {
  cs::flight f;
  caller leader, follower;
  BOOST_REQUIRE((leader.join(f) == part::lead));
  BOOST_REQUIRE((follower.join(f) == part::follow));
  BOOST_TEST(in_child([&] {
    { auto const left = std::move(leader.lease); }
    return follower.waker.rung == 0;  // its thread is not here, and its locks may be held for ever
  }));
}

BOOST_AUTO_TEST_CASE(a_child_of_fork_never_hangs_whatever_its_parents_threads_were_doing) {
  constexpr int forks = 1000;
  cs::flight f;
  std::atomic<bool> enough = false;
  auto const busy = [&] {
    for (unsigned n = 0; !enough; ++n) {
      caller a;
      if (a.join(f) == part::lead && n % 3 != 0) a.lease.sent();
      if (a.lease && n % 3 == 1) a.lease.done();
    }
  };
  int bad = 0;
  {
    std::jthread const first(busy), second(busy);
    for (int i = 0; i < forks; ++i)
      bad += !in_child([&] {
        ::alarm(20);  // a child that hangs is ended by it
        caller a, b, c;
        if (a.join(f) != part::lead || b.join(f) != part::follow) return false;
        a.lease.done();
        return b.waker.rung == 1 && c.join(f) == part::lead;
      });
    enough = true;
  }
  BOOST_TEST(bad == 0);
}

BOOST_AUTO_TEST_SUITE_END()
