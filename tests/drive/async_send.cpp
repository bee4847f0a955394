#include <countersign/drive/async_send.hpp>

#include "drive/conversations.hpp"
#include "fake/memory_loop.hpp"

#include <optional>
#include <vector>

namespace {

namespace cs = countersign;

struct callbacks {
  explicit callbacks(fake::service& api) : loop(api) {}
  static std::string origin() { return "https://api.example"; }
  template <class Auth>
  cs::result<cs::response> send(Auth& auth, cs::request const& call) {
    std::optional<cs::result<cs::response>> got;
    int times = 0;
    cs::async_send<cs::response>(auth, call, loop, [&](cs::result<cs::response> answer) {
      got = std::move(answer);
      ++times;
    });
    BOOST_TEST(times == 0);  // nothing happens before the loop turns, not even a failure
    loop.run();
    BOOST_REQUIRE(times == 1);
    return *std::move(got);
  }
  fake::memory_loop loop;
};

auto authenticator(fake::world& world, cs::renewal strategy = {}) {
  return cs::authenticator(cs::oauth::client_credentials{.token_endpoint = "https://api.example/token", .client = {.id = "c", .secret = cs::secret("s")}},
                           cs::bearer{}, strategy, cs::only{"https://api.example"}, world.context());
}

struct tally {
  int good = 0, bad = 0;
  auto counter() {
    return [this](cs::result<cs::response> answer) { answer && answer->status() == 200 ? ++good : ++bad; };
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(drive_async_send)

BOOST_AUTO_TEST_CASE(every_conversation_of_the_table) { conversations::play_all<callbacks>(); }
BOOST_AUTO_TEST_CASE(a_conversation_may_be_left_after_any_event) { conversations::abandon_everywhere<callbacks>(); }

BOOST_AUTO_TEST_CASE(a_source_gets_all_that_it_may_want) { conversations::play_every_want<callbacks>(); }

BOOST_AUTO_TEST_CASE(sixty_four_conversations_on_one_thread_make_one_token_request) {
  fake::world world;
  fake::service api;
  auto auth = authenticator(world);
  fake::memory_loop loop(api, &world);
  tally t;
  cs::request const call("GET", "https://api.example/things");
  for (int i = 0; i < 64; ++i) cs::async_send<cs::response>(auth, call, loop, t.counter());
  loop.run();
  BOOST_TEST(t.good == 64);
  BOOST_TEST(api.token_posts() == 1);
}

BOOST_AUTO_TEST_CASE(a_loop_that_drops_the_leader_after_any_turn_leaves_the_others_able_to_go_on) {
  for (int turns = 0; turns < 8; ++turns) {
    BOOST_TEST_CONTEXT("after " << turns << " turns") {
      fake::world world;
      fake::service api;
      auto auth = authenticator(world);
      fake::memory_loop leaders(api, &world), loop(api, &world);
      tally dropped, t;
      cs::request const call("GET", "https://api.example/things");
      cs::async_send<cs::response>(auth, call, leaders, dropped.counter());
      for (int i = 0; i < 3; ++i) cs::async_send<cs::response>(auth, call, loop, t.counter());
      leaders.run(turns);
      leaders.drop();
      loop.run();
      BOOST_TEST(t.good == 3);
      BOOST_TEST(api.token_posts() <= 2);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_caller_who_waits_too_long_for_another_is_told) {
  fake::world world;
  fake::service api;
  auto auth = authenticator(world);
  fake::memory_loop leaders(api, &world), loop(api, &world);
  tally stuck;
  cs::request const call("GET", "https://api.example/things");
  cs::async_send<cs::response>(auth, call, leaders, stuck.counter());  // leads, and its loop is never turned
  std::optional<cs::errc> told;
  cs::async_send<cs::response>(auth, call, loop, [&](cs::result<cs::response> answer) { told = answer ? cs::errc::none : answer.error().code(); });
  loop.run();  // moves the clock to the timer
  BOOST_REQUIRE(told.has_value());
  BOOST_TEST(name(*told) == "transient");
}

BOOST_AUTO_TEST_SUITE_END()
