#include <countersign/core/steps.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <concepts>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

using namespace countersign;

namespace {

// Goes through every want once: asks a server, does some work, waits, asks a person, and is done.
class tour : public steps<tour, std::string> {
public:
  tour() { send(request("GET", "https://example.com/1"), &tour::answered); }

  std::string path;

private:
  void answered() {
    if (answer() == nullptr)
      return give_up(error{errc::unanswered, how_lost() == lost::not_sent ? "not sent" : "unanswered"});
    path += "answer " + std::to_string(answer()->status()) + ", ";
    work(&tour::dig, &tour::dug);
  }
  void dig() { path += "dig, "; }
  void dug() {
    path += "dug, ";
    wait(now().boot + seconds(5), &tour::waited);
  }
  void waited() {
    path += "waited, ";
    question what;
    what.url = secret("https://example.com/page");
    ask(std::move(what), &tour::told);
  }
  void told() {
    path += "told " + std::string(said().reveal());
    finish(path);
  }
};

static_assert(exchange<tour> && !call_exchange<tour>);

clocks const noon = {{43'200'000}, {1000}};

using event = std::function<void(tour&)>;

struct named_event {
  char const* name;
  want when;  // where it is wanted; want::done: nowhere
  event act;
};

std::vector<named_event> const events = {
    {"supply", want::send, [](tour& t) { t.supply(response(200), noon); }},
    {"fail", want::send, [](tour& t) { t.fail(lost::unanswered, noon); }},
    {"resume", want::wait, [](tour& t) { t.resume(noon); }},
    {"arrive", want::person, [](tour& t) { t.arrive("here", noon); }},
    {"perform", want::work, [](tour& t) { t.perform(); }},
};

// The tour as it stands after so many steps of the right kind.
constexpr int last_stop = 4;
tour tour_at(int stop) {
  tour t;
  if (stop > 0) t.supply(response(200), noon);
  if (stop > 1) t.perform(), t.resume(noon);
  if (stop > 2) t.resume(noon);
  if (stop > 3) t.arrive("here", noon);
  return t;
}
want const wanted_at[] = {want::send, want::work, want::wait, want::person, want::done};
constexpr auto whole_path = "answer 200, dig, dug, waited, told here";

std::string finished(tour&& t) {
  BOOST_TEST((t.wants() == want::done));
  auto got = std::move(t).outcome();
  return got ? *got : "error: " + std::string(got.error().message());
}
// Takes a tour that stands at `stop` to its end.
std::string led_on(tour&& t, int stop) {
  if (stop <= 0) t.supply(response(200), noon);
  if (stop <= 1) t.perform(), t.resume(noon);
  if (stop <= 2) t.resume(noon);
  if (stop <= 3) t.arrive("here", noon);
  return finished(std::move(t));
}

}  // namespace

namespace {
struct unasked : countersign::steps<unasked, int> {};
static_assert(std::movable<unasked> && !std::copyable<unasked>);  // two of them could ask twice
}  // namespace

BOOST_AUTO_TEST_SUITE(core_steps)

BOOST_AUTO_TEST_CASE(each_step_says_what_it_wants) {
  tour t;
  BOOST_TEST((t.wants() == want::send));
  BOOST_TEST(t.pending().url() == "https://example.com/1");
  t.supply(response(204), noon);
  BOOST_TEST((t.wants() == want::work));
  t.perform();
  BOOST_TEST((t.wants() == want::work));
  t.resume(noon);
  BOOST_TEST((t.wants() == want::wait));
  BOOST_TEST((t.until() == boot_time{6000}));
  t.resume(noon);
  BOOST_TEST((t.wants() == want::person));
  BOOST_TEST(t.asks().url.reveal() == "https://example.com/page");
  t.arrive("", noon);
  BOOST_TEST(finished(std::move(t)) == "answer 204, dig, dug, waited, told ");
}

BOOST_AUTO_TEST_CASE(a_lost_request_says_how) {
  for (auto const& [how, text] :
       {std::pair(lost::not_sent, "error: not sent"), std::pair(lost::unanswered, "error: unanswered")}) {
    tour t;
    t.fail(how, noon);
    BOOST_TEST(finished(std::move(t)) == text);
  }
}

