// The refresh protocol: RFC 6749 §6, RFC 9700 §4.14.2 (rotation, and reuse as a sign of theft).
#include <countersign/oauth/stored_refresh.hpp>

#include <countersign/drive/run.hpp>
#include <countersign/store/file_store.hpp>

#include "fake/heap.hpp"
#include "oauth/stored_login.hpp"
#include "os/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <barrier>
#include <memory>
#include <thread>

using refresh = oauth::stored_refresh<watched_store>;
static_assert(cs::exchange<refresh> && std::is_nothrow_move_constructible_v<refresh>);
static_assert(cs::exchange<oauth::stored_refresh<cs::file_store>>);

namespace {

struct frame {
  fake::world world = {};
  cs::context outside = world.context();
  watched_store store = {};
  fake::token_family server = {};
  std::vector<std::string> urls = {}, named = {};

  // The access token has ended.
  frame() { BOOST_REQUIRE(store.inside.compare_and_swap(here, 0, first_login(world.now().wall)).value()); }
  auto http() {
    return [this](cs::request const& what) {
      urls.push_back(std::string(what.url()));
      named.emplace_back(what.named_by.reveal());
      return fake::as_response(server.answer(what.body.reveal()));
    };
  }
  refresh start(oauth::refresh_wish wish = {}, oauth::refresh_means means = {}) {
    return refresh(store, here, std::move(wish), std::move(means), outside, world.now());
  }
  cs::result<cs::login> renew(oauth::refresh_wish wish = {}, oauth::refresh_means means = {}) {
    auto talk = start(std::move(wish), std::move(means));
    went = drive(talk, http(), world);
    BOOST_TEST(store.is_free());
    return std::move(talk).outcome();
  }
  void expire_in(cs::duration span) {
    store.change([&](cs::login& l) { l.expires = world.now().wall + span; });
  }
  // Somebody signs in anew, in another process.
  void sign_in() {
    auto const n = std::to_string(server.sign_in());
    store.change([&](cs::login& l) {
      l.access_token = cs::secret("a-", n);
      l.refresh_token = cs::secret("r-", n);
      l.expires = world.now().wall + cs::seconds(3600);
      l.pending = {};
    });
  }
  // Of the record in the store: "a-1 r-1 marked".
  std::string stored() {
    auto const l = store.now();
    auto const text = [](cs::secret const& s) { return s.empty() ? "none"s : std::string(s.reveal()); };
    return text(l.access_token) + " " + text(l.refresh_token) +
           (l.is_repeated()     ? " marked twice"
            : l.is_pending()    ? " marked"
            : l.pending.empty() ? ""
                                : " odd mark");
  }
  journey went = {};
};

std::string token(cs::result<cs::login> const& of) {
  return of ? std::string(of->access_token.reveal()) : said(of);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_stored_refresh)

BOOST_AUTO_TEST_CASE(a_newer_login_is_taken_without_a_lock) {
  frame f;
  f.expire_in(cs::seconds(1));
  BOOST_TEST(token(f.renew({.seen_generation = 1, .refused = true})) == "a-1");
  BOOST_TEST(token(f.renew()) == "a-1");
  BOOST_TEST(f.store.locks == 0);
  BOOST_TEST(f.server.posts() == 0);
}

BOOST_AUTO_TEST_CASE(the_same_login_is_taken_while_it_is_good) {
  frame f;
  f.expire_in(cs::seconds(61));
  oauth::refresh_wish const wish{.seen_generation = 2, .early = cs::seconds(60)};
  BOOST_TEST(token(f.renew(wish)) == "a-1");
  BOOST_TEST(f.store.locks == 0);
  f.world.advance(cs::seconds(1));
  BOOST_TEST(token(f.renew(wish)) == "a-2");
}

// Else short tokens would be renewed by each of many processes in turn.
BOOST_AUTO_TEST_CASE(a_newer_one_is_used_to_its_end) {
  frame f;
  f.expire_in(cs::milliseconds(1));
  BOOST_TEST(token(f.renew({.seen_generation = 1, .early = cs::seconds(60)})) == "a-1");
  f.world.advance(cs::milliseconds(1));
  BOOST_TEST(token(f.renew({.seen_generation = 1, .early = cs::seconds(60)})) == "a-2");
}

BOOST_AUTO_TEST_CASE(one_that_has_ended_is_renewed_and_saved) {
  frame f;
  auto const got = f.renew({.seen_generation = 1});
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(f.server.last() ==
             "grant_type=refresh_token&refresh_token=r-1&resource=https%3A%2F%2Fmcp.example%2Fmcp&"
             "client_id=client-17");
  BOOST_TEST((f.urls == std::vector{std::string(token_endpoint)}));
  auto const stored = f.store.now();
  BOOST_TEST(f.stored() == "a-2 r-2");
  for (auto const* each : {&*got, &stored}) {
    BOOST_TEST(each->generation == 3u);
    BOOST_TEST(each->access_token.reveal() == "a-2");
    BOOST_TEST(each->refresh_token.reveal() == "r-2");
    BOOST_TEST(each->expires.ms == f.world.now().wall.ms + 3'600'000);
    BOOST_TEST(each->pending.empty());
    BOOST_TEST(each->issuer.view() == "https://id.example");
    BOOST_TEST(each->client.id.view() == "client-17");
  }
}

BOOST_AUTO_TEST_CASE(what_the_answer_leaves_out_goes_on) {
  frame f;
  f.server.instead = [](std::string_view) {
    return fake::reply{.status = 200, .body = R"({"access_token":"a","token_type":"bearer"})"};
  };
  auto const got = f.renew();
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(f.stored() == "a r-1");
  BOOST_TEST(got->scope.view() == "files:read");
  BOOST_TEST(got->token_type.view() == "bearer");
  BOOST_TEST((got->expires == cs::never_expires));
}

BOOST_AUTO_TEST_CASE(what_the_answer_holds_replaces_what_was) {
  frame f;
  f.server.instead = [](std::string_view) {
    return fake::reply{.status = 200,
                       .body =
                           R"({"access_token":"a","token_type":"DPoP","refresh_token":"r","scope":"files"})"};
  };
  auto const got = f.renew();
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(f.stored() == "a r");
  BOOST_TEST(got->scope.view() == "files");
  BOOST_TEST(got->token_type.view() == "DPoP");
}

BOOST_AUTO_TEST_CASE(the_refresh_token_is_marked_before_it_is_sent) {
  frame f;
  auto talk = f.start();
  drive(talk, f.http(), f.world, 3);
  BOOST_REQUIRE((talk.wants() == want::send));
  BOOST_TEST(talk.commits());
  BOOST_TEST(f.stored() == "a-1 r-1 marked");
  BOOST_TEST(!f.store.is_free());
}

BOOST_AUTO_TEST_CASE(nobody_is_signed_in) {
  frame f;
  BOOST_REQUIRE(f.store.inside.remove(here, 1).value());
  BOOST_TEST((code(f.renew()) == errc::needs_person));
  f.store.before = [](std::string_view) { return cs::error{errc::bad_input, "damaged"}; };
  BOOST_TEST((code(f.renew()) == errc::needs_person));
  f.store.before = [](std::string_view) { return cs::error{errc::insecure, "open to others"}; };
  BOOST_TEST((code(f.renew()) == errc::insecure));
}

BOOST_AUTO_TEST_CASE(without_a_refresh_token_a_person_is_needed_once_it_has_ended) {
  frame f;
  f.store.change([](cs::login& l) { l.refresh_token = {}; });
  BOOST_TEST(said(f.renew()) ==
             "needs_person: login: sign in again: it has no refresh token (https://id.example)");
  f.expire_in(cs::seconds(5));
  BOOST_TEST(token(f.renew({.seen_generation = 3, .early = cs::seconds(60)})) == "a-1");
  BOOST_TEST((code(f.renew({.seen_generation = 3, .refused = true})) == errc::needs_person));
  BOOST_TEST(f.server.posts() == 0);
}

// -- the lock

BOOST_AUTO_TEST_CASE(whoever_is_locked_out_takes_what_the_holder_made) {
  frame f;
  auto held = f.store.inside.try_lock(here);
  int looks = 0;
  f.store.before = [&](std::string_view call) -> std::optional<cs::error> {
    if (call != "load" || ++looks < 4) return {};
    if (looks == 4) f.sign_in();
    return {};
  };
  auto talk = f.start();
  auto const went = drive(talk, f.http(), f.world);
  BOOST_TEST(token(std::move(talk).outcome()) == "a-2");
  BOOST_TEST(went.waits == 3);
  BOOST_TEST(went.waited.ms >= 3 * 25);
  BOOST_TEST(went.waited.ms <= 3 * 100);
  BOOST_TEST(f.server.posts() == 0);
}

BOOST_AUTO_TEST_CASE(looks_are_spread_between_their_limits) {
  for (auto const& [byte, pause] : {std::pair{'\0', 25}, std::pair{'\xff', 100}}) {
    frame f;
    auto held = f.store.inside.try_lock(here);
    f.world.entropy = byte;
    auto talk = f.start();
    drive(talk, f.http(), f.world, 2);
    BOOST_REQUIRE((talk.wants() == want::wait));
    BOOST_TEST(talk.until().ms - f.world.now().boot.ms == pause);
  }
}

BOOST_AUTO_TEST_CASE(patience_ends_in_an_error_that_may_pass) {
  for (auto const patience : {cs::duration(), cs::milliseconds(1), cs::seconds(2)}) {
    frame f;
    auto held = f.store.inside.try_lock(here);
    auto talk = f.start({.patience = patience});
    auto const went = drive(talk, f.http(), f.world);
    BOOST_TEST(said(std::move(talk).outcome()) ==
               "transient: login: another process renews it, and has not done so in " +
                   std::to_string(patience.ms) + " ms; try again later");
    BOOST_TEST(went.waited.ms == patience.ms);
    BOOST_TEST(f.stored() == "a-1 r-1");
  }
}

BOOST_AUTO_TEST_CASE(nobody_waits_who_has_a_token_that_is_good) {
  frame f;
  f.expire_in(cs::seconds(5));
  auto held = f.store.inside.try_lock(here);
  auto talk = f.start({.seen_generation = 2, .early = cs::seconds(60)});
  BOOST_TEST(drive(talk, f.http(), f.world).waits == 0);
  BOOST_TEST(token(std::move(talk).outcome()) == "a-1");
}

BOOST_AUTO_TEST_CASE(a_lock_that_fails_is_told) {
  frame f;
  f.store.before = [](std::string_view call) -> std::optional<cs::error> {
    if (call == "try_lock") return cs::error{errc::transient, "too many open files"};
    return {};
  };
  BOOST_TEST(said(f.renew()) == "transient: too many open files");
  BOOST_TEST(f.server.posts() == 0);
}

// -- what a record of a newer generation may hold

BOOST_AUTO_TEST_CASE(a_mark_is_no_new_token) {
  frame f;
  f.expire_in(cs::seconds(60));  // generation 2
  f.store.change([](cs::login& l) { l.pending = cs::refresh_mark("r-1"); });
  // The token that was refused, again; whose process may have died.
  BOOST_TEST((code(f.renew({.seen_generation = 2, .refused = true})) == errc::needs_person));
  f.store.change([](cs::login& l) { l.pending = {}; });
  auto const got = f.renew({.seen_generation = 2, .refused = true, .seen_token = cs::refresh_mark("a-1")});
  BOOST_TEST(token(got) == "a-2");
  BOOST_TEST(f.server.posts() == 1);
  BOOST_TEST(token(f.renew({.seen_generation = 2, .refused = true, .seen_token = cs::refresh_mark("a-1")})) ==
             "a-2");
  BOOST_TEST(f.server.posts() == 1);
}

BOOST_AUTO_TEST_CASE(a_mark_that_came_and_went_while_we_waited_is_no_new_token) {
  frame f;
  auto held = f.store.inside.try_lock(here);
  auto talk = f.start();
  drive(talk, f.http(), f.world, 2);
  BOOST_REQUIRE((talk.wants() == want::wait));
  f.store.change([](cs::login& l) { l.pending = cs::refresh_mark("r-1"); });
  f.store.change([](cs::login& l) { l.pending = {}; });
  held->release();
  drive(talk, f.http(), f.world);
  BOOST_TEST(token(std::move(talk).outcome()) == "a-2");
  BOOST_TEST(f.server.posts() == 1);
}

BOOST_AUTO_TEST_CASE(what_was_made_while_we_waited_counts_once_even_if_it_has_ended) {
  for (int const expires_in : {0, -1}) {
    frame f;
    f.server.expires_in = expires_in;
    for (int round = 0; round < 3; ++round) {
      auto const seen = f.store.now();
      oauth::refresh_wish const wish{.seen_generation = seen.generation, .refused = true};
      auto first = f.start(wish), second = f.start(wish);
      drive(first, f.http(), f.world, 3);
      drive(second, f.http(), f.world, 2);
      BOOST_REQUIRE((second.wants() == want::wait));
      drive(first, f.http(), f.world);
      drive(second, f.http(), f.world);
      BOOST_TEST(token(std::move(first).outcome()) == "a-" + std::to_string(round + 2));
      BOOST_TEST(token(std::move(second).outcome()) == "a-" + std::to_string(round + 2));
      BOOST_TEST(f.server.posts() == round + 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_clock_that_jumps_renews_no_generation_twice) {
  constexpr auto year = cs::seconds(365LL * 24 * 3600);
  for (auto const jump :
       {cs::seconds(3600), cs::seconds(-3600), cs::duration(10 * year.ms), cs::duration(-10 * year.ms)}) {
    frame f;
    f.expire_in(cs::seconds(1800));
    auto seen = f.store.now().generation;
    f.world.jump_wall(jump);
    // By the clock it has ended, or has long to live; a refusal says the rest.
    auto const got = f.renew({.seen_generation = seen});
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(f.server.posts() == (jump.ms > 0 ? 1 : 0));
    auto const refused = f.renew({.seen_generation = got->generation, .refused = true});
    BOOST_REQUIRE(refused.has_value());
    BOOST_TEST(f.server.posts() == (jump.ms > 0 ? 2 : 1));
    // Others who saw the same are given what was made.
    auto const posts = f.server.posts();
    BOOST_TEST(token(f.renew({.seen_generation = got->generation, .refused = true})) == token(refused));
    BOOST_TEST(f.server.posts() == posts);
    f.world.jump_wall(cs::duration(-jump.ms));
    BOOST_TEST(bool(f.renew({.seen_generation = refused->generation})));
    BOOST_TEST(f.server.posts() <= posts + 1);
    BOOST_TEST(f.server.reused() == 0);
  }
}

// -- a refresh token that was sent before

BOOST_AUTO_TEST_CASE(an_answer_that_never_came_leaves_the_mark) {
  frame f;
  f.server.after = [](std::string_view) { return fake::reply{.lost = cs::lost::unanswered}; };
  BOOST_TEST((code(f.renew()) == errc::unanswered));
  BOOST_TEST(f.stored() == "a-1 r-1 marked");
  BOOST_TEST(f.server.posts() == 1);
  BOOST_TEST(said(f.renew()) ==
             "needs_person: login: sign in again: its refresh token was sent, and the answer "
             "never came (https://id.example)");
  BOOST_TEST(f.server.posts() == 1);
  BOOST_TEST(f.server.reused() == 0);
}

BOOST_AUTO_TEST_CASE(a_marked_login_is_used_as_long_as_its_token_is_good) {
  frame f;
  f.store.change([&](cs::login& l) {
    l.pending = cs::refresh_mark("r-1");
    l.expires = f.world.now().wall + cs::seconds(5);
  });
  BOOST_TEST(token(f.renew({.seen_generation = 2, .early = cs::seconds(60)})) == "a-1");
  f.world.advance(cs::seconds(5));
  BOOST_TEST((code(f.renew({.seen_generation = 2})) == errc::needs_person));
}

BOOST_AUTO_TEST_CASE(with_a_grace_period_it_is_sent_once_more_and_never_again) {
  frame f;
  f.server.instead = [](std::string_view) { return fake::reply{.lost = cs::lost::unanswered}; };
  BOOST_TEST((code(f.renew({.grace = true})) == errc::unanswered));
  BOOST_TEST(f.stored() == "a-1 r-1 marked");
  BOOST_TEST((code(f.renew({.grace = true})) == errc::unanswered));
  BOOST_TEST(f.stored() == "a-1 r-1 marked twice");
  for (int i = 0; i < 3; ++i) BOOST_TEST((code(f.renew({.grace = true})) == errc::needs_person));
  BOOST_TEST(f.server.posts() == 2);
}

BOOST_AUTO_TEST_CASE(the_second_time_may_succeed) {
  frame f;
  f.store.change([](cs::login& l) { l.pending = cs::refresh_mark("r-1"); });
  BOOST_TEST(token(f.renew({.grace = true})) == "a-2");
  BOOST_TEST(f.stored() == "a-2 r-2");
}

BOOST_AUTO_TEST_CASE(a_second_time_that_was_answered_does_not_count) {
  frame f;
  f.store.change([](cs::login& l) { l.pending = cs::refresh_mark("r-1"); });
  f.server.instead = [](std::string_view) { return fake::reply{.status = 503}; };
  BOOST_TEST((code(f.renew({.grace = true})) == errc::transient));
  BOOST_TEST(f.stored() == "a-1 r-1 marked");
  f.server.instead = {};
  BOOST_TEST(token(f.renew({.grace = true})) == "a-2");
}

BOOST_AUTO_TEST_CASE(the_mark_of_another_refresh_token_means_nothing) {
  frame f;
  f.store.change([](cs::login& l) { l.pending = cs::refresh_mark("r-0"); });
  BOOST_TEST(token(f.renew()) == "a-2");
}

// -- what the server may answer

BOOST_AUTO_TEST_CASE(each_answer_of_a_server_leaves_what_it_must) {
  using fake::reply;
  struct {
    reply said;
    errc code;
    std::string_view stored;
    int most;
  } const cases[] = {
      {{.status = 500}, errc::transient, "a-1 r-1", 3},
      {{.status = 502, .body = "<html>bad gateway</html>"}, errc::transient, "a-1 r-1", 3},
      {{.status = 503, .fields = {{"Retry-After", "1"}}}, errc::transient, "a-1 r-1", 3},
      {{.status = 429, .fields = {{"Retry-After", "Sun, 09 Sep 2001 01:46:41 GMT"}}},
       errc::transient,
       "a-1 r-1",
       3},
      {{.status = 429, .fields = {{"Retry-After", "-1"}}}, errc::transient, "a-1 r-1", 3},
      {{.status = 503, .fields = {{"Retry-After", "1000000000"}}}, errc::transient, "a-1 r-1", 3},
      {{.status = 408}, errc::transient, "a-1 r-1", 3},
      {{.lost = cs::lost::not_sent}, errc::transient, "a-1 r-1", 3},
      // some servers say so of a grant that is gone: a person is needed, and nothing is dropped for it
      {{.status = 400, .body = R"({"error":"invalid_request"})"}, errc::needs_person, "a-1 r-1", 1},
      {{.status = 401, .body = R"({"error":"invalid_request"})"}, errc::fatal, "a-1 r-1", 1},
      {{.status = 400, .body = R"({"error":"unauthorized_client"})"}, errc::fatal, "a-1 r-1", 1},
      {{.status = 400, .body = R"({"error":"invalid_scope"})"}, errc::fatal, "a-1 r-1", 1},
      {{.status = 404, .body = "<html>"}, errc::fatal, "a-1 r-1", 1},
      {{.status = 403, .body = R"({"error":"invalid_grant"})"}, errc::fatal, "a-1 r-1", 1},
      {{.status = 301, .fields = {{"Location", "https://evil.example/"}}}, errc::fatal, "a-1 r-1", 1},
      {{.status = 200, .body = R"({"error":"invalid_grant"})"}, errc::transient, "a-1 r-1", 1},
      // it may have been rotated
      {{.lost = cs::lost::unanswered}, errc::unanswered, "a-1 r-1 marked", 1},
      {{.status = 200, .body = "<html>"}, errc::unanswered, "a-1 r-1 marked", 1},
      {{.status = 200}, errc::unanswered, "a-1 r-1 marked", 1},
      {{.status = 200, .body = R"({"access_token":"a-2","token_)"}, errc::unanswered, "a-1 r-1 marked", 1},
      {{.status = 200, .body = R"({"token_type":"Bearer"})"}, errc::unanswered, "a-1 r-1 marked", 1},
      {{.status = 204}, errc::unanswered, "a-1 r-1 marked", 1},
      // the grant is void
      {{.status = 400, .body = R"({"error":"invalid_grant"})"}, errc::needs_person, "none none", 1},
      {{.status = 401, .body = R"({"error":"invalid_grant"})"}, errc::needs_person, "none none", 1},
  };
  for (auto const& c : cases) {
    BOOST_TEST_CONTEXT(c.said.status << " " << c.said.body) {
      frame f;
      f.server.instead = [&](std::string_view) { return c.said; };
      auto const got = f.renew();
      BOOST_TEST(cs::name(code(got)) == cs::name(c.code));
      BOOST_TEST(f.stored() == c.stored);
      BOOST_TEST(f.server.posts() >= 1);
      BOOST_TEST(f.server.posts() <= c.most);
      BOOST_TEST(f.went.waited.ms <= 2 * 300'000);
      for (auto const& url : f.urls) BOOST_TEST(url == token_endpoint);
      auto const kept = f.store.now();
      BOOST_TEST(kept.client.id.view() == "client-17");
      BOOST_TEST(kept.issuer.view() == "https://id.example");
      BOOST_TEST(kept.scope.view() == "files:read");
      f.server.instead = {};
      if (c.stored == "a-1 r-1"sv) BOOST_TEST(token(f.renew()) == "a-2");
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_short_is_as_good_as_none) {
  constexpr auto whole = R"({"access_token":"a-2","token_type":"Bearer","refresh_token":"r-2"})"sv;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    frame f;
    f.server.instead = [&](std::string_view) {
      return fake::reply{.status = 200, .body = std::string(whole.substr(0, size))};
    };
    BOOST_TEST((code(f.renew()) == errc::unanswered), "at byte " << size);
    BOOST_TEST(f.stored() == "a-1 r-1 marked");
    BOOST_TEST(f.server.posts() == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_gives_way_to_a_newer_login) {
  frame f;
  f.server.instead = [&](std::string_view) {
    f.sign_in();
    return fake::reply{.status = 400, .body = R"({"error":"invalid_grant"})"};
  };
  BOOST_TEST(token(f.renew()) == "a-2");
  BOOST_TEST(f.stored() == "a-2 r-2");
}

BOOST_AUTO_TEST_CASE(so_does_an_outage) {
  frame f;
  f.server.instead = [&](std::string_view) {
    if (f.server.posts() == 1) f.sign_in();
    return fake::reply{.status = 503};
  };
  BOOST_TEST(token(f.renew()) == "a-2");
  BOOST_TEST(f.stored() == "a-2 r-2");
}

BOOST_AUTO_TEST_CASE(a_registration_that_is_not_known_any_more_is_forgotten) {
  frame f;
  f.server.instead = [](std::string_view) {
    return fake::reply{.status = 401, .body = R"({"error":"invalid_client"})"};
  };
  auto const got = f.renew();
  BOOST_TEST(said(got).starts_with("needs_person: login: register again and sign in: "));
  auto const kept = f.store.now();
  BOOST_TEST(kept.client.id.empty());
  BOOST_TEST(kept.client.redirect_uri.empty());
  BOOST_TEST(kept.refresh_token.empty());
  BOOST_TEST(kept.issuer.view() == "https://id.example");
  BOOST_TEST((code(f.renew()) == errc::needs_person));
  BOOST_TEST(f.server.posts() == 1);
}

BOOST_AUTO_TEST_CASE(a_client_that_was_not_registered_is_kept) {
  auto const refuses = [](std::string_view) {
    return fake::reply{.status = 401, .body = R"({"error":"invalid_client"})"};
  };
  {
    frame f;
    f.server.instead = refuses;
    BOOST_TEST((code(f.renew({}, {.client = {.id = "client-17", .secret = cs::secret("s3cret")}})) ==
                errc::unknown_client));
    BOOST_TEST(f.stored() == "a-1 r-1");
    BOOST_TEST(f.store.now().client.id.view() == "client-17");
  }
  {
    frame f;  // a client ID metadata document
    f.store.change([](cs::login& l) { l.client.id = "https://app.example/client.json"; });
    f.server.instead = refuses;
    BOOST_TEST((code(f.renew()) == errc::unknown_client));
    BOOST_TEST(f.stored() == "a-1 r-1");
  }
}

// -- to whom it is sent

BOOST_AUTO_TEST_CASE(nothing_is_sent_where_a_fresh_discovery_differs) {
  oauth::refresh_means const others[] = {
      {.issuer = "https://evil.example"},
      {.token_endpoint = "https://evil.example/token"},
      {.issuer = "https://id.example/", .token_endpoint = token_endpoint},
      {.issuer = "https://id.example", .token_endpoint = "https://id.example/token2"},
  };
  for (auto const& means : others) {
    frame f;
    BOOST_TEST((code(f.renew({}, means)) == errc::wrong_origin));
    BOOST_TEST(f.server.posts() == 0);
    BOOST_TEST(f.stored() == "a-1 r-1");
    BOOST_TEST(f.store.swaps == 0);
  }
  frame f;
  BOOST_TEST(token(f.renew({}, {.issuer = "https://id.example", .token_endpoint = token_endpoint})) == "a-2");
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_as_another_client) {
  frame f;
  BOOST_TEST((code(f.renew({}, {.client = {.id = "another"}})) == errc::needs_person));
  f.store.change([](cs::login& l) { l.client = {}; });
  BOOST_TEST((code(f.renew()) == errc::needs_person));
  BOOST_TEST(f.server.posts() == 0);
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_in_the_clear) {
  frame f;
  f.store.change([](cs::login& l) { l.token_endpoint = "http://id.example/token"; });
  BOOST_TEST((code(f.renew()) == errc::insecure));
  BOOST_TEST(f.server.posts() == 0);
  BOOST_TEST(f.stored() == "a-1 r-1");
}

BOOST_AUTO_TEST_CASE(the_client_authenticates_as_it_was_registered) {
  frame f;
  f.store.change([](cs::login& l) {
    l.client.secret = cs::secret("s3cret");
    l.client.authentication = "client_secret_post";
  });
  BOOST_TEST(bool(f.renew()));
  BOOST_TEST(f.server.last().ends_with("&client_id=client-17&client_secret=s3cret"));
  f.store.change([&](cs::login& l) {
    l.client.secret = {};
    l.expires = f.world.now().wall;
  });
  BOOST_TEST(bool(f.renew({}, {.client = {.id = "client-17", .secret = cs::secret("configured")}})));
  BOOST_TEST(f.server.last().ends_with("&client_id=client-17&client_secret=configured"));
}

BOOST_AUTO_TEST_CASE(a_login_that_is_bound_to_a_key_is_renewed_with_it) {
  frame f;
  f.store.change([](cs::login& l) { l.dpop_key = cs::secret("the key"); });
  BOOST_TEST((code(f.renew()) == errc::fatal));
  auto const unreadable = [](cs::secret const&) -> cs::result<cs::any_signer> {
    return cs::error{errc::bad_input, "no key"};
  };
  BOOST_TEST(said(f.renew({}, {.read_key = unreadable})) == "bad_input: login: its DPoP key: no key");
  BOOST_TEST(f.server.posts() == 0);
  BOOST_TEST(f.stored() == "a-1 r-1");
  auto const read = [](cs::secret const& jwk) -> cs::result<cs::any_signer> {
    BOOST_TEST(jwk.reveal() == "the key");
    return cs::any_signer(toy_key());
  };
  auto talk = f.start({}, {.read_key = read});
  bool proved = false;
  drive(
      talk,
      [&](cs::request const& what) {
        proved = what.get("DPoP").has_value();
        return fake::as_response(f.server.answer(what.body.reveal()));
      },
      f.world);
  BOOST_TEST(proved);
  BOOST_TEST(token(std::move(talk).outcome()) == "a-2");
}

// -- a store that fails, and others who write

BOOST_AUTO_TEST_CASE(what_can_not_be_marked_is_not_sent) {
  frame f;
  f.store.before = [](std::string_view call) -> std::optional<cs::error> {
    if (call == "compare_and_swap") return cs::error{errc::transient, "disk full"};
    return {};
  };
  BOOST_TEST(said(f.renew()) == "transient: login: nothing was sent, since it could not be noted: disk full");
  BOOST_TEST(f.server.posts() == 0);
}

BOOST_AUTO_TEST_CASE(what_came_and_can_not_be_saved_is_used) {
  frame f;
  f.store.before = [&](std::string_view call) -> std::optional<cs::error> {
    if (call == "compare_and_swap" && f.store.swaps == 2) return cs::error{errc::transient, "disk full"};
    return {};
  };
  BOOST_TEST(token(f.renew()) == "a-2");
  BOOST_TEST(f.world.count_traces("not saved") == 1u);
  BOOST_TEST(f.stored() == "a-1 r-1 marked");  // the next one knows that r-1 is used up
  BOOST_TEST((code(f.renew()) == errc::needs_person));
  BOOST_TEST(f.server.reused() == 0);
}

BOOST_AUTO_TEST_CASE(a_mark_that_can_not_be_cleared_stays) {
  frame f;
  f.server.instead = [](std::string_view) { return fake::reply{.status = 404}; };
  f.store.before = [&](std::string_view call) -> std::optional<cs::error> {
    if (call == "compare_and_swap" && f.store.swaps == 2) return cs::error{errc::transient, "disk full"};
    return {};
  };
  BOOST_TEST((code(f.renew()) == errc::fatal));
  BOOST_TEST(f.world.count_traces("not saved") == 1u);
  BOOST_TEST(f.stored() == "a-1 r-1 marked");
}

BOOST_AUTO_TEST_CASE(a_sign_in_between_the_look_and_the_mark_goes_first) {
  frame f;
  f.store.before = [&](std::string_view call) -> std::optional<cs::error> {
    if (call == "compare_and_swap" && f.store.swaps == 1) f.sign_in();
    return {};
  };
  BOOST_TEST(token(f.renew()) == "a-2");
  BOOST_TEST(f.server.posts() == 0);
}

BOOST_AUTO_TEST_CASE(a_store_that_always_changes_ends_in_an_error) {
  frame f;
  f.store.before = [&](std::string_view call) -> std::optional<cs::error> {
    if (call == "compare_and_swap") f.store.change([](cs::login&) {});
    return {};
  };
  BOOST_TEST((code(f.renew({.seen_generation = 1'000, .refused = true})) == errc::transient));
  BOOST_TEST(f.store.swaps == static_cast<int>(oauth::max_overtaken) + 1);
  BOOST_TEST(f.server.posts() == 0);
}

BOOST_AUTO_TEST_CASE(whoever_signs_in_while_it_is_sent_goes_first) {
  frame f;
  f.server.after = [&](std::string_view) {
    f.sign_in();
    return fake::reply{.status = 200, .body = R"({"access_token":"a-2","token_type":"Bearer"})"};
  };
  BOOST_TEST(token(f.renew()) == "a-3");
  BOOST_TEST(f.stored() == "a-3 r-3");
}

BOOST_AUTO_TEST_CASE(whoever_signs_out_while_it_is_sent_stays_signed_out) {
  frame f;
  f.server.after = [&](std::string_view) -> std::optional<fake::reply> {
    BOOST_REQUIRE(f.store.inside.remove(here, f.store.now().generation).value());
    return {};
  };
  BOOST_TEST((code(f.renew()) == errc::needs_person));
  BOOST_TEST((code(f.store.inside.load(here)) == errc::not_mine));
}

// -- left, moved, short of memory

BOOST_AUTO_TEST_CASE(dropped_at_any_step_it_frees_the_lock_and_leaves_a_login) {
  for (bool const answers : {true, false})
    for (int events = 0;; ++events) {
      frame f;
      if (!answers) f.server.instead = [](std::string_view) { return fake::reply{.status = 503}; };
      bool done = false, sends = false;
      {
        auto talk = f.start();
        drive(talk, f.http(), f.world, events);
        done = talk.wants() == want::done;
        sends =
            talk.wants() == want::send || talk.wants() == want::work;  // or has just sent, and not yet saved
      }
      BOOST_TEST(f.store.is_free());
      auto const left = f.stored();
      BOOST_TEST((left == "a-1 r-1" || left == "a-2 r-2" || (sends && left == "a-1 r-1 marked")),
                 left << " after " << events);
      if (done) break;
    }
}

BOOST_AUTO_TEST_CASE(between_two_tries_nothing_is_marked) {
  frame f;
  f.server.instead = [&](std::string_view) -> std::optional<fake::reply> {
    if (f.server.posts() < 3) return fake::reply{.status = 503};
    return {};
  };
  int waits = 0;
  auto talk = f.start();
  while (talk.wants() != want::done) {
    BOOST_TEST(f.stored().ends_with("marked") == (talk.wants() == want::send), f.stored());
    waits += talk.wants() == want::wait;
    drive(talk, f.http(), f.world, talk.wants() == want::send ? 2 : 1);  // sent, and saved
  }
  BOOST_TEST(token(std::move(talk).outcome()) == "a-2");
  BOOST_TEST(waits == 2);
}

BOOST_AUTO_TEST_CASE(a_sign_in_between_two_tries_goes_first) {
  for (bool const late : {false, true}) {
    frame f;
    f.server.instead = [&](std::string_view) {
      if (!late) f.sign_in();
      return fake::reply{.status = 503};
    };
    auto talk = f.start();
    drive(talk, f.http(), f.world, 5);
    if (late) {
      BOOST_REQUIRE((talk.wants() == want::wait));
      f.sign_in();
    }
    drive(talk, f.http(), f.world);
    BOOST_TEST(token(std::move(talk).outcome()) == "a-2");
    BOOST_TEST(f.server.posts() == 1);
    BOOST_TEST(f.store.is_free());
  }
}

BOOST_AUTO_TEST_CASE(after_a_wait_the_newest_refresh_token_is_sent) {
  frame f;
  f.server.instead = [&](std::string_view) -> std::optional<fake::reply> {
    if (f.server.posts() > 1) return {};
    f.server.sign_in();
    f.store.change([](cs::login& l) { l.refresh_token = cs::secret("r-2"); });
    return fake::reply{.status = 503};
  };
  BOOST_TEST(token(f.renew()) == "a-3");
  BOOST_TEST(f.server.reused() == 0);
}

BOOST_AUTO_TEST_CASE(it_may_be_moved_at_any_step) {
  frame f;
  auto talk = std::make_unique<refresh>(f.start());
  for (int events = 0; talk->wants() != want::done && events < 100; ++events) {
    talk = std::make_unique<refresh>(std::move(*talk));
    drive(*talk, f.http(), f.world, 1);
  }
  BOOST_TEST(token(std::move(*talk).outcome()) == "a-2");
  BOOST_TEST(f.store.is_free());
}

BOOST_AUTO_TEST_CASE(no_message_and_no_trace_holds_a_token) {
  for (int const status : {200, 204, 400, 401, 429, 500}) {
    frame f;
    f.store.change([](cs::login& l) {
      l.refresh_token = cs::secret("c4nary-refresh");
      l.access_token = cs::secret("c4nary-access");
      l.client.secret = cs::secret("c4nary-client");
      l.token_endpoint = "https://id.example/token?key=c4nary-endpoint";
    });
    f.server.instead = [&](std::string_view body) {
      return fake::reply{.status = status, .body = std::string(body)};
    };
    auto const got = f.renew();
    BOOST_TEST(!got);
    BOOST_TEST(said(got).find("c4nary") == std::string::npos);
    BOOST_TEST(f.world.trace_text().find("c4nary") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(where_memory_ends_nothing_is_lost_but_the_answer) {
  if (!fake::heap::is_ours) return;
  bool ended = false;
  for (long k = 0; !ended && k < 2000; ++k) {
    frame f;
    auto answer = fake::as_response(f.server.answer("refresh_token=r-1"));
    bool answered = false;
    auto how = errc::none;
    {
      fake::heap::refused_once const at(k);
      auto talk = f.start({.seen_generation = 1});
      while (talk.wants() != want::done) {
        if (talk.wants() == want::send) answered = true, talk.supply(std::move(*answer), f.world.now());
        else if (talk.wants() == want::wait) f.world.advance(cs::seconds(1)), talk.resume(f.world.now());
        else talk.perform(), talk.resume(f.world.now());
      }
      how = code(std::move(talk).outcome());
      ended = fake::heap::now.left >= 0;  // fewer blocks than that were taken
    }
    BOOST_TEST(f.store.is_free());
    auto const left = f.stored();
    if (answered) BOOST_TEST((left == "a-1 r-1 marked" || left == "a-2 r-2"), left << " at block " << k);
    else BOOST_TEST((left == "a-1 r-1" || left == "a-1 r-1 marked"), left << " at block " << k);
    BOOST_TEST((how != errc::none || answered), "block " << k);
  }
  BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(nothing_of_a_login_stays_in_freed_memory) {
  if (!fake::heap::is_watching) return;
  frame f;
  f.store.change(
      [](cs::login& l) { l.refresh_token = cs::secret("r-1-c4nary-that-is-long-enough-for-the-heap"); });
  fake::heap::watch const seen("c4nary-that-is-long");
  {
    auto talk = f.start();
    while (talk.wants() != want::done) {
      if (talk.wants() == want::send) talk.supply(cs::response(503), f.world.now());
      else if (talk.wants() == want::wait) f.world.advance(cs::seconds(10)), talk.resume(f.world.now());
      else talk.perform(), talk.resume(f.world.now());
    }
  }
  BOOST_TEST(seen.found() == 0);
}

// -- many at once

namespace {

// Each thread meets the refusal of the token that it has, in each round at the same time.
template <class Store>
void renews_once_a_round(Store& store, int threads, int rounds) {
  auto const& outside = cs::system_context;
  BOOST_REQUIRE(store.compare_and_swap(here, 0, first_login(outside.now().wall)).value());
  fake::token_family server;
  std::atomic<int> good = 0;
  std::barrier together(threads);
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&] {
      cs::login mine = first_login({});
      mine.generation = 1;
      for (int round = 0; round < rounds; ++round) {
        together.arrive_and_wait();
        auto got = cs::run(
            oauth::stored_refresh(store, here,
                                  {.seen_generation = mine.generation,
                                   .refused = true,
                                   .seen_token = cs::refresh_mark(mine.access_token.reveal())},
                                  {}, outside, outside.now()),
            [&](cs::request const& what) { return fake::as_response(server.answer(what.body.reveal())); },
            cs::nobody(), outside);
        if (!got) continue;
        mine = std::move(*got);
        good += mine.access_token.reveal() == "a-" + std::to_string(round + 2);
      }
    });
  for (auto& each : all) each.join();
  BOOST_TEST(server.posts() == rounds);
  BOOST_TEST(server.reused() == 0);
  BOOST_TEST(good == threads * rounds);
}

}  // namespace

BOOST_AUTO_TEST_CASE(twenty_threads_with_one_store_send_one_request_a_round) {
  cs::memory_store store;
  renews_once_a_round(store, 20, 50);
}

BOOST_AUTO_TEST_CASE(so_they_do_with_a_store_in_files) {
  scratch const place;
  cs::file_store store(place.path("logins"));
  renews_once_a_round(store, 8, 10);
}

BOOST_AUTO_TEST_CASE(the_transport_is_told_whose_word_the_endpoint_is) {
  frame f;
  auto talk = f.start();
  drive(
      talk,
      [&](cs::request const& what) -> cs::result<cs::response> {
        f.named.emplace_back(what.named_by.reveal());
        return cs::error{errc::insecure, "within a network"};
      },
      f.world);
  BOOST_TEST((code(std::move(talk).outcome()) == errc::insecure));
  BOOST_TEST((f.named == std::vector{"https://mcp.example"s}));  // and not asked again
  BOOST_TEST(f.stored() == "a-1 r-1");
  frame g;
  BOOST_TEST(g.renew({}, {.named_by = "https://id.example/meta.json"}).has_value());
  BOOST_TEST((g.named == std::vector{""s}));
}

BOOST_AUTO_TEST_SUITE_END()
