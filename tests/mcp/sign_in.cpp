#include <countersign/mcp/sign_in.hpp>

#include "fake/context.hpp"
#include "fake/oauth_server.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/run.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer_or_dpop.hpp>
#include <countersign/oauth/sign_out.hpp>
#include <countersign/refresh/renewal.hpp>
#include <countersign/store/memory_store.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace mcp = countersign::mcp;
namespace oauth = countersign::oauth;
using namespace countersign;
using namespace std::string_view_literals;

namespace {

// A client and all that is around it.
struct frame {
  fake::world world;
  fake::oauth_server there;
  memory_store store;
  mcp::sign_in_settings settings = {.interactive = true};
  request const call{"POST", fake::oauth_server::mcp, secret("{}")};

  [[nodiscard]] auto source() { return mcp::sign_in(fake::oauth_server::mcp, store, settings); }
  [[nodiscard]] auto client() {
    return authenticator(source(), bearer_or_dpop{}, renewal{.step_ups = 1}, world.context());
  }
  template <class Auth>
  [[nodiscard]] result<response> send(Auth& auth) {
    return countersign::send(auth, call, there.transport(), there.person());
  }
  [[nodiscard]] result<login> stored() { return store.load({.server = fake::oauth_server::mcp}); }
};

static_assert(remote_source<mcp::sign_in<memory_store>>);
static_assert(knows_origin<mcp::sign_in<memory_store>>);

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_sign_in)

BOOST_AUTO_TEST_CASE(a_refusal_leads_to_a_sign_in_and_the_login_is_kept) {
  frame f;
  auto auth = f.client();
  auto const got = f.send(auth);
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(got->status() == 200);
  std::vector<std::string> const all = {"POST https://mcp.example/mcp",
                                        "GET https://mcp.example/.well-known/oauth-protected-resource/mcp",
                                        "GET https://id.example/.well-known/oauth-authorization-server",
                                        "POST https://id.example/register",
                                        "POST https://id.example/token",
                                        "POST https://mcp.example/mcp"};
  BOOST_TEST(f.there.asked() == all, boost::test_tools::per_element());
  BOOST_TEST(f.there.last_page()["resource"] == "https://mcp.example/mcp");
  BOOST_TEST(f.there.last_page()["scope"] == "read");
  BOOST_TEST(f.there.last_form()["resource"] == "https://mcp.example/mcp");
  auto const kept = f.stored();
  BOOST_REQUIRE(kept);
  BOOST_TEST(kept->issuer.view() == "https://id.example"sv);
  BOOST_TEST(kept->token_endpoint.view() == "https://id.example/token"sv);
  BOOST_TEST(kept->revocation_endpoint.view() == "https://id.example/revoke"sv);
  BOOST_TEST(kept->scope.view() == "read"sv);
  BOOST_TEST(kept->expires.ms == f.world.now().wall.ms + 3'600'000);
  BOOST_TEST(!kept->refresh_token.empty());
}

BOOST_AUTO_TEST_CASE(consent_is_asked_for_where_offline_access_is) {
  for (auto const* const scopes : {"read", "read offline_access"}) {
    frame f;
    f.there.turn.server_scopes = scopes;
    auto auth = f.client();
    BOOST_REQUIRE(f.send(auth));
    auto const page = f.there.last_page();
    BOOST_TEST(page.at("scope") == scopes);
    BOOST_TEST(page.contains("prompt") == (page.at("scope") != "read"));
    if (page.contains("prompt")) BOOST_TEST(page.at("prompt") == "consent");
  }
}

BOOST_AUTO_TEST_CASE(the_next_request_and_the_next_program_use_what_is_kept) {
  frame f;
  {
    auto auth = f.client();
    BOOST_TEST(f.send(auth)->status() == 200);
    BOOST_TEST(f.send(auth)->status() == 200);
  }
  f.settings.interactive = false;
  auto next = f.client();
  auto const before = f.there.asked().size();
  BOOST_TEST(f.send(next)->status() == 200);
  BOOST_TEST(f.there.asked().size() == before + 1);
  BOOST_TEST(f.there.count("page") == 1);
}

BOOST_AUTO_TEST_CASE(a_token_that_expires_is_refreshed_without_asking_anybody) {
  frame f;
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  for (int round = 0; round < 3; ++round) {
    f.world.advance(seconds(3600));
    BOOST_TEST(f.send(auth)->status() == 200);
  }
  BOOST_TEST(f.there.count("refresh_token") == 3);
  BOOST_TEST(f.there.count("reuse") == 0);
  BOOST_TEST(f.there.count("page") == 1);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_refused_is_refreshed_where_its_server_still_says_the_same) {
  frame f;
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  f.there.forget_access();
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.count("refresh_token") == 1);
  BOOST_TEST(f.there.count("GET https://mcp.example/.well-known/oauth-protected-resource/mcp") == 2);
}

