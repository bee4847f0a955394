// MCP authorization 2026-07-28, "Client Registration Approaches"; RFC 7591;
// draft-ietf-oauth-client-id-metadata-document.
#include <countersign/mcp/client_choice.hpp>

#include <countersign/drive/run.hpp>
#include <countersign/oauth/token_request.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "fake/service.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace mcp = countersign::mcp;
namespace oauth = countersign::oauth;
using namespace std::literals;
using oauth::client_auth;

static_assert(cs::exchange<mcp::client_choice>);

namespace {

constexpr auto redirect = "http://127.0.0.1:4567/callback"sv;
constexpr auto issuer = "https://as.example";
constexpr auto document = "https://conformance-test.local/client-metadata.json";

oauth::server_metadata server() {
  return {.issuer = issuer,
          .token_endpoint = "https://as.example/token",
          .registration_endpoint = "https://as.example/register"};
}
cs::client_record known() { return {.id = "r1", .authentication = "none", .redirect_uri = redirect}; }

struct frame {
  fake::world world = {};
  oauth::server_metadata metadata = server();
  mcp::client_settings settings = {};
  std::string_view back = redirect;
  fake::reply registration = {.status = 201, .body = R"({"client_id":"d1"})"};
  std::vector<std::string> asked = {}, bodies = {};

