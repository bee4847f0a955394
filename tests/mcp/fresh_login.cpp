#include <countersign/mcp/fresh_login.hpp>

#include "fake/context.hpp"
#include "fake/oauth_server.hpp"

#include <countersign/adapt/openssl_proof_keys.hpp>
#include <countersign/drive/run.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace mcp = countersign::mcp;
namespace oauth = countersign::oauth;
using namespace countersign;
using namespace std::string_view_literals;

namespace {

struct frame {
  fake::world world;
  context outside = world.context();
  fake::oauth_server there;
  mcp::sign_in_settings settings = {.interactive = true};
  login before;
  owned_text granted;

  [[nodiscard]] mcp::discovered found() {
    auto got = run(mcp::discovery(fake::oauth_server::mcp, "", {}, outside), there.transport(), nobody(), outside);
    BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
    return std::move(*got);
  }
  [[nodiscard]] result<login> sign_in(mcp::discovered from) {
    return run(mcp::fresh_login(settings, std::move(from), before, granted, outside, outside.now()), there.transport(), there.person(), outside);
  }
  [[nodiscard]] result<login> sign_in() { return sign_in(found()); }
};

static_assert(exchange<mcp::fresh_login>);

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_fresh_login)

BOOST_AUTO_TEST_CASE(a_client_of_the_login_before_serves_again_where_redirects_go_to_the_same_place) {
  frame f;
  auto first = f.sign_in();
  BOOST_REQUIRE_MESSAGE(first, (first ? "" : first.error().c_str()));
  f.before = *first;
  f.before.generation = 1;
  auto const second = f.sign_in();
  BOOST_REQUIRE(second);
  BOOST_TEST(second->client.id.view() == first->client.id.view());
  BOOST_TEST(f.there.count("POST https://id.example/register") == 1);
  BOOST_TEST(second->access_token.reveal() != first->access_token.reveal());
}

BOOST_AUTO_TEST_CASE(who_is_asked_for_an_address_is_told_the_one_before_and_the_port_that_must_be) {
  frame f;
  f.before.client.redirect_uri = "http://127.0.0.1:4444/was/here";
  f.settings.callback_port = 8123;
  std::string before;
  int port = 0;
  auto const asked = [&](question const& what) -> result<secret> {
    if (what.what != question::kind::redirect_address) return f.there.person()(what);
    before = what.url.reveal();
    port = what.preferred_port;
    return secret("http://127.0.0.1:8123/callback");
  };
  BOOST_REQUIRE(run(mcp::fresh_login(f.settings, f.found(), f.before, {}, f.outside, f.outside.now()), f.there.transport(), asked, f.outside));
  BOOST_TEST(before == "http://127.0.0.1:4444/was/here");
  BOOST_TEST(port == 8123);
}

BOOST_AUTO_TEST_CASE(a_configured_client_is_never_registered) {
  frame f;
  f.there.static_client = "agent";
  f.settings.client = {.id = "agent"};
  BOOST_REQUIRE(f.sign_in());
  BOOST_TEST(f.there.count("POST https://id.example/register") == 0);
}

BOOST_AUTO_TEST_CASE(the_clients_metadata_document_is_its_id_where_the_server_takes_that) {
  frame f;
  f.settings.client_metadata_url = "https://agent.example/client.json";
  f.there.turn.documents = true;
  auto const got = f.sign_in();
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(got->client.id.view() == "https://agent.example/client.json"sv);
}

BOOST_AUTO_TEST_CASE(granted_scopes_are_asked_for_again) {
  frame f;
  f.granted = "notes:read";
  BOOST_REQUIRE(f.sign_in());
  BOOST_TEST(f.there.last_page()["scope"] == "notes:read read");
  f.settings.scope = "only this";
  BOOST_REQUIRE(f.sign_in());
  BOOST_TEST(f.there.last_page()["scope"] == "only this");
}

BOOST_AUTO_TEST_CASE(a_token_is_bound_where_the_server_or_the_user_wants_it) {
  frame f;
  f.settings.binding = mcp::bound_to_key::always;
  auto refused = f.sign_in();
  BOOST_TEST(refused.error().message().find("set .keys") != std::string_view::npos);
  f.settings.keys = openssl_proof_keys;
  f.there.turn.challenge_scheme = "DPoP";
  auto got = f.sign_in();
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(got->token_type.view() == "DPoP"sv);
  BOOST_REQUIRE(openssl_proof_keys.read(got->dpop_key));
  BOOST_TEST(f.there.last_page().contains("dpop_jkt"));
  f.settings.binding = mcp::bound_to_key::where_wanted;
  f.there.turn.challenge_scheme = "Bearer";
  auto const unbound = f.sign_in();
  BOOST_REQUIRE(unbound);
  BOOST_TEST(unbound->dpop_key.empty());
  auto wants = f.found();
  wants.dpop_wanted = true;
  auto const bound = f.sign_in(std::move(wants));
  BOOST_REQUIRE(bound);
  BOOST_TEST(!bound->dpop_key.empty());
}

