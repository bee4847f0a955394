// MCP extension enterprise-managed authorization; RFC 8693, RFC 7523
#include <countersign/oauth/enterprise.hpp>

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/drive/run.hpp>

#include "fake/context.hpp"
#include "fake/jws_verifier.hpp"
#include "fake/token_endpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

namespace cs = countersign;
namespace oauth = countersign::oauth;

static_assert(cs::remote_source<oauth::enterprise> && cs::is_renewable<oauth::enterprise>);

namespace {
using form = std::map<std::string, std::string>;
constexpr auto assertion =
    R"({"access_token":"a.b.c","token_type":"N_A","issued_token_type":"urn:ietf:params:oauth:token-type:id-jag"})";

struct frame {
  fake::world world;
  cs::context outside = world.context();
  fake::token_endpoint net;
  oauth::enterprise::memory kept;
  oauth::enterprise source{.provider = {.endpoint = "https://idp.example/token",
                                        .client = {.id = "agent-at-idp", .secret = cs::secret("p")}},
                           .id_token = cs::env("ID_TOKEN"),
                           .token_endpoint = "https://id.example/token",
                           .issuer = "https://id.example",
                           .client = {.id = "agent", .secret = cs::secret("s")},
                           .scope = "read",
                           .resource = "https://mcp.example/mcp"};
  std::string provider_says = assertion;
  frame() {
    world.variables["ID_TOKEN"] = "i.d.t";
    net.answer = [this](fake::token_post const& asked, std::size_t) {
      return fake::token_reply(asked.url.starts_with("https://idp.")
                                   ? provider_says
                                   : R"({"access_token":"t","token_type":"Bearer"})");
    };
  }
  std::string get() {
    auto const got =
        cs::run(source.acquire({cs::why::first, {}, world.now()}, outside, kept), net, cs::nobody(), outside);
    return got ? std::string(got->credential.access.value.reveal())
               : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  }
};
}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_enterprise)

BOOST_AUTO_TEST_CASE(the_provider_vouches_and_the_server_gives_a_token) {
  frame f;
  BOOST_TEST(f.get() == "t");
  BOOST_REQUIRE(f.net.posts.size() == 2u);
  auto const &first = f.net.posts[0], &second = f.net.posts[1];
  BOOST_TEST(first.url == "https://idp.example/token");
  BOOST_TEST((first.form == form{{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
                                 {"requested_token_type", "urn:ietf:params:oauth:token-type:id-jag"},
                                 {"subject_token", "i.d.t"},
                                 {"subject_token_type", "urn:ietf:params:oauth:token-type:id_token"},
                                 {"audience", "https://id.example"},
                                 {"resource", "https://mcp.example/mcp"},
                                 {"scope", "read"}}));
  BOOST_TEST(first.authorization == "Basic YWdlbnQtYXQtaWRwOnA=");
  BOOST_TEST(second.url == "https://id.example/token");
  BOOST_TEST((second.form == form{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                                  {"assertion", "a.b.c"},
                                  {"resource", "https://mcp.example/mcp"},
                                  {"scope", "read"}}));
  BOOST_TEST(second.authorization == "Basic YWdlbnQ6cw==");
}

BOOST_AUTO_TEST_CASE(the_token_is_bound_and_the_assertion_is_not) {
  frame f;
  f.source.dpop_key = cs::openssl_key::generate().value();
  BOOST_TEST(f.get() == "t");
  BOOST_TEST(f.net.posts[0].dpop == "");
  BOOST_TEST(fake::verifies(fake::jws(f.net.posts[1].dpop)));
}

BOOST_AUTO_TEST_CASE(nothing_but_an_identity_assertion_is_handed_on) {
  for (
      auto const said :
      {R"({"access_token":"a.b.c","token_type":"Bearer"})", R"({"access_token":"a.b.c","token_type":"N_A"})",
       R"({"access_token":"a.b.c","token_type":"N_A","issued_token_type":"urn:ietf:params:oauth:token-type:access_token"})"}) {
    frame f;
    f.provider_says = said;
    BOOST_TEST(f.get().starts_with("fatal: oauth: the identity provider gave a token of another kind"));
    BOOST_TEST(f.net.posts.size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(it_is_said_which_of_the_two_refused) {
  for (std::size_t const refusing : {1u, 2u}) {
    frame f;
    auto const usual = f.net.answer;
    f.net.answer = [&](fake::token_post const& asked, std::size_t number) {
      return number == refusing ? fake::reply{.status = 400, .body = R"({"error":"invalid_grant"})"}
                                : usual(asked, number);
    };
    BOOST_TEST(f.get() ==
               (refusing == 1
                    ? "rejected: identity provider https://idp.example: oauth: the token endpoint answered "
                      "400, invalid_grant"
                    : "rejected: https://id.example: oauth: the token endpoint answered 400, invalid_grant"));
    BOOST_TEST(f.net.posts.size() == refusing);
  }
}

BOOST_AUTO_TEST_CASE(what_it_could_not_ask_with_is_told_before_anything_is_sent) {
  frame f;
  f.world.variables.clear();
  BOOST_TEST(
      f.get() ==
      "not_mine: enterprise .id_token: env: variable ID_TOKEN is not set; export it, then start again");
  f.source.issuer = "";
  BOOST_TEST(f.get() == "bad_input: enterprise: the assertion has no audience; set .issuer to the "
                        "authorization server that takes it");
  BOOST_TEST(f.net.posts.empty());
}

BOOST_AUTO_TEST_SUITE_END()