BOOST_AUTO_TEST_CASE(a_server_that_moves_is_signed_in_to_anew_and_the_old_client_stays_where_it_was) {
  frame f;
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  f.there.forget_access();
  f.there.turn.issuer_path = "/second";
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.count("refresh_token") == 0);
  BOOST_TEST(f.there.count("POST https://id.example/second/register") == 1);
  BOOST_TEST(f.stored()->issuer.view() == "https://id.example/second"sv);
}

BOOST_AUTO_TEST_CASE(a_login_that_was_revoked_leads_to_another_sign_in_with_the_same_client) {
  frame f;
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  f.there.revoke_all();
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.count("page") == 2);
  BOOST_TEST(f.there.count("POST https://id.example/register") == 1);
}

BOOST_AUTO_TEST_CASE(nobody_is_asked_where_that_is_not_wanted) {
  frame f;
  f.settings.interactive = false;
  auto auth = f.client();
  auto const got = f.send(auth);
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == errc::needs_person));
  BOOST_TEST(got.error().message() == "sign_in: https://mcp.example: somebody must sign in");
  BOOST_TEST(f.there.count("page") == 0);
  BOOST_TEST(f.there.count("POST https://id.example/register") == 0);
}

BOOST_AUTO_TEST_CASE(who_denies_is_told_so_and_nothing_is_kept) {
  frame f;
  f.there.turn.person_denies = true;
  auto auth = f.client();
  auto const got = f.send(auth);
  BOOST_REQUIRE(!got);
  BOOST_TEST(got.error().message().find("access_denied") != std::string_view::npos, got.error().message());
  BOOST_TEST((f.stored().error().code() == errc::not_mine));
}

BOOST_AUTO_TEST_CASE(more_scope_is_asked_for_together_with_what_was_granted) {
  frame f;
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  f.there.turn.needed_scope = "write";
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.last_page()["scope"] == "read write");
  f.there.turn.needed_scope = "everything";
  f.there.turn.listed_scopes = "read";
  // The server that grants what was asked for, and refuses all the same, is asked once a request.
  f.there.turn.before = [](std::string const& what) -> std::optional<response> {
    if (what != "POST https://mcp.example/mcp") return std::nullopt;
    response refused(403);
    refused.headers.set("WWW-Authenticate", R"(Bearer error="insufficient_scope", scope="everything")");
    return refused;
  };
  auto const pages = f.there.count("page");
  BOOST_TEST(f.send(auth)->status() == 403);
  BOOST_TEST(f.there.count("page") == pages + 1);
}

BOOST_AUTO_TEST_CASE(a_client_that_the_server_knows_signs_in_by_itself) {
  frame f;
  f.there.static_client = "billing";
  f.there.static_secret = "s3";
  f.there.turn.auth_method = "client_secret_basic";
  f.settings = {.grant = mcp::sign_in_grant::client_credentials, .client = {.id = "billing", .secret = secret("s3")}};
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.count("client_credentials") == 1);
  f.world.advance(seconds(3600));
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.count("client_credentials") == 2);
  f.there.turn.needed_scope = "write";
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.last_form()["scope"] == "read write");
}