  cs::result<cs::client_record> choose() {
    auto const http = [this](cs::request const& what) -> cs::result<cs::response> {
      asked.push_back(std::string(what.method()) + " " + std::string(what.url()));
      bodies.emplace_back(what.body.reveal());
      if (registration.lost)
        return cs::error{*registration.lost == cs::lost::not_sent  ? cs::errc::not_sent
                         : *registration.lost == cs::lost::refused ? cs::errc::insecure
                                                                   : cs::errc::unanswered,
                         "lost"};
      return cs::response(registration.status, cs::secret(registration.body));
    };
    return cs::run(mcp::client_choice(metadata, back, settings, world.context()), http, cs::nobody(),
                   world.context());
  }
  // "id method", or the error.
  std::string chosen() {
    auto const got = choose();
    return got ? std::string(got->id.view()) + " " + std::string(got->authentication.view())
               : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_client_choice)

BOOST_AUTO_TEST_CASE(a_configured_client_wins_and_is_never_registered) {  // pre-registration
  frame f;
  f.settings.configured = {.id = "mine", .secret = cs::secret("s")};
  f.settings.configured_issuer = issuer;
  f.settings.metadata_url = document;
  f.settings.earlier = known();
  f.settings.earlier_issuer = issuer;
  f.metadata.client_id_metadata_document_supported = true;
  auto const got = f.choose();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->id.view() == "mine");
  BOOST_TEST(got->authentication.view() == "client_secret_basic");
  BOOST_TEST(got->secret.empty());  // it is where it was configured
  BOOST_TEST(got->redirect_uri.view() == redirect);
  BOOST_TEST(f.asked.empty());
}

BOOST_AUTO_TEST_CASE(a_configured_client_is_shown_to_its_own_server_alone) {
  for (auto const other : {"https://as2.example", "https://as.example/", "https://AS.example"}) {
    frame f;
    f.settings.configured = {.id = "mine"};
    f.settings.configured_issuer = issuer;
    f.metadata.issuer = other;
    BOOST_TEST(f.chosen().starts_with(
                   "wrong_origin: client mine: it is configured for another authorization server"),
               other);
    BOOST_TEST(f.asked.empty());
  }
  frame f;  // where nobody said which server is meant, the first one that saw the secret is
  f.settings.configured = {.id = "mine", .secret = cs::secret("s")};
  f.settings.earlier = {.id = "mine", .authentication = "client_secret_basic"};
  f.settings.earlier_issuer = "https://old.example";
  BOOST_TEST(f.chosen() ==
             "wrong_origin: client mine: its secret belongs to the authorization server of the login before, "
             "and the one found is of https://as.example; if that is right, sign out first");
  f.settings.configured_issuer = issuer;
  BOOST_TEST(f.chosen() == "mine client_secret_basic");
  f.settings.configured_issuer = "";
  f.settings.earlier_issuer = issuer;
  BOOST_TEST(f.chosen() == "mine client_secret_basic");
  f.settings.earlier_issuer = "https://old.example";
  f.settings.earlier.id = "another";
  BOOST_TEST(f.chosen() == "mine client_secret_basic");
  f.settings.earlier.id = "mine";
  f.settings.earlier_issuer = "";
  BOOST_TEST(f.chosen() == "mine client_secret_basic");
  f.settings.earlier_issuer = "https://old.example";
  f.settings.configured = {.id = "mine"};  // nothing to lose
  BOOST_TEST(f.chosen() == "mine none");
  f.settings.configured.certificate = true;
  BOOST_TEST(f.chosen().starts_with(
      "wrong_origin: client mine: its certificate belongs to the authorization server of "
      "the login before"));
}

BOOST_AUTO_TEST_CASE(a_configured_client_authenticates_as_the_server_takes_it) {
  struct row {
    oauth::client_identity client;
    bool has_key;
    oauth::text_list methods;
    std::string_view wanted;
  };
  oauth::client_identity const with{.id = "mine", .secret = cs::secret("s")}, without{.id = "mine"},
      certified{.id = "mine", .certificate = true};
  row const rows[] = {
      {without, false, {}, "mine none"},
      {with, false, {}, "mine client_secret_basic"},
      {with, false, {"client_secret_post"}, "mine client_secret_post"},
      {with, false, {"client_secret_post", "client_secret_basic"}, "mine client_secret_basic"},
      {with, false, {"none"}, "mine none"},
      {without, true, {"private_key_jwt"}, "mine private_key_jwt"},
      {without, true, {}, "mine private_key_jwt"},
      {certified, false, {"none", "tls_client_auth"}, "mine tls_client_auth"},
      {certified, false, {"self_signed_tls_client_auth"}, "mine self_signed_tls_client_auth"},
      {certified, false, {"none"}, "mine none"},
      {without, false, {"none", "tls_client_auth"}, "mine none"},
      {{.id = "mine", .secret = cs::secret("s"), .method = client_auth::post},
       false,
       {"client_secret_basic"},
       "mine client_secret_post"}};
  for (auto const& [client, has_key, methods, wanted] : rows) {
    frame f;
    f.settings.configured = client;
    f.settings.has_key = has_key;
    f.metadata.token_endpoint_auth_methods_supported = methods;
    BOOST_TEST(f.chosen() == wanted);
  }
  frame f;
  f.settings.configured = with;
  f.metadata.token_endpoint_auth_methods_supported = {"tls_client_auth"};
  BOOST_TEST(
      f.chosen().starts_with("fatal: client mine: oauth: the token endpoint takes no way of authentication"));
}

BOOST_AUTO_TEST_CASE(a_metadata_document_is_the_id_where_the_server_takes_one) {  // basic-cimd
  frame f;
  f.settings.metadata_url = document;
  f.settings.earlier = known();
  f.settings.earlier_issuer = issuer;
  f.metadata.client_id_metadata_document_supported = true;
  BOOST_TEST(f.chosen() == std::string(document) + " none");
  BOOST_TEST(f.asked.empty());
  f.metadata.client_id_metadata_document_supported = false;
  BOOST_TEST(f.chosen() == "r1 none");
  f.metadata.client_id_metadata_document_supported = true;
  for (auto const bad : {"http://c.example/x", "http://127.0.0.1/x", "https://c.example",
                         "https://c.example/", "https://u@c.example/x", "https://c.example/x#f", "x"}) {
    f.settings.metadata_url = bad;
    BOOST_TEST(f.chosen().starts_with("bad_input: client: the URL of a client ID metadata document is https"),
               bad);
  }
}

BOOST_AUTO_TEST_CASE(the_client_of_the_login_before_is_used_again_where_it_fits) {
  frame f;
  f.settings.earlier = known();
  f.settings.earlier_issuer = issuer;
  BOOST_TEST(f.chosen() == "r1 none");
  BOOST_TEST(f.asked.empty());
  auto const now = f.world.now().wall;
  auto const registers = [&](auto change) {
    frame g;
    g.settings = f.settings;
    change(g);
    auto const said = g.chosen();
    return said == "d1 none" && g.asked == std::vector<std::string>{"POST https://as.example/register"};
  };
  BOOST_TEST(registers([](frame& g) {
    g.settings.earlier_issuer = "https://old.example";
  }));  // authorization-server-migration
  BOOST_TEST(registers([](frame& g) { g.settings.earlier_issuer = ""; }));
  BOOST_TEST(registers([](frame& g) { g.settings.earlier_issuer = "https://as.example/"; }));
  BOOST_TEST(registers([](frame& g) { g.back = "http://127.0.0.1:4568/callback"; }));
  BOOST_TEST(registers([](frame& g) { g.settings.earlier.id = ""; }));
  BOOST_TEST(registers([](frame& g) { g.settings.earlier.authentication = "tls_client_auth"; }));
  BOOST_TEST(registers([](frame& g) { g.settings.earlier.authentication = "client_secret_basic"; }));
  BOOST_TEST(registers([](frame& g) { g.settings.earlier.authentication = "client_secret_post"; }));
  BOOST_TEST(registers([&](frame& g) { g.settings.earlier.secret_expires = now; }));
  f.settings.earlier.secret_expires = now + cs::milliseconds(1);
  BOOST_TEST(f.chosen() == "r1 none");
  f.settings.earlier.authentication = "client_secret_post";
  f.settings.earlier.secret = cs::secret("s");
  auto const got = f.choose();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->secret.reveal() == "s");
}

