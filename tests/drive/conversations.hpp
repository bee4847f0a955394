#pragma once
// One table of conversations, which every way to drive an exchange must play alike. A driver is a type with
//     Driver(fake::service&)                       what stands behind it
//     std::string origin() const                   of the service, as this driver reaches it
//     result<response> send(auth, request const&)  plays one conversation to its end

#include "fake/context.hpp"
#include "fake/service.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/auth/any_authenticator.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/oauth/client_credentials.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace conversations {

namespace cs = countersign;

// A formatter that has to learn a nonce before its server takes it.
struct echo {
  struct memory {
    std::mutex lock;
    std::string nonce;
    cs::stamp epoch = 0;
  };
  template <class C>
  cs::result<cs::stamp> format(C const&, cs::request_view auto const&, cs::draft& out, cs::moment const&, memory& kept) const {
    std::lock_guard const guard(kept.lock);
    if (kept.epoch != 0) out.set("X-Echo", kept.nonce);
    return kept.epoch;
  }
  template <class C>
  cs::heard learn(C const&, cs::request_view auto const&, cs::response_head const& head, cs::stamp sent, memory& kept) const {
    auto const nonce = head.get("X-Nonce");
    if (head.status() != 401 || !nonce) return cs::heard::nothing;
    std::lock_guard const guard(kept.lock);
    if (sent == kept.epoch) {
      if (kept.nonce == *nonce && sent != 0) return cs::heard::nothing;
      kept.nonce = *nonce;
      ++kept.epoch;
    }
    return cs::heard::try_again;
  }
};

/// A source that wants everything there is to want, and keeps what it heard.
class thorough {
public:
  using credential = cs::secret;

  struct exchange : cs::steps<exchange, cs::issued<cs::secret>> {
    exchange(std::string const& endpoint, std::vector<std::string>& heard, cs::occasion const& why)
        : endpoint_(endpoint), heard_(&heard), begun_(why.now) {
      work(&exchange::job, &exchange::worked);
    }

  private:
    void job() { done_ = true; }
    void worked() {
      heard_->push_back(done_ ? "worked" : "not worked");
      send(cs::request("GET", endpoint_), &exchange::refused);
    }
    void refused() {
      heard_->push_back(answer() != nullptr ? "answer " + std::to_string(answer()->status()) : "none");
      wait(begun_.boot + cs::milliseconds(1), &exchange::waited);
    }
    void waited() {
      heard_->push_back("time");
      cs::question asked;
      asked.url = cs::secret(endpoint_);
      ask(std::move(asked), &exchange::arrived);
    }
    void arrived() {
      heard_->push_back("said '" + std::string(said().reveal()) + "'");
      send(cs::request("POST", endpoint_), &exchange::answered);
    }
    void answered() {
      if (answer() == nullptr || answer()->status() != 200) return give_up(cs::error{cs::errc::transient, "thorough"});
      auto const body = answer()->body.reveal();
      auto const from = body.find("\"t") + 1;
      finish({cs::secret(body.substr(from, body.find('"', from) - from)), cs::never_expires});
    }

    std::string endpoint_;
    std::vector<std::string>* heard_;
    cs::clocks begun_;
    bool done_ = false;
  };

  thorough(std::string endpoint, std::vector<std::string>& heard) : endpoint_(std::move(endpoint)), heard_(&heard) {}
  [[nodiscard]] exchange acquire(cs::occasion const& why, cs::context const&) const { return exchange(endpoint_, *heard_, why); }

private:
  std::string endpoint_;
  std::vector<std::string>* heard_;
};

enum class formatter { bearer, bearer_and_echo };

struct row {
  char const* name;
  std::function<void(fake::service&)> set_up;
  int sends = 1;                       // how often the same request is sent, the world standing still
  cs::errc fails = cs::errc::none;     // how the last one ends …
  int status = 200;                    // … or with which status
  int calls = 1, token_posts = 1;      // in all
  std::vector<std::string> carried = {"Bearer t1"};
  cs::renewal strategy = {};
  bool replayable = true;
  formatter writes = formatter::bearer;
  cs::duration between = {};           // how far the clocks move between two sends
  cs::duration tick = {};     // and at every reading, where somebody waits
};