// RFC 8705: the endpoints that are named for it, from the first token to the sign-out, and nowhere else.
BOOST_AUTO_TEST_CASE(a_certificate_is_shown_where_the_client_posts_and_nowhere_else) {
  for (bool const registered : {false, true}) {
    frame f;
    f.there.turn.auth_method = registered ? "none" : "tls_client_auth";
    f.there.turn.metadata_tail = R"(,"tls_client_certificate_bound_access_tokens":true,"mtls_endpoint_aliases":{
      "token_endpoint":"https://mtls.id.example/token","revocation_endpoint":"https://mtls.id.example/revoke"})";
    f.settings.client.certificate = true;
    if (!registered) {
      f.there.static_client = "ci";
      f.settings.client.id = "ci";
    }
    std::vector<std::string> shown, hidden;
    auto const http = [&, inside = f.there.transport()](request const& what) -> result<response> {
      std::string url(what.url());
      (what.with_certificate ? shown : hidden).push_back(url);
      auto const alias = url.starts_with("https://mtls.");
      if (!alias) return inside(what);
      request there(what.method(), "https://" + url.substr("https://mtls."sv.size()), what.body);
      what.fields([&](std::string_view name, std::string_view value) { there.set(name, value); });
      return inside(there);
    };
    auto const send = [&](auto& auth) { return countersign::send(auth, f.call, http, f.there.person()); };
    auto auth = f.client();
    auto got = send(auth);
    BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
    BOOST_TEST(got->status() == 200);
    BOOST_TEST(f.stored()->client.authentication.view() == (registered ? "none"sv : "tls_client_auth"sv));
    BOOST_TEST(f.stored()->token_endpoint.view() == "https://mtls.id.example/token"sv);
    f.world.advance(seconds(3600));
    BOOST_TEST(send(auth)->status() == 200);  // refreshed
    f.there.forget_access();
    BOOST_TEST(send(auth)->status() == 200);  // its metadata is read again, and says the same
    BOOST_TEST(f.there.count("page") == 1);
    BOOST_TEST(f.there.count("refresh_token") == 2);
    auto const out = run(oauth::sign_out(f.store, {.server = fake::oauth_server::mcp}, {.client = f.settings.client},
                                         f.world.context(), f.world.now()),
                         http, nobody(), f.world.context());
    BOOST_TEST((out && *out));
    std::vector<std::string> const all = {"https://mtls.id.example/token", "https://mtls.id.example/token",
                                          "https://mtls.id.example/token", "https://mtls.id.example/revoke",
                                          "https://mtls.id.example/revoke"};
    BOOST_TEST(shown == all, boost::test_tools::per_element());
    for (auto const& url : hidden) BOOST_TEST(url.find("mtls") == url.npos, url);
  }
}

BOOST_AUTO_TEST_CASE(a_workload_shows_its_assertion_once) {
  frame f;
  f.there.static_client = "workload";
  f.settings = {.grant = mcp::sign_in_grant::jwt_bearer, .client = {.id = "workload"}, .assertion = secret("a.b.c")};
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.last_form()["assertion"] == "a.b.c");
  BOOST_TEST(f.there.count("POST https://id.example/register") == 0);
}

BOOST_AUTO_TEST_CASE(a_server_without_authorization_is_just_used) {
  frame f;
  f.there.turn.before = [](std::string const&) { return std::optional<response>(response(200)); };
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.asked().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_client_that_the_server_has_forgotten_registers_anew) {
  frame f;
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  f.there.forget_clients();
  f.there.forget_access();
  auto const got = f.send(auth);
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(got->status() == 200);
  BOOST_TEST(f.there.count("POST https://id.example/register") == 2);
}

BOOST_AUTO_TEST_CASE(scope_that_was_asked_for_once_is_not_asked_for_again) {
  struct row {
    std::string_view grants;  // what a step-up really gives
    std::string_view configured;
    int pages;  // of three requests, beside the first sign-in
  };
  for (auto const& [grants, configured, pages] :
       {row{"as asked", "", 1}, row{"read", "", 1}, row{"as asked", "read", 0}}) {
    BOOST_TEST_CONTEXT(grants << " " << configured) {
      frame f;
      f.settings.scope = configured;
      auto auth = f.client();
      BOOST_TEST(f.send(auth)->status() == 200);
      f.there.turn.before = [&, grants = grants](std::string const& what) -> std::optional<response> {
        if (what == "POST https://id.example/token" && grants == "read")
          return response(
              200, secret(R"({"access_token":"at-7","token_type":"Bearer","expires_in":60,"scope":"read"})"));
        if (what != "POST https://mcp.example/mcp") return std::nullopt;
        response refused(403);
        refused.headers.set("WWW-Authenticate", R"(Bearer error="insufficient_scope", scope="write")");
        return refused;
      };
      for (int turn = 0; turn < 3; ++turn) {
        auto const got = f.send(auth);
        if (turn < pages) BOOST_TEST(got->status() == 403);
        else BOOST_TEST((!got && got.error().code() == errc::rejected));
      }
      BOOST_TEST(f.there.count("page") == 1 + pages);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_another_process_was_granted_is_used) {
  frame f;
  auto auth = f.client(), other = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.send(other)->status() == 200);
  f.there.turn.needed_scope = "write";
  BOOST_TEST(f.send(other)->status() == 200);
  auto const pages = f.there.count("page");
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.count("page") == pages);
}

