// RFC 6749 §4.1, RFC 7636, RFC 8707, RFC 9207, RFC 9449 §10
#include <countersign/oauth/code_flow.hpp>

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/text/percent.hpp>

#include "fake/context.hpp"
#include "fake/jws_verifier.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;
using cs::want;

static_assert(cs::exchange<oauth::code_flow>);

namespace {

constexpr auto issuer = "https://id.example"sv;
constexpr auto redirect_uri = "http://127.0.0.1:8080/callback"sv;
constexpr auto good = R"({"access_token":"t1","token_type":"Bearer","refresh_token":"r1"})"sv;

oauth::server_metadata metadata(bool iss_supported = false) {
  oauth::server_metadata said;
  said.issuer = issuer;
  said.authorization_endpoint = "https://id.example/authorize?tenant=1";
  said.token_endpoint = "https://id.example/token";
  said.code_challenge_methods_supported = {"S256"};
  said.authorization_response_iss_parameter_supported = iss_supported;
  return said;
}
oauth::token_service service() { return {.endpoint = "https://id.example/token", .client = {.id = "app"}}; }
oauth::code_asks asks() {
  return {.redirect_uri = redirect_uri, .scope = "read write", .resource = "https://mcp.example/mcp"};
}

std::map<std::string, std::string> parameters(std::string_view text) {
  std::map<std::string, std::string> all;
  text = text.substr(text.find('?') == std::string_view::npos ? 0 : text.find('?') + 1);
  oauth::detail::each_pair(text, [&](std::string_view name, std::string_view value) {
    all[std::string(name)] = std::string(cs::decode_form(value).value().reveal());
  });
  return all;
}
std::string redirected(std::string_view query) {
  std::string all(redirect_uri);
  all += '?';
  return all += query;
}

struct frame {
  fake::world world;
  cs::context outside = world.context();
  std::string state;