inline std::vector<row> table() {
  using calls = std::vector<std::string>;
  auto const nothing = [](fake::service&) {};
  auto const turn = [](auto f) { return [f](fake::service& s) { f(s.turn); }; };
  using knobs = fake::service::knobs;
  return {
      {.name = "success", .set_up = nothing},
      {.name = "the token is kept for the next request",
       .set_up = nothing,
       .sends = 3,
       .calls = 3,
       .carried = calls(3, "Bearer t1")},
      {.name = "401, then renewed",
       .set_up = turn([](knobs& k) { k.good_from = 2; }),
       .calls = 2,
       .token_posts = 2,
       .carried = {"Bearer t1", "Bearer t2"}},
      {.name = "401 twice",
       .set_up = turn([](knobs& k) { k.refuse_all = true; }),
       .fails = cs::errc::rejected,
       .calls = 2,
       .token_posts = 2,
       .carried = {"Bearer t1", "Bearer t2"}},
      {.name = "401, and the strategy renews nothing",
       .set_up = turn([](knobs& k) { k.refuse_all = true; }),
       .fails = cs::errc::rejected,
       .strategy = {.renewals = 0}},
      {.name = "403 is the caller's", .set_up = turn([](knobs& k) { k.call_status = 403; }), .status = 403},
      {.name = "403 for lack of scope, without step-ups",
       .set_up = turn([](knobs& k) { k.scope_from = 9; }),
       .status = 403},
      {.name = "403 for lack of scope, then stepped up",
       .set_up = turn([](knobs& k) { k.scope_from = 2; }),
       .calls = 2,
       .token_posts = 2,
       .carried = {"Bearer t1", "Bearer t2"},
       .strategy = {.step_ups = 2}},
      {.name = "step-ups are capped",
       .set_up = turn([](knobs& k) { k.scope_from = 9; }),
       .status = 403,
       .calls = 3,
       .token_posts = 3,
       .carried = {"Bearer t1", "Bearer t2", "Bearer t3"},
       .strategy = {.step_ups = 2}},
      {.name = "the call is lost",
       .set_up = turn([](knobs& k) { k.lose_calls = cs::lost::unanswered; }),
       .fails = cs::errc::unanswered},
      {.name = "the token request is lost",
       .set_up = turn([](knobs& k) { k.lose_tokens = cs::lost::unanswered; }),
       .fails = cs::errc::unanswered,
       .calls = 0,
       .token_posts = 3,
       .carried = {},
       .tick = cs::seconds(3)},
      {.name = "a failed token request is not repeated at once",
       .set_up = turn([](knobs& k) { k.token_status = 503; }),
       .sends = 3,
       .fails = cs::errc::transient,
       .calls = 0,
       .carried = {}},
      {.name = "nor is one that the server refuses",
       .set_up = turn([](knobs& k) { k.token_status = 400; }),
       .sends = 2,
       .fails = cs::errc::fatal,
       .calls = 0,
       .carried = {}},
      {.name = "after the back-off it is tried again",
       .set_up = turn([](knobs& k) { k.token_status = 503; }),
       .sends = 3,
       .fails = cs::errc::transient,
       .calls = 0,
       .token_posts = 3,
       .carried = {},
       .between = cs::seconds(10)},
      {.name = "early renewal fails: what still works is used",
       .set_up = [](fake::service& s) { s.before_call = [](int, knobs& k) { k.token_status = 503; }; },
       .sends = 2,
       .calls = 2,
       .token_posts = 2,
       .carried = calls(2, "Bearer t1"),
       .between = cs::seconds(3590)},
      {.name = "early renewal",
       .set_up = nothing,
       .sends = 2,
       .calls = 2,
       .token_posts = 2,
       .carried = {"Bearer t1", "Bearer t2"},
       .between = cs::seconds(3590)},
      {.name = "after expiry",
       .set_up = nothing,
       .sends = 2,
       .calls = 2,
       .token_posts = 2,
       .carried = {"Bearer t1", "Bearer t2"},
       .between = cs::seconds(4000)},
      {.name = "a token issued for no time serves the call it was asked for",
       .set_up = turn([](knobs& k) { k.expires_in = 0; }),
       .sends = 2,
       .calls = 2,
       .token_posts = 2,
       .carried = {"Bearer t1", "Bearer t2"}},
      {.name = "401, and the body can't be sent again",
       .set_up = turn([](knobs& k) { k.good_from = 2; }),
       .fails = cs::errc::rejected,
       .replayable = false},
      {.name = "the next request then carries a renewed token",
       .set_up = turn([](knobs& k) { k.good_from = 2; }),
       .sends = 2,
       .calls = 2,
       .token_posts = 2,
       .carried = {"Bearer t1", "Bearer t2"},
       .replayable = false},
      {.name = "a nonce is learned and the token is not to blame",
       .set_up = turn([](knobs& k) { k.wants_nonce = true; }),
       .calls = 2,
       .carried = calls(2, "Bearer t1"),
       .writes = formatter::bearer_and_echo},
      {.name = "a status that nobody knows is the caller's",
       .set_up = turn([](knobs& k) { k.call_status = 999; }),
       .status = 999},
      {.name = "the token endpoint answers a status that nobody knows",
       .set_up = turn([](knobs& k) { k.token_status = 299; }),
       .fails = cs::errc::unanswered,
       .calls = 0,
       .carried = {}},
  };
}

