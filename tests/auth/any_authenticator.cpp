#include <countersign/auth/any_authenticator.hpp>

#include <countersign/drive/send.hpp>
#include <countersign/format/as_is.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/source/all_of.hpp>
#include <countersign/source/env.hpp>
#include <countersign/source/fixed.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "fake/sources.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cs = countersign;
using namespace std::literals;
using cs::want;
using fake::fails;
using fake::says;
using fake::script;

static_assert(cs::call_exchange<cs::any_conversation>);
static_assert(std::is_nothrow_move_constructible_v<cs::any_authenticator> &&
              !std::is_copy_constructible_v<cs::any_authenticator>);
static_assert(!std::is_convertible_v<int, cs::any_authenticator> && !std::is_convertible_v<cs::bearer, cs::any_authenticator>);
static_assert(!cs::any_authenticator::local, "it may hold one that asks a server");

namespace {

// Another library's request: its view is made for each use.
struct their_request {
  std::string method = "POST", origin = "https://api.example", target = "/t";
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool again = true;
};
struct their_view {
  their_request const* of;
  std::string_view method() const { return of->method; }
  std::string_view origin() const { return of->origin; }
  std::string_view target() const { return of->target; }
  bool replayable() const { return of->again; }
  void fields(auto&& each) const {
    for (auto const& [name, value] : of->headers) each(std::string_view(name), std::string_view(value));
  }
};

// Says what it saw of a request.
struct tells {
  cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const& view, cs::draft& out,
                               cs::moment const&) const {
    std::string seen =
        std::string(view.method()) + " " + std::string(view.origin()) + " " + std::string(view.target());
    view.fields([&](std::string_view name, std::string_view value) {
      seen.append(" ").append(name).append("=").append(value);
    });
    if constexpr (cs::body_view<std::remove_cvref_t<decltype(view)>>)
      seen += view.body() ? " body" : " no body";
    out.set("X-Seen", key.reveal(), " ", seen);
    return cs::stamp{};
  }
};

}  // namespace

template <>
struct countersign::request_traits<their_request> {
  static their_view view(their_request const& request) { return {&request}; }
  static auto sink(their_request& request) {
    return [&request](std::string_view name, std::string_view value) {
      return request.headers.emplace_back(name, value), true;
    };
  }
};

namespace {

constexpr auto url = "https://api.example/things"sv;
constexpr auto none_here = "authenticator: there is none here: it was moved from, or there was no memory"sv;

cs::only<1> origins() { return cs::only("https://api.example"); }

// All fields of a request, and the error where it was not authorized.
template <class Auth>
std::string authorized(Auth& auth, std::string_view to = url) {
  cs::request request("GET", to);
  auto const done = auth.authorize(request);
  std::string all =
      done ? "" : std::string(cs::name(done.error().code())) + ": " + std::string(done.error().message());
  request.fields([&](std::string_view name, std::string_view value) {
    all.append(name).append(": ").append(value).append(";");
  });
  return all;
}

// A source that takes each kind of step, twice.
auto asking(script& said, cs::context const& outside) {
  said.wants = {want::send, want::work, want::wait, want::person, want::send};
  return cs::authenticator(fake::remote(said), cs::bearer(), cs::renewal(), origins(), outside);
}

struct bell : cs::waker {
  int rung = 0;
  bell() noexcept {
    post = [](waker* self) noexcept { ++static_cast<bell*>(self)->rung; };
  }
};

// One event of a conversation, and what it says then. Its first call is refused, its second taken.
struct journal {
  int calls = 0;
  std::vector<std::string> lines = {};