BOOST_AUTO_TEST_CASE(a_person_signs_in_on_another_device) {
  frame f;
  f.world.tick = milliseconds(100);
  f.there.turn.devices = true;
  f.there.turn.grants = "urn:ietf:params:oauth:grant-type:device_code";
  f.settings.grant = mcp::sign_in_grant::device_code;
  std::string shown, registered;
  auto const http = [&](request const& what) -> result<response> {
    if (what.url().ends_with("/register")) registered = what.body.reveal();
    return f.there.transport()(what);
  };
  auto const person = [&](question const& what) -> result<secret> {
    BOOST_TEST((what.what == question::kind::code));
    shown = what.url.reveal();
    return f.there.person()(what);
  };
  auto const got = run(mcp::fresh_login(f.settings, f.found(), {}, {}, f.outside, f.outside.now()), http,
                       person, f.outside);
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(shown == "https://id.example/device");
  BOOST_TEST(got->scope.view() == "read"sv);
  BOOST_TEST(!got->refresh_token.empty());
  BOOST_TEST(got->client.redirect_uri.empty());
  BOOST_TEST(
      registered.find(R"("grant_types":["urn:ietf:params:oauth:grant-type:device_code","refresh_token"])") !=
      std::string::npos);
  BOOST_TEST(registered.find(R"("response_types":[])") != std::string::npos);
  BOOST_TEST(f.there.count("page") == 0);
  // the client that registered serves again, and one that the server forgot registers anew
  f.before = *got;
  BOOST_REQUIRE(f.sign_in());
  BOOST_TEST(f.there.count("POST https://id.example/register") == 1);
  f.there.forget_clients();
  BOOST_REQUIRE(f.sign_in());
  BOOST_TEST(f.there.count("POST https://id.example/register") == 2);
  f.there.turn.person_denies = true;
  BOOST_TEST((f.sign_in().error().code() == errc::rejected));
  f.settings.interactive = false;
  BOOST_TEST((f.sign_in().error().code() == errc::needs_person));
}