BOOST_AUTO_TEST_CASE(a_registration_says_what_the_server_wants_to_hear) {
  frame f;
  f.settings.about.client_name = "my agent";
  f.settings.about.redirect_uris = {"http://127.0.0.1:1/old"};  // not where this sign-in comes back to
  auto const got = f.choose();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->id.view() == "d1");
  BOOST_TEST(got->authentication.view() == "none");
  BOOST_TEST(got->redirect_uri.view() == redirect);
  BOOST_TEST((got->secret_expires == cs::never_expires));
  BOOST_TEST(
      f.bodies.at(0) ==
      R"({"redirect_uris":["http://127.0.0.1:4567/callback"],"grant_types":["authorization_code","refresh_token"],)"
      R"("response_types":["code"],"token_endpoint_auth_method":"none","client_name":"my agent","application_type":"native"})");
  BOOST_TEST(f.asked.at(0) == "POST https://as.example/register");
}

// RFC 8705 §4: a public client's tokens are bound to its certificate, where the server does that and the client shows one.
BOOST_AUTO_TEST_CASE(a_registration_asks_for_tokens_bound_to_the_certificate) {
  for (bool const server : {false, true})
    for (bool const client : {false, true}) {
      frame f;
      f.metadata.tls_client_certificate_bound_access_tokens = server;
      f.settings.configured.certificate = client;
      BOOST_TEST(f.chosen() == "d1 none");
      BOOST_TEST((f.bodies.at(0).find(R"("tls_client_certificate_bound_access_tokens":true)") !=
                  std::string::npos) == (server && client));
    }
}

