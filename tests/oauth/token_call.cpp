// RFC 6749 §5, RFC 7523 §2.2, RFC 9449 §5 and §8, RFC 9110 §10.2.3
#include <countersign/oauth/token_call.hpp>

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/oauth/grants.hpp>

#include "fake/context.hpp"
#include "fake/jws_verifier.hpp"
#include "fake/service.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;
using cs::want;

static_assert(cs::exchange<oauth::token_call>);

namespace {

constexpr auto endpoint = "https://id.example/token"sv;
constexpr auto good = R"({"access_token":"t1","token_type":"Bearer","expires_in":60})"sv;

oauth::token_service service() {
  return {.endpoint = endpoint, .client = {.id = "app", .secret = cs::env("APP_SECRET")}};
}
oauth::form body() { return oauth::client_credentials_grant{.scope = "read"}.body(); }

fake::reply says(int status, std::string_view text = {},
                 std::vector<std::pair<std::string, std::string>> fields = {}) {
  return {.status = status, .fields = std::move(fields), .body = std::string(text)};
}
fake::reply later(int status, std::string retry_after) {
  return says(status, "busy", {{"Retry-After", std::move(retry_after)}});
}
fake::reply lost(cs::lost how) { return {.lost = how}; }
fake::reply wants_nonce(std::string nonce) {
  return says(400, R"({"error":"use_dpop_nonce"})", {{"DPoP-Nonce", std::move(nonce)}});
}

cs::response response_of(fake::reply const& said) {
  cs::response made(said.status, cs::secret(said.body));
  for (auto const& [name, value] : said.fields) made.headers.append(name, value);
  return made;
}

// What came of a call that was answered with these replies, the last of them again and again.
struct story {
  std::vector<std::string> bodies, proofs;  // of each request; the DPoP field, empty where there was none
  std::vector<std::string> authorizations;
  std::vector<std::int64_t> waits;
  std::string outcome;  // the access token, or "code: message"
  cs::errc code = cs::errc::none;

  [[nodiscard]] std::size_t posts() const { return bodies.size(); }
};

story tell(oauth::token_call call, fake::world& w, std::vector<fake::reply> const& replies) {
  story told;
  for (int turn = 0; turn < 60 && call.wants() != want::done; ++turn) {
    if (call.wants() == want::wait) {
      told.waits.push_back(call.until().ms - w.now().boot.ms);
      w.advance(cs::milliseconds(told.waits.back()));
      call.resume(w.now());
      continue;
    }
    BOOST_REQUIRE((call.wants() == want::send));
    auto const& sent = call.pending();
    BOOST_TEST(sent.url() == endpoint);
    told.bodies.emplace_back(sent.body.reveal());
    told.proofs.emplace_back(sent.get("DPoP").value_or(""));
    told.authorizations.emplace_back(sent.get("Authorization").value_or(""));
    auto const& reply = replies.at(std::min(told.posts(), replies.size()) - 1);
    if (reply.lost) call.fail(*reply.lost, w.now());
    else call.supply(response_of(reply), w.now());
  }
  BOOST_REQUIRE((call.wants() == want::done));
  auto got = std::move(call).outcome();
  if (!got) told.code = got.error().code();
  told.outcome = got ? std::string(got->access.value.reveal())
                     : std::string(cs::name(told.code)) + ": " + std::string(got.error().message());
  return told;
}

struct frame {
  fake::world world;
  cs::context outside = world.context();
  frame() { world.variables["APP_SECRET"] = "s3cret"; }

