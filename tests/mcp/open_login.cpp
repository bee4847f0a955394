#include <countersign/mcp/open_login.hpp>

#include "fake/context.hpp"
#include "fake/digest_server.hpp"
#include "fake/entry.hpp"
#include "fake/oauth_server.hpp"

#include <countersign/drive/send.hpp>
#include <countersign/store/memory_store.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace mcp = countersign::mcp;
using namespace countersign;
using namespace std::string_view_literals;

namespace {

struct frame {
  explicit frame(std::string_view more = {}) : api(R"("url":"https://mcp.example/mcp")" + std::string(more.empty() ? "" : ",") + std::string(more)) {}

  fake::world world;
  fake::oauth_server there;
  memory_store store;
  fake::entry const api;
  request const call{"POST", fake::oauth_server::mcp, secret("{}")};

  [[nodiscard]] auto open(bool interactive = true) {
    auto settings = mcp::sign_in_settings_of(api.server, world.context(), {.interactive = interactive});
    BOOST_REQUIRE_MESSAGE(settings, (settings ? "" : settings.error().c_str()));
    auto made = mcp::open(api.server, store, std::move(*settings), world.context());
    BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().c_str()));
    return std::move(*made);
  }
  template <class Auth>
  [[nodiscard]] result<response> send(Auth& auth) {
    return countersign::send(auth, call, there.transport(), there.person());
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_open_login)

BOOST_AUTO_TEST_CASE(what_is_configured_goes_along_with_the_token_and_without_it) {
  frame f(R"("headers":{"X-Tenant":"${TENANT}"})");
  f.world.variables["TENANT"] = "blue";
  std::vector<std::string> tenants, tokens;
  auto auth = f.open();
  auto const http = [&](request const& asked) {
    if (asked.url() == fake::oauth_server::mcp) {
      tenants.emplace_back(asked.get("X-Tenant").value_or("-"));
      tokens.emplace_back(asked.get("Authorization") ? "token" : "-");
    } else {
      BOOST_TEST(!asked.get("X-Tenant"));  // it is this server's, not the authorization server's
    }
    return f.there.transport()(asked);
  };
  auto const got = countersign::send(auth, f.call, http, f.there.person());
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(got->status() == 200);
  BOOST_TEST(tenants == (std::vector<std::string>{"blue", "blue"}), boost::test_tools::per_element());
  BOOST_TEST(tokens == (std::vector<std::string>{"-", "token"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_login_is_refreshed_and_stepped_up) {
  frame f;
  auto auth = f.open();
  BOOST_TEST(f.send(auth)->status() == 200);
  f.world.advance(seconds(3600));
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.count("refresh_token") == 1);
  f.there.turn.needed_scope = "write";
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.last_page()["scope"] == "read write");
}

BOOST_AUTO_TEST_CASE(a_refused_authorization_of_the_entry_is_reported_and_nothing_is_discovered) {
  // though the server offers tokens
  for (auto const entry : {R"("headers":{"Authorization":"Bearer wrong"})", R"("headers":{"X-API-Key":"wrong"})",
                           R"("headers":{"X-API-Key":"wrong","X-Tenant":"blue"})",
                           R"("auth":{"type":"hmac","key":"wrong","keyId":"me"})"}) {
    frame f(entry);
    auto auth = f.open();
    auto const got = f.send(auth);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == errc::rejected), entry);
    BOOST_TEST(f.there.asked().size() == 1u);
    BOOST_TEST(f.there.count("page") == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_key_that_stands_beside_oauth_goes_along_with_the_token) {
  frame f(R"("headers":{"X-API-Key":"gate"},"oauth":{})");
  auto auth = f.open();
  std::vector<std::string> keys;
  auto const http = [&](request const& asked) {
    if (asked.url() == fake::oauth_server::mcp) keys.emplace_back(asked.get("X-API-Key").value_or("-"));
    else BOOST_TEST(!asked.get("X-API-Key"));
    return f.there.transport()(asked);
  };
  BOOST_TEST(countersign::send(auth, f.call, http, f.there.person())->status() == 200);
  BOOST_TEST(keys == (std::vector<std::string>{"gate", "gate"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_server_that_wants_digest_is_answered_with_the_entry_s_login_and_nobody_signs_in) {
  frame f(R"("auth":{"type":"digest","user":"${USER}","password":"Circle of Life"},"headers":{"X-Tenant":"blue"})");
  f.world.variables["USER"] = "Mufasa";
  fake::digest_server server({.qop = "auth-int", .lifetime = 2});
  auto auth = f.open();
  auto alone = mcp::open(f.api.server, f.world.context());
  BOOST_REQUIRE(alone);
  auto const http = [&](request const& asked) -> result<response> {
    BOOST_TEST(asked.get("X-Tenant").value_or("-") == "blue");
    return server.answer(asked);
  };
  for (int i = 0; i < 3; ++i) {
    auto const got = countersign::send(auth, f.call, http, f.there.person());
    BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
    BOOST_TEST(got->status() == 200);
    auto const same = countersign::send(*alone, f.call, http);
    BOOST_TEST((same && same->status() == 200));
  }
  BOOST_TEST((server.seen().let_in == 6 && server.seen().bare == 2 && server.seen().stale == 2 && server.seen().refused == 0));
  BOOST_TEST(server.complaints().empty());
  BOOST_TEST(f.there.asked().empty());

  f.world.variables["USER"] = "Scar";
  auto other = f.open();
  auto const refused = countersign::send(other, f.call, http, f.there.person());
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code() == errc::rejected));
  auto const told = countersign::send(auth, f.call, [](request const&) -> result<response> {
    response bearer(401);
    bearer.headers.append("WWW-Authenticate", "Bearer realm=\"x\"");
    return bearer;
  });
  BOOST_REQUIRE(!told);
  BOOST_TEST((told.error().code() == errc::rejected));  // an answer was sent: its refusal is the login's
  auto fresh = f.open();
  auto const asks = countersign::send(fresh, f.call, f.there.transport(), f.there.person());
  BOOST_REQUIRE(!asks);
  BOOST_TEST(asks.error().message() == "https://mcp.example: digest: the server does not ask for Digest; it asks for Bearer");
}

BOOST_AUTO_TEST_CASE(a_program_that_runs_alone_is_told_that_somebody_must_sign_in) {
  frame f;
  auto auth = f.open(false);
  BOOST_TEST((f.send(auth).error().code() == errc::needs_person));
  // Somebody does, elsewhere.
  auto elsewhere = f.open(true);
  BOOST_TEST(f.send(elsewhere)->status() == 200);
  BOOST_TEST(f.send(auth)->status() == 200);
}

BOOST_AUTO_TEST_CASE(nobody_is_signed_in_to_in_the_clear) {
  fake::world world;
  memory_store store;
  fake::entry const plain(R"("url":"http://mcp.example/mcp")"), allowed(R"("url":"http://mcp.example/mcp","allowHttp":true)");
  auto const refuses = [](request const&) { return result<response>(response(401)); };
  auto first = mcp::open(plain.server, store, {}, world.context());
  BOOST_REQUIRE(first);
  BOOST_TEST((countersign::send(*first, request("POST", "http://mcp.example/mcp"), refuses).error().code() == errc::rejected));
  auto second = mcp::open(allowed.server, store, {}, world.context());
  BOOST_TEST((countersign::send(*second, request("POST", "http://mcp.example/mcp"), refuses).error().code() == errc::insecure));
}

BOOST_AUTO_TEST_CASE(what_oauth_says_in_the_entry_is_done) {
  frame f(R"("oauth":{"clientId":"agent","scopes":"notes:read"})");
  f.there.static_client = "agent";
  auto auth = f.open();
  BOOST_TEST(f.send(auth)->status() == 200);
  BOOST_TEST(f.there.last_page()["client_id"] == "agent");
  BOOST_TEST(f.there.last_page()["scope"] == "notes:read");
  BOOST_TEST(mcp::open(f.api.server, f.world.context()).error().message() == "server \"api\": oauth: somebody has to sign in for it; open the server with a store");
}

BOOST_AUTO_TEST_CASE(a_websocket_shares_the_login_of_its_server) {
  frame f;
  auto auth = f.open();
  BOOST_TEST(f.send(auth)->status() == 200);
  fake::entry const socket(R"("type":"ws","url":"wss://mcp.example/mcp")");
  auto shared = mcp::open(socket.server, f.store, {}, f.world.context());
  BOOST_REQUIRE(shared);
  std::string carried;
  auto const http = [&](request const& asked) {
    carried = asked.get("Authorization").value_or("");
    return result<response>(response(101));
  };
  BOOST_TEST(countersign::send(*shared, request("GET", "wss://mcp.example/mcp"), http)->status() == 101);
  BOOST_TEST(carried.starts_with("Bearer at-"));
}

BOOST_AUTO_TEST_CASE(two_profiles_are_two_logins) {
  frame f;
  auto usual = f.open();
  BOOST_TEST(f.send(usual)->status() == 200);
  auto work = mcp::open(f.api.server, f.store, {.profile = "work", .interactive = true}, f.world.context());
  BOOST_TEST(f.send(*work)->status() == 200);
  BOOST_TEST(f.there.count("page") == 2);
  BOOST_TEST(f.store.load({"work", fake::oauth_server::mcp})->access_token.reveal() != f.store.load({"", fake::oauth_server::mcp})->access_token.reveal());
}

BOOST_AUTO_TEST_SUITE_END()