// token-endpoint-auth-basic, -post, -none
BOOST_AUTO_TEST_CASE(the_way_to_authenticate_is_one_that_the_server_lists_and_then_the_one_it_chose) {
  struct row {
    oauth::text_list methods;
    std::string_view reply, asked, got;
  };
  constexpr auto bare = R"({"client_id":"d1"})"sv;
  constexpr auto with_secret = R"({"client_id":"d1","client_secret":"s"})"sv;
  constexpr auto with_basic =
      R"({"client_id":"d1","client_secret":"s","token_endpoint_auth_method":"client_secret_basic"})"sv;
  constexpr auto with_post =
      R"({"client_id":"d1","client_secret":"s","token_endpoint_auth_method":"client_secret_post"})"sv;
  constexpr auto with_none = R"({"client_id":"d1","token_endpoint_auth_method":"none"})"sv;
  row const rows[] = {
      {{}, bare, "none", "none"},
      {{}, with_secret, "none", "client_secret_basic"},
      {{}, with_post, "none", "client_secret_post"},
      {{"client_secret_basic", "none"}, with_none, "none", "none"},
      {{"client_secret_post"}, with_secret, "client_secret_post", "client_secret_post"},
      {{"client_secret_post", "client_secret_basic"},
       with_secret,
       "client_secret_basic",
       "client_secret_basic"},
      {{"client_secret_post", "client_secret_basic"}, with_post, "client_secret_basic", "client_secret_post"},
      {{"client_secret_basic"}, with_basic, "client_secret_basic", "client_secret_basic"},
      {{"client_secret_basic"}, bare, "client_secret_basic", "none"},
      {{"none", "client_secret_post"}, with_secret, "none", "client_secret_post"},
      {{"none"}, with_none, "none", "none"},
      {{"private_key_jwt", "none"}, bare, "none", "none"},
  };
  for (auto const& [methods, reply, asked, wanted] : rows) {
    frame f;
    f.metadata.token_endpoint_auth_methods_supported = methods;
    f.registration.body = reply;
    BOOST_TEST(f.chosen() == "d1 " + std::string(wanted), reply);
    BOOST_TEST(f.bodies.at(0).find("\"token_endpoint_auth_method\":\"" + std::string(asked) + "\"") !=
                   std::string::npos,
               reply);
  }
  frame none;
  none.metadata.token_endpoint_auth_methods_supported = {"private_key_jwt", "tls_client_auth"};
  BOOST_TEST(
      none.chosen() ==
      "fatal: client: https://as.example: its token endpoint takes no client that registers by itself; "
      "register one there and set oauth.clientId");
  BOOST_TEST(none.asked.empty());
  frame key;
  key.registration.body = R"({"client_id":"d1","token_endpoint_auth_method":"private_key_jwt"})";
  BOOST_TEST(
      key.chosen().starts_with("fatal: client: https://as.example: the server wants a client with a key"));
  frame certificate;
  certificate.registration.body = R"({"client_id":"d1","token_endpoint_auth_method":"tls_client_auth"})";
  BOOST_TEST(certificate.chosen().starts_with(
      "fatal: client: https://as.example: the server wants a client with a certificate"));
}

BOOST_AUTO_TEST_CASE(a_secret_is_kept_with_its_end) {
  frame f;
  f.registration.body =
      R"({"client_id":"d1","client_secret":"s","client_secret_expires_at":2000000000,"token_endpoint_auth_method":"client_secret_basic"})";
  auto const got = f.choose();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->secret.reveal() == "s");
  BOOST_TEST((got->secret_expires == cs::wall_time{2'000'000'000'000}));
}