  template <class Talk>
  bool step(Talk& talk, cs::clocks now) {
    switch (talk.wants()) {
    case want::send:
      lines.push_back("send " + std::string(talk.pending().url()));
      break;
    case want::work:
      lines.push_back("work");
      break;
    case want::wait:
      lines.push_back("wait " + std::to_string(talk.until().ms));
      break;
    case want::person:
      lines.push_back("person " + std::string(talk.asks().url.reveal()));
      break;
    case want::call: {
      cs::request attempt("GET", url);
      auto const wrote = talk.write(attempt);
      lines.push_back("call " + std::string(wrote ? attempt.get("Authorization").value_or("bare")
                                                  : wrote.error().message()));
      talk.heard(cs::response_head(++calls == 1 ? 401 : 200), now);
      return true;
    }
    case want::done: {
      auto const ended = std::move(talk).outcome();
      lines.push_back("done " + std::string(ended ? "well" : ended.error().message()));
      return false;
    }
    }
    return fake::step(talk, now);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_any_authenticator)

BOOST_AUTO_TEST_CASE(one_container_holds_every_kind) {
  fake::world w;
  auto const outside = w.context();
  w.variables = {{"TOKEN", "abc"}, {"ID", "me"}, {"KEY", "k3y"}};
  cs::header_list list;
  list.append("X-A", "1").append("X-B", "2");
  script renewed{says("r1", w.now().wall + cs::seconds(100)), says("r2")};

  std::vector<cs::any_authenticator> all;
  all.emplace_back(cs::authenticator(cs::env("TOKEN"), cs::bearer(), origins(), outside));
  all.emplace_back(cs::authenticator(cs::fixed(cs::basic_login{cs::secret("u"), cs::secret("p")}),
                                     cs::basic(), origins(), outside));
  all.emplace_back(cs::authenticator(cs::all_of(cs::env("ID"), cs::env("KEY")),
                                     cs::each_of(cs::header("X-Id"), cs::header("X-Key")), origins(),
                                     outside));
  all.emplace_back(cs::authenticator(cs::fixed(list), cs::as_is(), origins(), outside));
  all.emplace_back(cs::authenticator(fake::renewable(renewed), cs::header("X-Key"), origins(), outside));
  all.emplace_back(cs::authenticator(cs::env("MISSING"), cs::bearer(), origins(), outside));
  all.emplace_back(std::in_place_type<cs::authenticator<cs::fixed<>, cs::bearer, cs::never, cs::only<1>>>,
                   cs::fixed("in"), cs::bearer(), origins(), outside);

  std::vector const expected{"Authorization: Bearer abc;"s,
                             "Authorization: Basic dTpw;"s,
                             "X-Id: me;X-Key: k3y;"s,
                             "X-A: 1;X-B: 2;"s,
                             "X-Key: r1;"s,
                             "not_mine: env: variable MISSING is not set; export it, then start again"s,
                             "Authorization: Bearer in;"s};
  for (std::size_t i = 0; i < all.size(); ++i) {
    BOOST_TEST(authorized(all[i]) == expected[i]);
    BOOST_TEST(authorized(all[i], "https://evil.example/").find("X-") == std::string::npos);
    BOOST_TEST(authorized(all[i], "https://evil.example/").find("Authorization") == std::string::npos);
  }
  w.advance(cs::seconds(100));
  BOOST_TEST(authorized(all[4]) == "X-Key: r2;");
}

BOOST_AUTO_TEST_CASE(a_conversation_goes_as_it_does_without_erasure) {
  auto const play = [](bool erased) {
    fake::world w;
    auto const outside = w.context();
    script said{says("t1"), says("t2")};
    auto auth = asking(said, outside);
    cs::request const request("GET", url);
    journal kept;
    bell rings;
    auto const run = [&](auto talk) {
      talk.wake_with(rings);
      while (kept.step(talk, w.now())) {
      }
    };
    if (erased) {
      cs::any_authenticator any(std::move(auth));
      run(any.begin(request));
    } else {
      run(auth.begin(request));
    }
    kept.lines.insert(kept.lines.end(), said.heard.begin(), said.heard.end());
    for (auto const why : said.reasons) kept.lines.push_back("why " + std::to_string(static_cast<int>(why)));
    kept.lines.push_back(std::to_string(said.wakers) + " wakers");
    return kept.lines;
  };
  auto const plain = play(false);
  BOOST_TEST(play(true) == plain, boost::test_tools::per_element());
  // Two acquisitions, two calls, the end; then what was heard, twice "why", the wakers.
  BOOST_TEST(plain.size() == 2u * 5 + 2 + 1 + 2 * 5 + 2 + 1);
  BOOST_TEST(plain[5] == "call Bearer t1");
  BOOST_TEST(plain[11] == "call Bearer t2");
  BOOST_TEST(plain[12] == "done well");
}

BOOST_AUTO_TEST_CASE(a_conversation_may_be_moved_and_left_at_each_step) {
  for (int steps = 0; steps <= 13; ++steps) {
    BOOST_TEST_CONTEXT("left after " << steps << " steps") {
      fake::world w;
      auto const outside = w.context();
      script said{says("t1")};
      cs::any_authenticator auth(asking(said, outside));
      cs::request const request("GET", url);
      {
        journal kept;
        auto first = auth.begin(request);
        for (int i = 0; i < steps && kept.step(first, w.now()); ++i) {
        }
        auto second = std::move(first);
        BOOST_TEST((first.wants() == want::done));
        first.supply(cs::response(200), w.now());
        first.resume(w.now());
        BOOST_TEST(!std::move(first).outcome().has_value());
      }
      journal kept{.calls = 1};
      auto next = auth.begin(request);
      while (kept.step(next, w.now())) {
      }
      BOOST_TEST(kept.lines.back() == "done well");
    }
  }
}

// Else the one who leads a renewal would go on leading where it was moved to.
BOOST_AUTO_TEST_CASE(what_is_assigned_over_ends) {
  fake::world w;
  auto const outside = w.context();
  script one{says("t1")}, two{says("t2")};
  cs::any_authenticator auth(asking(one, outside)), other(asking(two, outside));
  cs::request const request("GET", url);
  auto leader = auth.begin(request);
  BOOST_TEST((leader.wants() == want::send));
  auto elsewhere = other.begin(request);
  leader = std::move(elsewhere);
  auto follower = auth.begin(request);
  BOOST_TEST((follower.wants() == want::send));  // it leads itself
  BOOST_TEST((leader.wants() == want::send));
  BOOST_TEST((elsewhere.wants() == want::done));

  cs::any_authenticator held(cs::authenticator(cs::fixed("abc"), cs::bearer(), origins(), outside));
  cs::any_authenticator given(cs::authenticator(cs::fixed("def"), cs::bearer(), origins(), outside));
  held = std::move(given);
  BOOST_TEST(authorized(held) == "Authorization: Bearer def;");
  BOOST_TEST(authorized(given).starts_with("no_memory: "));
  auto& same = held;
  held = std::move(same);
  BOOST_TEST(authorized(held) == "Authorization: Bearer def;");
}

BOOST_AUTO_TEST_CASE(one_that_was_moved_from_says_so_at_each_use) {
  fake::world w;
  cs::any_authenticator auth(cs::authenticator(cs::fixed("abc"), cs::bearer(), origins(), w.context()));
  auto const taken = std::move(auth);
  BOOST_TEST(authorized(auth) == "no_memory: " + std::string(none_here));
  cs::request const request("GET", url);
  auto talk = auth.begin(request);
  BOOST_TEST((talk.wants() == want::done));
  BOOST_TEST(std::move(talk).outcome().error().message() == none_here);
  int sent = 0;
  auto const got = cs::send(auth, request, [&](cs::request const&) -> cs::result<cs::response> {
    return ++sent, cs::response(200);
  });
  BOOST_REQUIRE(!got);
  BOOST_TEST(got.error().message() == none_here);
  BOOST_TEST(sent == 0);
}

BOOST_AUTO_TEST_CASE(one_that_asks_a_server_can_not_authorize_at_once) {
  fake::world w;
  script said{says("t1")};
  cs::any_authenticator auth(asking(said, w.context()));
  BOOST_TEST(
      authorized(auth) ==
      "fatal: authorize: this credential has to be asked for at a server; use send() with a transport");
  BOOST_TEST(said.asked() == 0u);
}

BOOST_AUTO_TEST_CASE(where_a_person_is_needed_and_nobody_was_given_that_is_an_error) {
  fake::world w;
  script said{fails(cs::errc::needs_person, "nobody came")};
  said.wants = {want::person};
  cs::any_authenticator auth(cs::authenticator(fake::remote(said), cs::bearer(), origins(), w.context()));
  auto const got = cs::send(auth, cs::request("GET", url),
                            [](cs::request const&) -> cs::result<cs::response> { return cs::response(200); });
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == cs::errc::needs_person));
}