  oauth::code_flow begin(oauth::server_metadata const& server = metadata(), oauth::code_asks what = asks(),
                         oauth::token_service who = service()) {
    oauth::code_flow flow(std::move(who), server, std::move(what), outside, world.now());
    if (flow.wants() == want::person) state = parameters(flow.asks().url.reveal())["state"];
    return flow;
  }
  // What the flow wants, or how it ended.
  static std::string end(oauth::code_flow&& flow) {
    if (flow.wants() == want::person) return "person";
    if (flow.wants() == want::send) return "send";
    auto got = std::move(flow).outcome();
    return got ? std::string(got->access.value.reveal())
               : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  }
  std::string returned(std::string_view query, oauth::server_metadata const& server = metadata()) {
    auto flow = begin(server);
    std::string with(query);
    if (auto const at = with.find("STATE"); at != std::string::npos) with.replace(at, 5, state);
    flow.arrive(redirected(with), world.now());
    return end(std::move(flow));
  }
  static std::string refused(oauth::server_metadata const& server, oauth::token_service who = service()) {
    frame f;
    return end(f.begin(server, asks(), std::move(who)));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_code_flow)

BOOST_AUTO_TEST_CASE(a_page_is_shown_and_its_code_is_redeemed) {
  frame f;
  auto flow = f.begin();
  BOOST_REQUIRE((flow.wants() == want::person));
  BOOST_TEST((flow.asks().what == cs::question::kind::page));
  auto const page = std::string(flow.asks().url.reveal());
  BOOST_TEST(page.starts_with("https://id.example/authorize?tenant=1&"));
  BOOST_TEST(flow.asks().state.reveal() == f.state);
  auto asked = parameters(page);
  BOOST_TEST(asked["response_type"] == "code");
  BOOST_TEST(asked["client_id"] == "app");
  BOOST_TEST(asked["redirect_uri"] == redirect_uri);
  BOOST_TEST(asked["scope"] == "read write");
  BOOST_TEST(asked["resource"] == "https://mcp.example/mcp");
  BOOST_TEST(asked["code_challenge_method"] == "S256");
  BOOST_TEST(asked["state"].size() == 43u);
  BOOST_TEST(!asked.contains("prompt"));
  BOOST_TEST(!asked.contains("dpop_jkt"));

  f.world.advance(cs::seconds(100));
  flow.arrive(redirected("code=c0de&state=" + f.state), f.world.now());
  BOOST_REQUIRE((flow.wants() == want::send));
  auto redeemed = parameters(flow.pending().body.reveal());
  BOOST_TEST(flow.pending().url() == "https://id.example/token");
  BOOST_TEST(redeemed["grant_type"] == "authorization_code");
  BOOST_TEST(redeemed["code"] == "c0de");
  BOOST_TEST(redeemed["client_id"] == "app");
  BOOST_TEST(redeemed["redirect_uri"] == redirect_uri);
  BOOST_TEST(redeemed["resource"] == "https://mcp.example/mcp");
  BOOST_TEST(oauth::s256_challenge(redeemed["code_verifier"]).value().view() == asked["code_challenge"]);
  flow.supply(cs::response(200, cs::secret(good)), f.world.now());
  BOOST_REQUIRE((flow.wants() == want::done));
  auto const got = std::move(flow).outcome();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->access.value.reveal() == "t1");
  BOOST_TEST(got->refresh_token.reveal() == "r1");
}

BOOST_AUTO_TEST_CASE(prompt_and_hint_go_along_where_they_are_given) {
  frame f;
  auto flow =
      f.begin(metadata(), {.redirect_uri = redirect_uri, .prompt = "consent", .login_hint = "a@b.example"});
  auto asked = parameters(flow.asks().url.reveal());
  BOOST_TEST(asked["prompt"] == "consent");
  BOOST_TEST(asked["login_hint"] == "a@b.example");
  BOOST_TEST((!asked.contains("scope") && !asked.contains("resource")));
}

BOOST_AUTO_TEST_CASE(state_and_proof_are_others_each_time) {
  frame f;
  auto one = parameters(f.begin().asks().url.reveal()), two = parameters(f.begin().asks().url.reveal());
  BOOST_TEST(one["state"] != two["state"]);
  BOOST_TEST(one["code_challenge"] != two["code_challenge"]);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_to_be_bound_is_announced_and_proved) {
  frame f;
  auto who = service();
  auto const key = cs::openssl_key::generate().value();
  who.dpop_key = key;
  auto flow = f.begin(metadata(), asks(), who);
  BOOST_TEST(parameters(flow.asks().url.reveal())["dpop_jkt"] == cs::jwk_thumbprint(key)->reveal());
  flow.arrive(redirected("code=c&state=" + f.state), f.world.now());
  BOOST_REQUIRE((flow.wants() == want::send));
  BOOST_TEST(fake::verifies(fake::jws(flow.pending().get("DPoP").value())));
  // A demand for a nonce does not use the code up.
  cs::response demand(400, cs::secret(R"({"error":"use_dpop_nonce"})"));
  demand.headers.append("DPoP-Nonce", "n1");
  flow.supply(std::move(demand), f.world.now());
  BOOST_REQUIRE((flow.wants() == want::send));
  BOOST_TEST(fake::jws(flow.pending().get("DPoP").value()).payload().get<std::string>("nonce") == "n1");
  BOOST_TEST(parameters(flow.pending().body.reveal())["code"] == "c");
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_is_pushed_where_the_server_or_the_caller_wants_it) {
  for (bool const by_server : {false, true}) {
    frame f;
    auto server = metadata();
    server.pushed_authorization_request_endpoint = "https://id.example/par";
    server.require_pushed_authorization_requests = by_server;
    auto who = service();
    who.client = {.id = "app", .secret = cs::secret("s")};
    auto const key = cs::openssl_key::generate().value();
    who.dpop_key = key;
    auto what = asks();
    what.pushed = !by_server;
    auto flow = f.begin(server, std::move(what), std::move(who));
    BOOST_REQUIRE((flow.wants() == want::send));
    BOOST_TEST(!flow.commits());
    BOOST_TEST(flow.pending().url() == "https://id.example/par");
    BOOST_TEST(flow.pending().get("Authorization").value() == "Basic YXBwOnM=");
    BOOST_TEST(fake::verifies(fake::jws(flow.pending().get("DPoP").value())));
    auto asked = parameters(flow.pending().body.reveal());
    f.state = asked["state"];
    BOOST_TEST(asked["response_type"] == "code");
    BOOST_TEST(asked["redirect_uri"] == redirect_uri);
    BOOST_TEST(asked["scope"] == "read write");
    BOOST_TEST(asked["dpop_jkt"] == cs::jwk_thumbprint(key)->reveal());
    cs::response demand(400, cs::secret(R"({"error":"use_dpop_nonce"})"));
    demand.headers.append("DPoP-Nonce", "n1");
    flow.supply(std::move(demand), f.world.now());
    BOOST_REQUIRE((flow.wants() == want::send));
    flow.supply(cs::response(201, cs::secret(R"({"request_uri":"urn:x:1","expires_in":60})")), f.world.now());
    BOOST_REQUIRE((flow.wants() == want::person));
    BOOST_TEST(flow.asks().url.reveal() ==
               "https://id.example/authorize?tenant=1&client_id=app&request_uri=urn%3Ax%3A1");
    BOOST_TEST(flow.asks().state.reveal() == f.state);
    flow.arrive(redirected("code=c&state=" + f.state), f.world.now());
    BOOST_REQUIRE((flow.wants() == want::send));
    auto redeemed = parameters(flow.pending().body.reveal());
    BOOST_TEST(oauth::s256_challenge(redeemed["code_verifier"]).value().view() == asked["code_challenge"]);
    flow.supply(cs::response(200, cs::secret(good)), f.world.now());
    BOOST_TEST(frame::end(std::move(flow)) == "t1");
  }
}

BOOST_AUTO_TEST_CASE(a_request_that_could_not_be_pushed_shows_no_page) {
  struct {
    int status;
    std::string_view body, end;
  } const rows[] = {
      {400, R"({"error":"invalid_scope"})",
       "fatal: https://id.example: oauth: the pushed authorization request endpoint answered 400, "
       "invalid_scope"},
      {401, R"({"error":"invalid_client"})", "unknown_client: "},
      {201, "{}", "bad_input: "},
  };
  for (auto const& row : rows) {
    frame f;
    auto server = metadata();
    server.pushed_authorization_request_endpoint = "https://id.example/par";
    server.require_pushed_authorization_requests = true;
    auto flow = f.begin(server);
    flow.supply(cs::response(row.status, cs::secret(row.body)), f.world.now());
    BOOST_TEST(frame::end(std::move(flow)).starts_with(row.end));
  }
  frame f;
  auto server = metadata();
  server.pushed_authorization_request_endpoint = "https://id.example/par";
  server.require_pushed_authorization_requests = true;
  server.authorization_endpoint = "https://id.example/authorize?client_id=theirs";
  BOOST_TEST(frame::end(f.begin(server)).starts_with("bad_input: oauth: authorization endpoint: "));
}

BOOST_AUTO_TEST_CASE(nobody_is_sent_to_a_page_where_it_would_not_be_safe_or_lead_nowhere) {
  auto server = metadata();
  server.code_challenge_methods_supported = {};
  BOOST_TEST(frame::refused(server).starts_with(
      "fatal: oauth: https://id.example does not say that it supports PKCE"));
  server.code_challenge_methods_supported = {"plain"};
  BOOST_TEST(frame::refused(server).starts_with(
      "fatal: oauth: https://id.example does not say that it supports PKCE"));
  server = metadata();
  server.authorization_endpoint = "";
  BOOST_TEST(frame::refused(server) ==
             "fatal: oauth: the authorization server names no page to sign in on (authorization_endpoint)");
  server.authorization_endpoint = "http://id.example/authorize";
  BOOST_TEST(frame::refused(server).starts_with("insecure: oauth: authorization endpoint: "));
  server.authorization_endpoint = "https://id.example/authorize?state=theirs";
  BOOST_TEST(frame::refused(server).starts_with("bad_input: oauth: authorization endpoint: "));
  server = metadata();
  server.require_pushed_authorization_requests = true;
  BOOST_TEST(
      frame::refused(server).starts_with("fatal: oauth: authorization requests are to be pushed (RFC 9126)"));
  server.pushed_authorization_request_endpoint = "http://id.example/par";
  BOOST_TEST(frame::refused(server).starts_with("insecure: oauth: pushed authorization request endpoint: "));
  BOOST_TEST(frame::refused(metadata(), {.endpoint = "https://id.example/token"}) ==
             "bad_input: oauth: the client has no id; set .client_id");
  frame f;
  f.world.entropy_fails = true;
  BOOST_TEST(frame::end(f.begin()).starts_with("fatal: oauth: entropy"));
}

BOOST_AUTO_TEST_CASE(who_does_not_sign_in_is_told_so) {
  frame f;
  auto flow = f.begin();
  flow.arrive("", f.world.now());
  BOOST_TEST(frame::end(std::move(flow)) ==
             "needs_person: oauth: nobody signed in on the page that was shown");
}

BOOST_AUTO_TEST_CASE(what_the_server_says_in_place_of_a_code) {
  struct {
    std::string_view query, end;
  } const rows[] = {
      {"error=access_denied&state=STATE", "rejected: oauth: the authorization server answered access_denied"},
      {"error=server_error&state=STATE", "transient: "},
      {"error=login_required&state=STATE", "needs_person: "},
      {"error=invalid_scope&state=STATE", "fatal: "},
      {"state=STATE", "bad_input: oauth: the redirect holds neither a code nor an error"},
  };
  for (auto const& row : rows) BOOST_TEST(frame().returned(row.query).starts_with(row.end));
}

// Mix-up (RFC 9207): of every spelling but the one that was recorded, no code is redeemed.
BOOST_AUTO_TEST_CASE(no_code_is_redeemed_unless_the_issuer_is_the_recorded_one) {
  struct {
    bool supported;
    std::string_view query, outcome;
  } const rows[] = {
      {true, "code=c&state=STATE&iss=https%3A%2F%2Fid.example", "send"},
      {false, "code=c&state=STATE", "send"},
      {true, "code=c&state=STATE", "wrong_origin"},
      {true, "code=c&state=STATE&iss=", "wrong_origin"},
      {true, "code=c&state=STATE&iss=https%3A%2F%2Fevil.example", "wrong_origin"},
      {true, "code=c&state=STATE&iss=https%3A%2F%2Fid.example%2F", "wrong_origin"},
      {true, "code=c&state=STATE&iss=https%3A%2F%2FID.example", "wrong_origin"},
      {true, "code=c&state=STATE&iss=https%3A%2F%2Fid.example%3A443", "wrong_origin"},
      {true, "code=c&state=STATE&iss=https%3A%2F%2Fid.example&iss=https%3A%2F%2Fid.example", "wrong_origin"},
      {true, "code=c&state=STATE&iss=https%3A%2F%2Fid.example&iss=https%3A%2F%2Fevil.example",
       "wrong_origin"},
      {false, "code=c&state=STATE&iss=https%3A%2F%2Fid.example", "wrong_origin"},
      {false, "code=c&state=STATE&iss=https%3A%2F%2Fevil.example", "wrong_origin"},
      {false, "code=c&code=d&state=STATE", "wrong_origin"},
  };
  for (auto const& row : rows) {
    auto const said = frame().returned(row.query, metadata(row.supported));
    BOOST_TEST_CONTEXT(row.query) BOOST_TEST(said.substr(0, said.find(':')) == row.outcome);
  }
}

BOOST_AUTO_TEST_CASE(a_redirect_of_another_sign_in_is_not_taken_and_the_page_asked_for_again) {
  std::vector<std::string> const forged = {"code=evil&state=" + std::string(43, 'A'), "code=evil",
                                           "error=access_denied",
                                           "code=evil&state=", "state=&state=&code=evil"};
  for (auto const& query : forged) {
    frame f;
    auto flow = f.begin();
    auto const page = std::string(flow.asks().url.reveal());
    for (unsigned n = 1; n < oauth::max_page_questions; ++n) {
      flow.arrive(redirected(query), f.world.now());
      BOOST_REQUIRE((flow.wants() == want::person));
      BOOST_TEST(flow.asks().url.reveal() == page);
    }
    auto lucky = std::move(flow);
    lucky.arrive(redirected("code=c&state=" + f.state), f.world.now());
    BOOST_REQUIRE((lucky.wants() == want::send));
    BOOST_TEST(parameters(lucky.pending().body.reveal())["code"] == "c");
  }
}

BOOST_AUTO_TEST_CASE(one_forged_redirect_too_many_ends_it) {
  frame f;
  auto flow = f.begin();
  for (unsigned n = 0; n < oauth::max_page_questions; ++n)
    flow.arrive(redirected("code=evil&state=x"), f.world.now());
  BOOST_TEST(
      frame::end(std::move(flow)) ==
      "needs_person: oauth: the redirect does not carry the state that was sent; it belongs to another "
      "sign-in, or is forged; sign in again");
}

BOOST_AUTO_TEST_CASE(a_state_is_good_for_one_redirect) {
  frame f;
  auto flow = f.begin();
  flow.arrive(redirected("code=c&state=" + f.state), f.world.now());
  flow.arrive(redirected("code=evil&state=" + f.state), f.world.now());
  BOOST_REQUIRE((flow.wants() == want::send));
  BOOST_TEST(parameters(flow.pending().body.reveal())["code"] == "c");
}

BOOST_AUTO_TEST_CASE(a_code_is_sent_once_unless_the_server_refused_to_look_at_it) {
  frame f;
  auto const redeem = [&] {
    auto flow = f.begin();
    flow.arrive(redirected("code=c&state=" + f.state), f.world.now());
    BOOST_TEST(flow.commits());
    return flow;
  };
  auto silent = redeem();
  silent.fail(cs::lost::unanswered, f.world.now());
  BOOST_TEST(frame::end(std::move(silent)) ==
             "unanswered: https://id.example: oauth: the token endpoint did not answer");
  auto busy = redeem();
  busy.supply(cs::response(503), f.world.now());
  BOOST_REQUIRE((busy.wants() == want::wait));
  busy.resume(f.world.now());
  busy.supply(cs::response(200, cs::secret(good)), f.world.now());
  BOOST_TEST(frame::end(std::move(busy)) == "t1");
  auto late = redeem();
  late.supply(cs::response(400, cs::secret(R"({"error":"invalid_grant"})")), f.world.now());
  BOOST_TEST(frame::end(std::move(late)) ==
             "rejected: https://id.example: oauth: the token endpoint answered 400, invalid_grant");
}

BOOST_AUTO_TEST_CASE(no_error_holds_code_state_or_verifier) {
  frame f;
  for (auto const query : {"code=c4narycode&state=STATE&iss=x", "code=c4narycode&state=c4narystate",
                           "error=c4narycode&state=STATE"})
    BOOST_TEST(f.returned(query).find("c4nary") == std::string::npos);
  auto flow = f.begin();
  flow.arrive(redirected("code=c4narycode&state=" + f.state), f.world.now());
  auto const verifier = parameters(flow.pending().body.reveal())["code_verifier"];
  flow.supply(
      cs::response(400, cs::secret("{\"error\":\"c4narycode\",\"error_description\":\"" + verifier + "\"}")),
      f.world.now());
  auto const said = frame::end(std::move(flow)) + f.world.trace_text();
  BOOST_TEST(said.find("c4nary") == std::string::npos);
  BOOST_TEST(said.find(verifier) == std::string::npos);
  BOOST_TEST(said.find(f.state) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