  story call(std::vector<fake::reply> const& replies, oauth::call_rules const& rules = {}) {
    return call(service(), replies, rules);
  }
  story call(oauth::token_service who, std::vector<fake::reply> const& replies,
             oauth::call_rules const& rules = {}) {
    return tell(oauth::token_call(std::move(who), body(), rules, outside, world.now()), world, replies);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_token_call)

BOOST_AUTO_TEST_CASE(every_field_has_a_default) {
  oauth::token_service const a{.endpoint = "u"}, b{.client = {.id = "c"}}, c{.assertion = {.key_id = "k"}};
  oauth::call_rules const rules;
  BOOST_TEST((a.client.id.empty() && b.endpoint.empty() && c.issuer.empty() && !a.dpop_key && !a.client_key));
  BOOST_TEST((rules.repeatable && rules.max_tries == 3 && rules.nonces == nullptr));
}

BOOST_AUTO_TEST_CASE(a_grant_is_posted_once_and_gives_a_token) {
  frame f;
  auto const told = f.call({says(200, good)});
  BOOST_TEST(told.outcome == "t1");
  BOOST_TEST((told.bodies == std::vector{"grant_type=client_credentials&scope=read"s}));
  BOOST_TEST((told.authorizations == std::vector{"Basic YXBwOnMzY3JldA=="s}));
  BOOST_TEST((told.proofs == std::vector{""s}));
  BOOST_TEST(told.waits.empty());
}

// Of every answer that gives no token: whether it is asked again, and what is said in the end.
BOOST_AUTO_TEST_CASE(what_is_made_of_each_bad_answer) {
  auto const page = "<html>busy</html>"sv;
  struct {
    fake::reply said;
    std::size_t posts;
    cs::errc code;
    std::string_view end;
  } const rows[] = {
      {says(500), 3, cs::errc::transient, "answered 500; it may serve later"},
      {says(502, page), 3, cs::errc::transient, "answered 502; it may serve later"},
      {says(503, page), 3, cs::errc::transient, "answered 503; it may serve later"},
      {says(504), 3, cs::errc::transient, "answered 504; it may serve later"},
      {says(408), 3, cs::errc::transient, "answered 408; it may serve later"},
      {says(429), 3, cs::errc::transient, "answered 429; it may serve later"},
      {says(500, R"({"error":"invalid_grant"})"), 3, cs::errc::transient, "answered 500; it may serve later"},
      {says(400, R"({"error":"invalid_grant"})"), 1, cs::errc::rejected, "answered 400, invalid_grant"},
      {says(400, R"({"error":"invalid_scope"})"), 1, cs::errc::fatal, "check the scope that is asked for"},
      {says(400, page), 1, cs::errc::fatal, "answered 400 without an OAuth error; check its URL"},
      {says(403, R"({"error":"invalid_grant"})"), 1, cs::errc::fatal, "answered 403, invalid_grant"},
      {says(404), 1, cs::errc::fatal, "answered 404 without an OAuth error; check its URL"},
      {says(302, "", {{"Location", "https://id.example/elsewhere"}}), 1, cs::errc::fatal,
       "a redirect, which is not followed: secrets would go along; configure its final URL"},
      {lost(cs::lost::not_sent), 3, cs::errc::transient, "the token endpoint could not be reached"},
      {lost(cs::lost::unanswered), 3, cs::errc::unanswered, "the token endpoint did not answer"},
  };
  for (auto const& row : rows) {
    frame f;
    auto const told = f.call({row.said});
    BOOST_TEST_CONTEXT(told.outcome) {
      BOOST_TEST(told.posts() == row.posts);
      BOOST_TEST(told.waits.size() == row.posts - 1);
      BOOST_TEST((told.code == row.code));
      BOOST_TEST(told.outcome.ends_with(row.end));
      BOOST_TEST(told.outcome.starts_with(std::string(cs::name(row.code)) +
                                          ": https://id.example: oauth: the token endpoint "));
    }
  }
}

// A 200 may have given something, so another request would be a second one.
BOOST_AUTO_TEST_CASE(a_200_that_holds_no_token_is_not_asked_for_again) {
  for (auto const text : {"<html></html>"sv, ""sv, "{}"sv, "[]"sv, R"({"error":"invalid_grant"})"sv,
                          R"({"access_token":"t1"})"sv,
                          R"({"access_token":"t1","token_type":"Bearer","expires_in":"soon"})"sv}) {
    frame f;
    auto const told = f.call({says(200, text)});
    BOOST_TEST_CONTEXT(told.outcome) {
      BOOST_TEST(told.posts() == 1u);
      BOOST_TEST(told.outcome.find(": https://id.example: oauth: the token endpoint") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(whatever_passes_leads_to_the_token) {
  for (auto const& first : {says(500), says(503), says(429), says(408), later(503, "2"),
                            lost(cs::lost::not_sent), lost(cs::lost::unanswered)}) {
    frame f;
    BOOST_TEST(f.call({first, says(200, good)}).outcome == "t1");
    BOOST_TEST(f.call({first, first, says(200, good)}).outcome == "t1");
    BOOST_TEST(f.call({first, first, first, says(200, good)}).posts() == 3u);
  }
}

BOOST_AUTO_TEST_CASE(what_must_not_be_repeated_is_not_where_it_may_have_arrived) {
  oauth::call_rules const once{.repeatable = false};
  frame f;
  auto const silent = f.call({lost(cs::lost::unanswered)}, once);
  BOOST_TEST(silent.posts() == 1u);
  BOOST_TEST(silent.outcome == "unanswered: https://id.example: oauth: the token endpoint did not answer");
  // The server said no, or never heard of it.
  BOOST_TEST(f.call({says(503), says(200, good)}, once).outcome == "t1");
  BOOST_TEST(f.call({lost(cs::lost::not_sent), says(200, good)}, once).outcome == "t1");
  // The second try is not answered: that one counts.
  BOOST_TEST((f.call({says(503), lost(cs::lost::unanswered)}, once).code == cs::errc::unanswered));
}

BOOST_AUTO_TEST_CASE(it_commits_while_a_request_is_out_that_must_not_be_repeated) {
  frame f;
  for (bool const repeatable : {true, false}) {
    oauth::token_call call(service(), body(), {.repeatable = repeatable}, f.outside, f.world.now());
    BOOST_TEST(call.commits() == !repeatable);
    call.supply(cs::response(503), f.world.now());
    BOOST_REQUIRE((call.wants() == want::wait));
    BOOST_TEST(!call.commits());
    call.resume(f.world.now());
    BOOST_TEST(call.commits() == !repeatable);
    call.supply(response_of(says(200, good)), f.world.now());
    BOOST_TEST(!call.commits());
  }
}

BOOST_AUTO_TEST_CASE(tries_are_as_many_as_the_rules_say) {
  frame f;
  for (unsigned const most : {0u, 1u, 2u, 3u, 4u})
    BOOST_TEST(f.call({says(500)}, {.max_tries = most}).posts() == (most == 0 ? 1 : most));
}

BOOST_AUTO_TEST_CASE(pauses_double_and_are_spread_by_chance) {
  frame f;
  f.world.entropy = std::string(4, '\0') + std::string(4, '\xff');  // no jitter, then the most of it
  auto const told = f.call({says(500)});
  BOOST_TEST((told.waits == std::vector<std::int64_t>{1000, 2999}));
  std::set<std::int64_t> seen;
  for (int turn = 0; turn < 50; ++turn) {
    auto const waits = f.call({says(500)}).waits;
    BOOST_TEST((waits[0] >= 1000 && waits[0] < 1500 && waits[1] >= 2000 && waits[1] < 3000));
    seen.insert(waits[0]);
  }
  BOOST_TEST(seen.size() > 10u);
  // No pause grows without end, and none needs chance.
  auto const many = f.call({says(500)}, {.max_tries = 12}).waits;
  BOOST_TEST(many.size() == 11u);
  for (auto const wait : many) BOOST_TEST(wait < 15'000);
  f.world.entropy_fails = true;
  BOOST_TEST((f.call({says(500)}).waits == std::vector<std::int64_t>{1000, 2000}));
}

BOOST_AUTO_TEST_CASE(retry_after_is_waited_for_where_that_is_short) {
  // The world begins at 2001-09-09T01:46:40Z. No jitter: without entropy.
  struct {
    std::string_view value;
    std::int64_t wait;  // before the second try; 0: given up
    std::string_view end;
  } const rows[] = {
      {"5", 5000, ""},
      {"0", 1000, ""},
      {"-1", 1000, ""},
      {"soon", 1000, ""},
      {"", 1000, ""},
      {"10", 10'000, ""},
      {"11", 0, "; it asks to be left alone for 11 s"},
      {"1000000000", 0, "; it asks to be left alone for 300 s"},
      {"Sun, 09 Sep 2001 01:46:47 GMT", 7000, ""},
      {"Sun, 09 Sep 2001 01:46:30 GMT", 1000, ""},
      {"Sun, 09 Sep 2001 01:47:40 GMT", 0, "; it asks to be left alone for 60 s"},
      {"Sun, 09 Sep 2099 01:46:47 GMT", 0, "; it asks to be left alone for 300 s"},
  };
  static_assert(oauth::longest_wait_inside == cs::seconds(10));
  for (int const status : {429, 503, 408, 500})
    for (auto const& row : rows) {
      frame f;
      f.world.entropy_fails = true;
      auto const told = f.call({later(status, std::string(row.value)), says(200, good)});
      BOOST_TEST_CONTEXT(row.value << " " << told.outcome) {
        if (row.wait == 0) {
          BOOST_TEST(told.waits.empty());
          BOOST_TEST(told.posts() == 1u);
          BOOST_TEST(told.outcome == "transient: https://id.example: oauth: the token endpoint answered " +
                                         std::to_string(status) + "; it may serve later" +
                                         std::string(row.end));
        } else {
          BOOST_TEST((told.waits == std::vector{row.wait}));
          BOOST_TEST(told.outcome == "t1");
        }
      }
    }
}

BOOST_AUTO_TEST_CASE(a_client_proves_itself_as_it_was_told_to) {
  using oauth::client_auth;
  struct {
    client_auth method;
    bool secret, key;
    std::string_view in_body, authorization;
  } const rows[] = {
      {client_auth::as_advertised, true, false, "", "Basic YXBwOnMzY3JldA=="},
      {client_auth::as_advertised, false, false, "&client_id=app", ""},
      {client_auth::as_advertised, true, true, "&client_assertion=", ""},
      {client_auth::none, true, true, "&client_id=app", ""},
      {client_auth::basic, true, true, "", "Basic YXBwOnMzY3JldA=="},
      {client_auth::post, true, true, "&client_id=app&client_secret=s3cret", ""},
      {client_auth::private_key_jwt, true, true, "&client_assertion=", ""},
      {client_auth::client_secret_jwt, true, true, "&client_assertion=", ""},
      {client_auth::tls_client_auth, true, true, "&client_id=app", ""},
      {client_auth::self_signed_tls_client_auth, false, false, "&client_id=app", ""},
  };
  auto const key = cs::openssl_key::generate().value();
  for (auto const& row : rows) {
    frame f;
    auto who = service();
    who.issuer = "https://id.example";
    who.client.method = row.method;
    if (row.method == client_auth::client_secret_jwt) f.world.variables["APP_SECRET"] = std::string(32, 's');
    if (!row.secret) who.client.secret = {};
    if (row.key) who.client_key = key;
    auto const told = f.call(who, {says(200, good)});
    BOOST_TEST(told.outcome == "t1");
    BOOST_TEST(told.bodies[0].find(row.in_body) != std::string::npos);
    BOOST_TEST(told.authorizations[0] == row.authorization);
    BOOST_TEST((told.bodies[0].find("client_assertion=") != std::string::npos) ==
               (row.in_body == "&client_assertion="));
    BOOST_TEST((told.bodies[0].find("client_secret=") != std::string::npos) ==
               (row.method == client_auth::post));
  }
}

BOOST_AUTO_TEST_CASE(each_try_carries_an_assertion_of_its_own_for_the_issuer) {
  frame f;
  auto who = service();
  who.issuer = "https://id.example/tenant";
  who.client_key = cs::openssl_key::generate().value();
  who.assertion.key_id = "k1";
  auto const told = f.call(who, {says(500), says(500), says(200, good)});
  BOOST_REQUIRE(told.posts() == 3u);
  std::set<std::string> seen;
  for (auto const& sent : told.bodies) {
    auto const at = sent.find("client_assertion=") + "client_assertion="sv.size();
    fake::jws const assertion(sent.substr(at));
    auto const claims = assertion.payload();
    BOOST_TEST(claims.get<std::string>("aud") == "https://id.example/tenant");
    BOOST_TEST(claims.get<std::string>("iss") == "app");
    BOOST_TEST(claims.get<std::string>("sub") == "app");
    BOOST_TEST(assertion.header.get<std::string>("kid") == "k1");
    BOOST_TEST(assertion.header.get<std::string>("alg") == "ES256");
    seen.insert(claims.get<std::string>("jti"));
  }
  BOOST_TEST(seen.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_secret_that_changed_between_two_tries_is_read_anew) {
  frame f;
  oauth::token_call call(service(), body(), {}, f.outside, f.world.now());
  call.supply(cs::response(500), f.world.now());
  f.world.variables["APP_SECRET"] = "another";
  call.resume(f.world.now());
  BOOST_TEST(call.pending().get("Authorization").value() == "Basic YXBwOmFub3RoZXI=");
  // It goes away: said as it is when it was never there.
  call.supply(cs::response(500), f.world.now());
  f.world.variables.clear();
  call.resume(f.world.now());
  BOOST_REQUIRE((call.wants() == want::done));
  BOOST_TEST((std::move(call).outcome().error().code() == cs::errc::not_mine));
}

BOOST_AUTO_TEST_CASE(what_it_could_not_ask_with_is_told_before_anything_is_sent) {
  frame f;
  auto const refused = [&](auto const& change) {
    auto who = service();
    change(who);
    auto const told = f.call(who, {says(200, good)});
    BOOST_TEST(told.posts() == 0u);
    return told.outcome;
  };
  using service_type = oauth::token_service;
  using oauth::client_auth;
  BOOST_TEST(refused([](service_type& s) { s.client.id = ""; }) ==
             "bad_input: oauth: the client has no id; set .client.id");
  BOOST_TEST(refused([](service_type& s) {
               s.endpoint = "http://id.example/token";
             }).starts_with("insecure: oauth: token endpoint: "));
  BOOST_TEST(
      refused([](service_type& s) { s.endpoint = ""; }).starts_with("bad_input: oauth: token endpoint"));
  for (auto const method : {client_auth::basic, client_auth::post})
    BOOST_TEST(refused([&](service_type& s) { s.client = {.id = "app", .method = method}; }) ==
               "bad_input: oauth client app: it has no secret; set .client.secret");
  BOOST_TEST(refused([](service_type& s) {
               s.client.method = client_auth::client_secret_jwt;
               s.client.secret = {};
             }) == "bad_input: oauth client app: it has no secret; set .client.secret");
  BOOST_TEST(refused([](service_type& s) { s.client.method = client_auth::private_key_jwt; }) ==
             "bad_input: oauth client app: private_key_jwt needs a key; set .client_key");
  BOOST_TEST(refused([](service_type& s) { s.client_key = cs::openssl_key::generate().value(); }) ==
             "bad_input: oauth: client assertion: no audience; give the authorization server's issuer");
  f.world.variables.clear();
  BOOST_TEST(refused([](service_type&) {}) ==
             "not_mine: oauth client app: env: variable APP_SECRET is not set; export it, then start again");
  f.world.entropy_fails = true;
  BOOST_TEST(refused([](service_type& s) {
               s.client.secret = {};
               s.dpop_key = cs::openssl_key::generate().value();
             }).starts_with("fatal: oauth: DPoP: "));
}

// RFC 9449 §5: each token request has a proof of its own, without `ath`.
BOOST_AUTO_TEST_CASE(each_try_is_proved_anew) {
  frame f;
  auto who = service();
  who.dpop_key = cs::openssl_key::generate().value();
  auto const told = f.call(who, {says(500), lost(cs::lost::unanswered), says(200, good)});
  BOOST_REQUIRE(told.posts() == 3u);
  std::set<std::string> seen;
  for (auto const& field : told.proofs) {
    fake::jws const proof(field);
    BOOST_TEST(fake::verifies(proof));
    BOOST_TEST(proof.payload().get<std::string>("htu") == endpoint);
    BOOST_TEST(proof.payload().get<std::string>("htm") == "POST");
    BOOST_TEST(!proof.payload().get_optional<std::string>("ath"));
    seen.insert(proof.payload().get<std::string>("jti"));
  }
  BOOST_TEST(seen.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_demand_for_a_nonce_is_answered_once_and_is_no_try) {
  struct {
    std::vector<fake::reply> said;
    std::vector<std::string> nonces;  // in the proof of each request
    std::string_view outcome;
  } const rows[] = {
      {{wants_nonce("n1"), says(200, good)}, {"", "n1"}, "t1"},
      {{says(401, R"({"error":"use_dpop_nonce"})", {{"DPoP-Nonce", "n1"}}), says(200, good)},
       {"", "n1"},
       "t1"},
      // Once only, whatever the server says then.
      {{wants_nonce("n1"), wants_nonce("n2"), says(200, good)},
       {"", "n1"},
       "fatal: https://id.example: oauth: the token endpoint answered 400, use_dpop_nonce"},
      // It gave none.
      {{says(400, R"({"error":"use_dpop_nonce"})"), says(200, good)},
       {""},
       "fatal: https://id.example: oauth: the token endpoint answered 400, use_dpop_nonce"},
      // Three tries remain three.
      {{wants_nonce("n1"), says(500), says(500), says(200, good)}, {"", "n1", "n1", "n1"}, "t1"},
      {{wants_nonce("n1"), says(500)},
       {"", "n1", "n1", "n1"},
       "transient: https://id.example: oauth: the token endpoint answered 500; it may serve later"},
      // The newest is taken, also from an answer that is no demand.
      {{says(503, "", {{"DPoP-Nonce", "n1"}}), says(200, good)}, {"", "n1"}, "t1"},
      {{wants_nonce("n1"), says(503, "", {{"DPoP-Nonce", "n2"}}), says(200, good)}, {"", "n1", "n2"}, "t1"},
  };
  for (auto const& row : rows)
    for (bool const repeatable : {true, false}) {
      frame f;
      auto who = service();
      who.dpop_key = cs::openssl_key::generate().value();
      auto const told = f.call(who, row.said, {.repeatable = repeatable});
      std::vector<std::string> nonces;
      for (auto const& field : told.proofs)
        nonces.push_back(fake::jws(field).payload().get<std::string>("nonce", ""));
      BOOST_TEST((nonces == row.nonces));
      BOOST_TEST(told.outcome == row.outcome);
    }
}

BOOST_AUTO_TEST_CASE(without_a_key_no_nonce_is_heard) {
  frame f;
  auto const told = f.call({wants_nonce("n1"), says(200, good)});
  BOOST_TEST(told.posts() == 1u);
  BOOST_TEST(told.outcome ==
             "fatal: https://id.example: oauth: the token endpoint answered 400, use_dpop_nonce");
}

BOOST_AUTO_TEST_CASE(nonces_that_the_caller_keeps_serve_the_next_call) {
  frame f;
  cs::dpop_nonces kept;
  auto who = service();
  who.dpop_key = cs::openssl_key::generate().value();
  BOOST_TEST(
      f.call(who, {wants_nonce("n1"), says(200, good, {{"DPoP-Nonce", "n2"}})}, {.nonces = &kept}).posts() ==
      2u);
  auto const next = f.call(who, {says(200, good)}, {.nonces = &kept});
  BOOST_REQUIRE(next.posts() == 1u);
  BOOST_TEST(fake::jws(next.proofs[0]).payload().get<std::string>("nonce") == "n2");
}

BOOST_AUTO_TEST_CASE(it_may_be_moved_at_every_step) {
  frame f;
  auto who = service();
  who.dpop_key = cs::openssl_key::generate().value();
  oauth::token_call first(who, body(), {}, f.outside, f.world.now());
  first.supply(response_of(wants_nonce("n1")), f.world.now());
  auto second = std::move(first);
  second.supply(cs::response(500), f.world.now());
  auto third = std::move(second);
  third.resume(f.world.now());
  BOOST_TEST(fake::jws(third.pending().get("DPoP").value()).payload().get<std::string>("nonce") == "n1");
  third.supply(response_of(says(200, good)), f.world.now());
  auto fourth = std::move(third);
  BOOST_TEST(std::move(fourth).outcome()->access.value.reveal() == "t1");
}

BOOST_AUTO_TEST_CASE(a_second_try_is_traced_with_its_reason) {
  frame f;
  static_cast<void>(f.call({says(503), says(200, good)}));
  auto const traces = f.world.traces();
  BOOST_REQUIRE(traces.size() == 1u);
  BOOST_TEST(traces[0].step == "again");
  BOOST_TEST(traces[0].subject == "https://id.example");
  BOOST_TEST(traces[0].detail == "oauth: the token endpoint answered 503; it may serve later");
}

BOOST_AUTO_TEST_CASE(no_error_and_no_trace_holds_what_was_sent) {
  constexpr auto canary = "c4nary-cl1ent-s3cret"sv;
  auto const echo =
      "{\"error\":\"" + std::string(canary) + "\",\"error_description\":\"" + std::string(canary) + "\"}";
  for (int const status : {200, 302, 400, 401, 404, 429, 500}) {
    frame f;
    f.world.variables["APP_SECRET"] = canary;
    auto who = service();
    who.endpoint = endpoint;
    auto const all = f.call(who, {says(status, echo, {{"Retry-After", std::string(canary)}})}).outcome +
                     f.world.trace_text();
    for (std::size_t at = 0; at + 8 <= canary.size(); ++at)
      BOOST_TEST(all.find(canary.substr(at, 8)) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_leads_inside_is_asked_once) {
  frame f;
  auto who = service();
  who.named_by = "https://mcp.example/mcp";
  oauth::token_call const first(who, body(), {}, f.outside, f.world.now());
  BOOST_TEST(first.pending().named_by.reveal() == "https://mcp.example");
  auto const told = f.call(who, {lost(cs::lost::refused)}, {.repeatable = false});
  BOOST_TEST(told.posts() == 1u);
  BOOST_TEST(told.outcome == "insecure: https://id.example: oauth: token endpoint: its name leads to an "
                             "address within a network, and the server that "
                             "named it is not there; nothing was sent");
  BOOST_TEST(oauth::token_call(service(), body(), {}, f.outside, f.world.now()).pending().named_by.empty());
}

BOOST_AUTO_TEST_SUITE_END()