BOOST_AUTO_TEST_CASE(requests_are_pushed_where_the_server_insists) {
  frame f;
  f.there.turn.wants_pushed = true;
  auto const got = f.sign_in();
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(f.there.count("POST https://id.example/par") == 1);
  BOOST_TEST(f.there.last_page()["scope"] == "read");
  f.settings.pushed = true;
  f.there.turn.wants_pushed = false;
  BOOST_TEST(f.sign_in().error().message().find("pushed_authorization_request_endpoint") !=
             std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(the_company_vouches_and_its_word_is_redeemed) {
  frame f;
  f.there.static_client = "agent";
  f.there.static_secret = "a:b%c";
  f.there.turn.auth_method = "client_secret_post";
  f.settings = {.grant = mcp::sign_in_grant::enterprise,
                .client = {.id = "agent", .secret = secret("a:b%c")},
                .company = {.token_endpoint = "https://idp.example/token", .client = {.id = "us"}, .id_token = secret("i.d.t")}};
  std::string asked;
  auto const http = [&](request const& what) -> result<response> {
    if (what.url() != "https://idp.example/token") return f.there.transport()(what);
    asked = what.body.reveal();
    return response(200, secret(R"({"access_token":"jag.1.2","issued_token_type":"urn:ietf:params:oauth:token-type:id-jag","token_type":"N_A"})"));
  };
  auto const got = run(mcp::fresh_login(f.settings, f.found(), {}, {}, f.outside, f.outside.now()), http, nobody(), f.outside);
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(asked.find("subject_token=i.d.t") != std::string::npos);
  BOOST_TEST(asked.find("audience=https%3A%2F%2Fid.example&") != std::string::npos, asked);
  BOOST_TEST(asked.find("client_id=us") != std::string::npos);
  BOOST_TEST(f.there.last_form()["assertion"] == "jag.1.2");
  BOOST_TEST(f.there.last_form()["client_secret"] == "a:b%c");
}

BOOST_AUTO_TEST_CASE(what_goes_wrong_is_told_and_who_may_help) {
  struct row {
    std::string_view name;
    void (*change)(frame&);
    errc code;
    std::string_view says;
  } const table[] = {
      {"nobody may be asked", [](frame& f) { f.settings.interactive = false; }, errc::needs_person, "somebody must sign in"},
      {"the person denies", [](frame& f) { f.there.turn.person_denies = true; }, errc::rejected, "access_denied"},
      {"no way to register", [](frame& f) { f.there.turn.registers = false; }, errc::fatal, "oauth.clientId"},
      {"no assertion", [](frame& f) { f.settings = {.grant = mcp::sign_in_grant::jwt_bearer, .client = {.id = "c"}, .assertion = env{"WORKLOAD_TOKEN"}}; }, errc::not_mine, "WORKLOAD_TOKEN"},
      {"a wrong secret", [](frame& f) { f.settings = {.grant = mcp::sign_in_grant::client_credentials, .client = {.id = "c", .secret = secret("x")}}; }, errc::unknown_client, "invalid_client"},
      {"scopes that are none", [](frame& f) { f.settings.scope = "a\"b"; }, errc::bad_input, "oauth.scopes"},
  };
  for (auto const& one : table) {
    frame f;
    one.change(f);
    auto const got = f.sign_in();
    BOOST_REQUIRE_MESSAGE(!got, one.name);
    BOOST_TEST((got.error().code() == one.code), one.name << ": " << got.error().message());
    BOOST_TEST(got.error().message().find(one.says) != std::string_view::npos, one.name << ": " << got.error().message());
  }
}

BOOST_AUTO_TEST_CASE(a_client_that_is_forgotten_over_and_over_is_registered_twice_and_no_more) {
  frame f;
  f.there.turn.before = [&](std::string const& what) -> std::optional<response> {
    if (what != "POST https://id.example/token") return std::nullopt;
    return response(401, secret(R"({"error":"invalid_client"})"));
  };
  auto const got = f.sign_in();
  BOOST_TEST((got.error().code() == errc::unknown_client));
  BOOST_TEST(f.there.count("POST https://id.example/register") == 2);
}

BOOST_AUTO_TEST_CASE(a_token_that_no_request_can_carry_is_not_kept) {
  struct row {
    std::string token, type, said;
    bool always = false;
  };
  for (auto const& [token, type, said, always] :
       {row{"at-1", "DPoP",
            "fatal: the server issued a token that is bound to a key (DPoP), and was shown none; it is not "
            "kept"},
        row{"at-1", "mac",
            "fatal: the server issued a token of another type than Bearer and DPoP; it is not kept"},
        row{"at-1", "Bearer",
            "fatal: the server issued a bearer token, bound to no key, where one was wanted that is; it is "
            "not kept",
            true},
        row{"a b", "Bearer",
            "bad_input: the server issued a token that no request may carry (RFC 6750 §2.1), or too long a "
            "one; it is not kept"},
        row{"a\\r\\nX: y", "Bearer",
            "bad_input: the server issued a token that no request may carry (RFC 6750 §2.1), or too long a "
            "one; it is not kept"},
        row{std::string(max_field_value - 6, 'a'), "bearer",
            "bad_input: the server issued a token that no request may carry (RFC 6750 §2.1), or too long a "
            "one; it is not kept"},
        row{std::string(max_field_value - 7, 'a'), "bearer", ""}, row{"at-1", "dpop", "", true}}) {
    BOOST_TEST_CONTEXT(type << " " << token.substr(0, 20)) {
      frame f;
      f.settings.keys = openssl_proof_keys;
      if (always) f.settings.binding = mcp::bound_to_key::always;
      auto const body = R"({"access_token":")" + token + R"(","token_type":")" + type + R"(","expires_in":60})";
      f.there.turn.before = [&](std::string const& what) -> std::optional<response> {
        if (what != "POST https://id.example/token") return std::nullopt;
        return response(200, secret(body));
      };
      auto const got = f.sign_in();
      BOOST_TEST((got ? "" : std::string(name(got.error().code())) + ": " + got.error().c_str()) == said);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_assertion_is_shown_to_its_own_server_alone) {
  struct row {
    std::string_view before, configured;
    bool shown;
  };
  for (auto const& [before, configured, shown] :
       {row{"", "", true}, row{"https://id.example", "", true}, row{"https://other.example", "", false},
        row{"", "https://id.example", true}, row{"https://other.example", "https://id.example", true},
        row{"", "https://other.example", false}, row{"https://id.example", "https://id.example/", false}}) {
    BOOST_TEST_CONTEXT(before << " then " << configured) {
      frame f;
      f.there.static_client = "workload";
      f.settings = {.grant = mcp::sign_in_grant::jwt_bearer,
                    .client = {.id = "workload"},
                    .client_issuer = configured,
                    .assertion = secret("a.b.c")};
      f.before.issuer = before;
      auto const got = f.sign_in();
      BOOST_TEST(got.has_value() == shown);
      BOOST_TEST(f.there.count("POST https://id.example/token") == (shown ? 1 : 0));
      if (!got) BOOST_TEST((got.error().code() == errc::wrong_origin));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