BOOST_AUTO_TEST_CASE(an_event_that_is_not_wanted_is_ignored) {
  for (int stop = 0; stop <= last_stop; ++stop)
    for (auto const& each : events) {
      if (each.when == wanted_at[stop]) continue;
      auto t = tour_at(stop);
      each.act(t);
      BOOST_TEST_CONTEXT(each.name << " at stop " << stop) {
        BOOST_REQUIRE((t.wants() == wanted_at[stop]));
        BOOST_TEST(led_on(std::move(t), stop) == whole_path);
      }
    }
}

BOOST_AUTO_TEST_CASE(work_is_done_once_and_not_passed_over) {
  auto t = tour_at(1);
  t.resume(noon);
  BOOST_TEST((t.wants() == want::work));
  t.perform();
  t.perform();
  t.resume(noon);
  BOOST_TEST((t.wants() == want::wait));
  BOOST_TEST(t.path == "answer 200, dig, dug, ");
}

BOOST_AUTO_TEST_CASE(it_may_be_moved_in_mid_conversation) {
  for (int stop = 0; stop <= last_stop; ++stop) {
    auto first = tour_at(stop);
    std::optional<tour> second(std::move(first));
    tour third;
    third = std::move(*second);
    second.reset();
    BOOST_TEST(led_on(std::move(third), stop) == whole_path);
  }
}

BOOST_AUTO_TEST_CASE(it_may_be_dropped_at_any_step) {
  for (int stop = 0; stop <= last_stop; ++stop) static_cast<void>(tour_at(stop));
}

BOOST_AUTO_TEST_CASE(left_before_its_end_it_has_no_outcome) {
  for (int stop = 0; stop < last_stop; ++stop) {
    auto const got = tour_at(stop).outcome();
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == errc::abandoned));
  }
}

namespace {
class errand : public steps<errand, int> {
public:
  explicit errand(int what) {
    if (what == 0) finish(7);
    if (what == 1) give_up(error{errc::not_mine, "nothing here"});
    if (what == 2) work(&errand::fail_in_work, &errand::never);
    if (what == 4) wait({}, &errand::forget);
  }
  waker* waits() const { return who_waits(); }
  bool called = false;
  int forgotten = 0;

private:
  void forget() { ++forgotten; }
  void fail_in_work() { give_up(error{errc::fatal, "in work"}); }
  void never() { called = true; }
};
}  // namespace

BOOST_AUTO_TEST_CASE(it_may_be_done_before_it_has_begun) {
  errand done(0), refused(1), idle(3);
  BOOST_TEST((done.wants() == want::done));
  BOOST_TEST(std::move(done).outcome().value() == 7);
  BOOST_TEST((std::move(refused).outcome().error().code() == errc::not_mine));
  BOOST_TEST((idle.wants() == want::done));
  BOOST_TEST((std::move(idle).outcome().error().code() == errc::abandoned));
}

BOOST_AUTO_TEST_CASE(work_may_end_it) {
  errand e(2);
  e.perform();
  BOOST_TEST((e.wants() == want::done));
  e.resume(noon);
  BOOST_TEST(!e.called);
  BOOST_TEST(std::move(e).outcome().error().message() == "in work");
}

BOOST_AUTO_TEST_CASE(a_step_that_asks_for_nothing_is_not_run_again) {
  errand e(4);
  e.resume(noon);
  e.resume(noon);
  BOOST_TEST(e.forgotten == 1);
}

BOOST_AUTO_TEST_CASE(the_waker_is_the_drivers) {
  waker who;
  errand e(0);
  BOOST_TEST(e.waits() == nullptr);
  e.wake_with(who);
  auto const moved = std::move(e);
  BOOST_TEST(moved.waits() == &who);
}

BOOST_AUTO_TEST_CASE(nothing_of_a_conversation_stays_in_freed_memory) {
  using namespace std::string_view_literals;
  constexpr auto canary = "steps-canary-63ac"sv;
  fake::heap::watch const watch(canary);
  {
    tour t;
    t.supply(response(200, secret(canary)), noon);
    t.perform();
    t.resume(noon);
    t.resume(noon);
    auto moved = std::move(t);
    t = tour();
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