template <class Driver, class Auth>
void play(Driver& driver, fake::world& world, row const& r, Auth& auth) {
  cs::request call("POST", driver.origin() + "/things?x=1", cs::secret("{}"));
  call.may_replay = r.replayable;
  cs::result<cs::response> last = cs::error{cs::errc::abandoned, "never sent"};
  for (int i = 0; i < r.sends; ++i) {
    if (i > 0) world.advance(r.between);
    last = driver.send(auth, call);
  }
  if (r.fails == cs::errc::none) {
    BOOST_REQUIRE_MESSAGE(last.has_value(), last.error().message());
    BOOST_TEST(last->status() == r.status);
    if (r.status == 200) BOOST_TEST(last->body.reveal() == "hello");
  } else {
    BOOST_REQUIRE(!last.has_value());
    BOOST_TEST(name(last.error().code()) == name(r.fails));
    BOOST_TEST(last.error().message() != "");
  }
  BOOST_TEST(!call.get("Authorization").has_value());  // the user's request stays as it was
}

/// Plays the table: as it stands, and with the authenticator's type erased.
template <class Driver>
void play_all() {
  for (bool erased : {false, true})
    for (row const& r : table()) {
      BOOST_TEST_CONTEXT(r.name << (erased ? " (erased)" : "")) {
        fake::world world;
        fake::service api;
        r.set_up(api);
        world.tick = r.tick;
        Driver driver(api);
        if constexpr (requires { driver.keep_time_by(world); }) driver.keep_time_by(world);
        auto const token_endpoint = driver.origin() + "/token";
        cs::oauth::client_credentials source{.token_endpoint = token_endpoint, .client = {.id = "c", .secret = cs::secret("s")}};
        auto const run = [&](auto formatter) {
          using made = cs::authenticator<cs::oauth::client_credentials, decltype(formatter), cs::renewal, cs::only<1>>;
          if (erased) {
            cs::any_authenticator auth(std::in_place_type<made>, source, formatter, r.strategy, cs::only{driver.origin()}, world.context());
            play(driver, world, r, auth);
          } else {
            made auth(source, formatter, r.strategy, cs::only{driver.origin()}, world.context());
            play(driver, world, r, auth);
          }
        };
        if (r.writes == formatter::bearer) run(cs::bearer{});
        else run(cs::each_of{cs::bearer{}, echo{}});
        BOOST_TEST(api.calls() == r.calls);
        BOOST_TEST(api.token_posts() == r.token_posts);
        BOOST_TEST(api.carried() == r.carried, boost::test_tools::per_element());
      }
    }
}

/// A source that wants everything in turn gets it, and nobody is there to be asked.
template <class Driver>
void play_every_want() {
  fake::world world;
  world.tick = cs::milliseconds(1);  // somebody who blocks waits for the time to come
  fake::service api;
  Driver driver(api);
  if constexpr (requires { driver.keep_time_by(world); }) driver.keep_time_by(world);
  std::vector<std::string> heard;
  cs::authenticator auth(thorough(driver.origin() + "/token", heard), cs::bearer{}, cs::renewal{}, cs::only{driver.origin()}, world.context());
  cs::request const call("GET", driver.origin() + "/things");
  auto const got = driver.send(auth, call);
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(got->status() == 200);
  std::vector<std::string> const wanted = {"worked", "answer 405", "time", "said ''", "answer 200"};
  heard.push_back("answer " + std::to_string(got->status()));
  BOOST_TEST(heard == wanted, boost::test_tools::per_element());
  BOOST_TEST(api.token_posts() == 1);
  BOOST_TEST(api.carried() == std::vector<std::string>{"Bearer t1"}, boost::test_tools::per_element());
}

/// A conversation left after k events, for every k; then the next caller must get through, by this driver.
template <class Driver>
void abandon_everywhere() {
  bool reached_the_end = false;
  for (int k = 0; !reached_the_end; ++k) {
    BOOST_TEST_CONTEXT("left after " << k << " events") {
      fake::world world;
      fake::service api;
      api.turn.good_from = 2;
      Driver driver(api);
      auto const token_endpoint = driver.origin() + "/token";
      cs::authenticator auth(cs::oauth::client_credentials{.token_endpoint = token_endpoint, .client = {.id = "c", .secret = cs::secret("s")}},
                             cs::bearer{}, cs::renewal{}, cs::only{driver.origin()}, world.context());
      cs::request call("GET", driver.origin() + "/things");
      {
        auto talk = auth.begin(call);
        fake::direct http(api);
        for (int i = 0; i < k && !reached_the_end; ++i) {
          switch (talk.wants()) {
            case cs::want::send: talk.supply(*http(talk.pending()), world.now()); break;
            case cs::want::call: {
              // The origin may be a real one; the service looks at the path alone.
              cs::request attempt = call;
              BOOST_REQUIRE(talk.write(attempt).has_value());
              auto const answer = http(attempt);
              talk.heard(*answer, world.now());
              break;
            }
            default: reached_the_end = true;
          }
        }
        auto moved = std::move(talk);  // also from wherever it has come to
      }
      auto const next = driver.send(auth, call);
      BOOST_REQUIRE_MESSAGE(next.has_value(), next.error().message());
      BOOST_TEST(next->status() == 200);
      BOOST_TEST(api.token_posts() <= 3);
    }
    BOOST_REQUIRE(k < 20);
  }
}

}  // namespace conversations