// Some servers say that of every grant that is gone.
BOOST_AUTO_TEST_CASE(invalid_request_for_a_refresh_token_ends_in_another_sign_in) {
  frame f;
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  f.world.advance(seconds(3600));
  bool broken = true;
  f.there.turn.before = [&](std::string const& what) -> std::optional<response> {
    if (!broken || what != "POST https://id.example/token") return std::nullopt;
    return response(400, secret(R"({"error":"invalid_request"})"));
  };
  f.settings.interactive = false;
  auto alone = f.client();
  auto const before = f.there.count("POST https://id.example/token");
  auto const got = f.send(alone);
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == errc::needs_person));
  BOOST_TEST(f.there.count("POST https://id.example/token") <= before + 2);
  BOOST_TEST(!f.stored()->refresh_token.empty());  // it was the server's word alone
  broken = false;
  f.world.advance(seconds(3600));
  BOOST_TEST(f.send(alone)->status() == 200);
  BOOST_TEST(f.there.count("page") == 1);
}

BOOST_AUTO_TEST_CASE(nobody_is_locked_out_while_a_request_is_under_way_or_a_person_is_asked) {
  frame f;
  int free = 0;
  auto const is_free = [&] { free += f.store.try_lock({.server = fake::oauth_server::mcp}).has_value() ? 1 : 0; };
  auto const http = [&, inside = f.there.transport()](request const& what) {
    if (what.url() == fake::oauth_server::mcp) is_free();
    return inside(what);
  };
  auto const person = [&, inside = f.there.person()](question const& what) {
    is_free();
    return inside(what);
  };
  auto auth = f.client();
  BOOST_TEST(countersign::send(auth, f.call, http, person)->status() == 200);
  BOOST_TEST(free == 4);  // a refusal, an address, a page, an answer
  f.world.advance(seconds(3600));
  BOOST_TEST(countersign::send(auth, f.call, http, person)->status() == 200);
  BOOST_TEST(free == 5);
  BOOST_TEST(f.there.count("refresh_token") == 1);
}

BOOST_AUTO_TEST_CASE(when_a_token_ends_is_known_after_a_restart) {
  frame f;
  {
    auto auth = f.client();
    BOOST_TEST(f.send(auth)->status() == 200);
  }
  f.world.advance(seconds(3599));
  {
    auto next = f.client();
    auto const before = f.there.asked().size();
    BOOST_TEST(f.send(next)->status() == 200);
    BOOST_TEST(f.there.asked().size() == before + 1);
  }
  f.world.advance(seconds(1));
  auto last = f.client();
  auto const before = f.there.asked();
  BOOST_TEST(f.send(last)->status() == 200);
  // One refresh, without another discovery, and no request with the token that has ended.
  BOOST_TEST(f.there.asked().size() == before.size() + 2);
  BOOST_TEST(f.there.asked()[before.size()] == "POST https://id.example/token");
}

BOOST_AUTO_TEST_CASE(a_token_without_an_end_serves_until_it_is_refused) {
  frame f;
  f.there.turn.lifetime = -1;  // not said
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST((f.stored()->expires == never_expires));
  f.world.advance(seconds(3600 * 24 * 365));
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.count("refresh_token") == 0);
  f.there.forget_access();
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.count("refresh_token") == 1);
}

// RFC 8707 §2: what the server calls itself, and not what a URL library makes of it.
BOOST_AUTO_TEST_CASE(the_resource_is_the_servers_own_text_to_the_byte) {
  for (auto const* const name : {"https://mcp.example", "https://mcp.example/", "https://mcp.example/mcp"}) {
    frame f;
    f.there.turn.before = [&](std::string const& what) -> std::optional<response> {
      if (what != "GET https://mcp.example/.well-known/oauth-protected-resource/mcp") return std::nullopt;
      return response(200, secret(R"({"resource":")" + std::string(name) +
                                  R"(","authorization_servers":["https://id.example"],"scopes_supported":["read"]})"));
    };
    auto auth = f.client();
    BOOST_TEST(f.send(auth)->status() == 200);
    BOOST_TEST(f.there.last_page()["resource"] == name);
    BOOST_TEST(f.there.last_form()["resource"] == name);
    f.world.advance(seconds(3600));
    BOOST_TEST(f.send(auth)->status() == 200);
    BOOST_TEST(f.there.last_form()["grant_type"] == "refresh_token");
    BOOST_TEST(f.there.last_form()["resource"] == name);
  }
}

BOOST_AUTO_TEST_CASE(a_bearer_token_is_not_used_where_one_must_be_bound) {
  frame f;
  auto auth = f.client();
  BOOST_TEST(f.send(auth)->status() == 200);
  f.settings.binding = mcp::bound_to_key::always;
  auto strict = f.client();
  auto const got = f.send(strict);
  BOOST_REQUIRE(!got);
  BOOST_TEST(got.error().message() == "sign_in: https://mcp.example: its token is bound to no key, where one "
                                      "is wanted that is; sign in anew");
}

BOOST_AUTO_TEST_SUITE_END()