BOOST_AUTO_TEST_CASE(a_formatter_sees_the_request_through_the_erased_view) {
  fake::world w;
  cs::any_authenticator auth(cs::authenticator(cs::fixed("k"), tells(), origins(), w.context()));
  their_request request;
  request.headers = {{"A", "1"}};
  BOOST_TEST(auth.authorize(request).has_value());
  BOOST_TEST(request.headers.back().second == "k POST https://api.example /t A=1 no body");
  cs::request own("PUT", "https://api.example/x", cs::secret("content"));
  BOOST_TEST(auth.authorize(own).has_value());
  BOOST_TEST(own.get("X-Seen").value() == "k PUT https://api.example /x body");
}

BOOST_AUTO_TEST_CASE(a_conversation_may_be_about_a_foreign_request_or_a_view) {
  fake::world w;
  cs::any_authenticator auth(cs::authenticator(cs::fixed("k"), tells(), origins(), w.context()));
  their_request const request{.headers = {{"A", "1"}}, .again = false};
  std::string wrote;
  auto const sink = [&](std::string_view, std::string_view value) { return wrote = value, true; };
  {
    auto talk = auth.begin(request);
    auto moved = std::move(talk);
    BOOST_TEST(moved.write(sink).has_value());
  }
  BOOST_TEST(wrote == "k POST https://api.example /t A=1 no body");
  their_view const view{&request};
  cs::any_view const erased(view);
  for (int turn = 0; turn < 2; ++turn) {
    auto talk = turn == 0 ? auth.begin(view) : auth.begin(erased);
    BOOST_REQUIRE((talk.wants() == want::call));
    wrote = "";
    BOOST_TEST(talk.write(sink).has_value());
    BOOST_TEST(wrote == "k POST https://api.example /t A=1 no body");
  }
}