BOOST_AUTO_TEST_CASE(a_registration_that_is_refused_says_why) {
  struct row {
    fake::reply said;
    std::string_view refusal;
  };
  row const rows[] = {
      {{.status = 400,
        .body = R"({"error":"invalid_redirect_uri","error_description":"no \u001b[31mloopback\u202e"})"},
       "fatal: client: https://as.example: oauth: registration: the server answered 400, "
       "invalid_redirect_uri: \"no ?[31mloopback?\""},
      {{.status = 403, .body = "<html>"},
       "fatal: client: https://as.example: oauth: registration: the server answered 403 without an OAuth "
       "error; it may not take registrations: configure a client id"},
      {{.status = 404},
       "fatal: client: https://as.example: oauth: registration: the server answered 404 without an OAuth "
       "error; it may not take registrations: configure a client id"},
      {{.status = 307},
       "fatal: client: https://as.example: oauth: registration: the server answered 307, a redirect, which "
       "is not followed"},
      {{.status = 503},
       "transient: client: https://as.example: oauth: registration: the server answered 503; it may serve "
       "later"},
      {{.status = 201, .body = "{}"},
       "bad_input: client: https://as.example: oauth: registration: the server's answer holds no client_id"},
      {{.lost = cs::lost::not_sent},
       "transient: client: https://as.example: the registration could not be sent; try again later"},
      {{.lost = cs::lost::refused},
       "insecure: client: https://as.example: oauth: registration endpoint: its name leads to an address "
       "within a network, and the server that named it is not there; nothing was sent"},
      {{.lost = cs::lost::unanswered},
       "transient: client: https://as.example: the registration was not answered; try again later"},
  };
  for (auto const& [said, refusal] : rows) {
    frame f;
    f.registration = said;
    BOOST_TEST(f.chosen() == refusal);
    BOOST_TEST(f.asked.size() == 1u);
  }
  frame f;
  f.metadata.registration_endpoint = "";
  BOOST_TEST(f.chosen() ==
             "fatal: client: https://as.example: the authorization server registers no clients by itself; "
             "register one there and set oauth.clientId");
  f.metadata.registration_endpoint = "http://as.example/register";
  BOOST_TEST(f.chosen().starts_with("insecure: client: oauth: registration endpoint: "));
  BOOST_TEST(f.asked.empty());
}

BOOST_AUTO_TEST_CASE(a_record_becomes_an_identity_and_back) {
  fake::world world;
  cs::client_record const kept{.id = "d1", .secret = cs::secret("s"), .authentication = "client_secret_post"};
  auto const who = mcp::identity_of(kept);
  BOOST_TEST(who.id.view() == "d1");
  BOOST_TEST((who.method == client_auth::post));
  BOOST_TEST(who.secret.read(world.context())->reveal() == "s");

  oauth::client_identity const configured{
      .id = "mine", .secret = cs::secret("c"), .method = client_auth::basic};
  auto const record = mcp::record_of(configured);
  BOOST_TEST(record.id.view() == "mine");
  BOOST_TEST(record.authentication.view() == "client_secret_basic");
  BOOST_TEST(record.secret.empty());
  BOOST_TEST(!mcp::identity_of(record).secret.given());
  BOOST_TEST(mcp::identity_of(record, configured).secret.read(world.context())->reveal() == "c");
  BOOST_TEST(!mcp::identity_of({.id = "other"}, configured).secret.given());
  BOOST_TEST(mcp::identity_of({.id = "mine", .secret = cs::secret("s")}, configured)
                 .secret.read(world.context())
                 ->reveal() == "s");
  BOOST_TEST((mcp::identity_of({.id = "x", .authentication = "new_client_auth"}).method ==
              client_auth::as_advertised));
  BOOST_TEST(mcp::record_of({.id = "x"}).authentication.empty());
}

BOOST_AUTO_TEST_CASE(without_memory_no_rule_is_lost) {
  if (!fake::heap::is_ours) return;
  frame f;
  f.settings.configured = {.id = "mine"};
  f.settings.configured_issuer = "https://old.example";
  auto const outside = f.world.context();
  bool complete = false;
  for (long block = 0; !complete && block < 200; ++block) {
    cs::result<cs::client_record> got = cs::error{};
    {
      fake::heap::refused_once const refused(block);
      mcp::client_choice talk(f.metadata, f.back, f.settings, outside);
      got = std::move(talk).outcome();
      complete = fake::heap::now.left >= 0;
    }
    BOOST_REQUIRE(!got);
    if (got.error().code() != cs::errc::no_memory) BOOST_TEST((got.error().code() == cs::errc::wrong_origin));
  }
  BOOST_TEST(complete);
}

BOOST_AUTO_TEST_SUITE_END()