BOOST_AUTO_TEST_CASE(a_body_that_can_be_sent_once_is_not_sent_again) {
  for (bool again : {true, false}) {
    fake::world w;
    script said{says("t1"), says("t2")};
    said.wants = {};
    cs::any_authenticator auth(
        cs::authenticator(fake::remote(said), cs::bearer(), cs::renewal(), origins(), w.context()));
    their_request const request{.headers = {}, .again = again};
    auto talk = auth.begin(request);
    BOOST_REQUIRE((talk.wants() == want::call));
    std::string wrote;
    BOOST_TEST(talk.write([&](std::string_view, std::string_view value) { return wrote = value, true; })
                   .has_value());
    talk.heard(cs::response_head(401), w.now());
    BOOST_TEST((talk.wants() == (again ? want::call : want::done)));
  }
}

// Every block that `begin` takes is refused once: the outcome is an error that says so, or all went well.
BOOST_AUTO_TEST_CASE(wherever_memory_ends_a_conversation_ends_with_that_error) {
  if (!fake::heap::is_ours) return;
  fake::world w;
  auto outside = w.context();
  outside.write_trace = nullptr;  // a trace that is kept takes memory of the test's own
  cs::request const request("GET", url);
  script said{says("t1")};
  said.wants = {};
  auto const make = [&] {
    return cs::authenticator(fake::renewable(said), cs::bearer(), cs::renewal(), origins(), outside);
  };
  said.reasons.reserve(100);
  said.challenges.reserve(100);
  long blocks = 0;
  {
    cs::any_authenticator auth(make());
    fake::heap::counter const heap;
    auto talk = auth.begin(request);
    blocks = heap.count();
    BOOST_TEST((talk.wants() == want::call));
  }
  BOOST_TEST(blocks >= 2);
  for (long block = 0; block < blocks; ++block) {
    BOOST_TEST_CONTEXT("block " << block << " of " << blocks) {
      cs::any_authenticator auth(make());
      auto talk = [&] {
        fake::heap::refused_once const refused(block);
        return auth.begin(request);
      }();
      BOOST_REQUIRE((talk.wants() == want::done));
      auto const ended = std::move(talk).outcome();
      BOOST_REQUIRE(!ended);
      BOOST_TEST((ended.error().code() == cs::errc::no_memory));
      // Nobody leads any more, so the next one gets through (after the pause that a failure asks for).
      w.advance(cs::seconds(10));
      journal kept{.calls = 1};
      auto next = auth.begin(request);
      while (kept.step(next, w.now())) {
      }
      BOOST_TEST(kept.lines.back() == "done well");
    }
  }
}

BOOST_AUTO_TEST_CASE(one_for_which_there_was_no_memory_says_so) {
  if (!fake::heap::is_ours) return;
  fake::world w;
  auto plain = cs::authenticator(cs::fixed("abc"), cs::bearer(), origins(), w.context());
  cs::any_authenticator auth = [&] {
    fake::heap::exhausted const none;
    return cs::any_authenticator(std::move(plain));
  }();
  BOOST_TEST(authorized(auth) == "no_memory: " + std::string(none_here));
}

BOOST_AUTO_TEST_CASE(nothing_of_a_credential_stays_in_freed_memory) {
  constexpr auto canary = "c4nary-t0ken-0f-any"sv;
  fake::world w;
  auto const outside = w.context();
  fake::heap::watch const watch(canary);
  {
    std::vector<cs::any_authenticator> all;
    all.reserve(4);
    script said{says(canary), says(canary)};
    said.wants = {want::send};
    all.emplace_back(cs::authenticator(cs::fixed(canary), cs::bearer(), origins(), outside));
    all.emplace_back(cs::authenticator(cs::fixed(canary), tells(), origins(), outside));
    all.emplace_back(cs::authenticator(fake::renewable(said), cs::bearer(), origins(), outside));
    all.emplace_back(cs::authenticator(cs::all_of(fake::remote(said), cs::fixed(canary)),
                                       cs::each_of(cs::bearer(), cs::header("X-Key")), origins(), outside));
    int carried = 0;
    for (auto& auth : all)
      for (int status : {200, 401}) {
        cs::request const request("GET", url);
        auto const got = cs::send(auth, request, [&](cs::request const& what) -> cs::result<cs::response> {
          what.fields([&](std::string_view, std::string_view value) {
            carried += value.find(canary) != std::string_view::npos;
          });
          return cs::response(what.method() == "POST" ? 200 : status);
        });
        BOOST_TEST(got.has_value() == (status == 200));
      }
    BOOST_TEST(carried >= 8);
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
