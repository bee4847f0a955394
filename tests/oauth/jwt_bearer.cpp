// RFC 7523 §2.1
#include <countersign/oauth/jwt_bearer.hpp>

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

static_assert(cs::remote_source<oauth::jwt_bearer> && cs::is_renewable<oauth::jwt_bearer>);
static_assert(std::same_as<oauth::jwt_bearer::credential, cs::bound_token>);

namespace {
using form = std::map<std::string, std::string>;

oauth::jwt_bearer source() {
  return {.token_endpoint = "https://id.example/token",
          .client = {.id = "workload"},
          .assertion = cs::file("/run/jwt"),
          .scope = "read",
          .resource = "https://api.example/mcp"};
}
struct frame {
  fake::world world;
  cs::context outside = world.context();
  fake::token_endpoint net;
  oauth::jwt_bearer::memory kept;

  cs::result<cs::issued<cs::bound_token>> get(oauth::jwt_bearer const& from) {
    return cs::run(from.acquire({cs::why::first, {}, world.now()}, outside, kept), net, cs::nobody(),
                   outside);
  }
};
}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_jwt_bearer)

BOOST_AUTO_TEST_CASE(every_field_has_a_default) {
  oauth::jwt_bearer const a{.token_endpoint = "u"}, b{.assertion = cs::secret("a")}, c{.issuer = "i"};
  BOOST_TEST((!a.assertion.given() && b.scope.empty() && c.resource.empty() && !a.dpop_key && !b.client_key));
}

BOOST_AUTO_TEST_CASE(an_assertion_that_is_read_each_time_becomes_a_token) {
  frame f;
  for (auto const* const assertion : {"a.b.c", "d.e.f"}) {
    f.world.files["/run/jwt"] = std::string(assertion) + "\n";
    auto const got = f.get(source());
    BOOST_REQUIRE(got);
    BOOST_TEST(got->credential.access.value.reveal() == "t" + std::to_string(f.net.posts.size()));
    BOOST_TEST(got->credential.access.type.reveal() == "Bearer");
    BOOST_TEST(got->expires.ms == (f.world.now().wall + cs::seconds(3600)).ms);
    BOOST_TEST(!got->credential.key);
    BOOST_TEST((f.net.posts.back().form == form{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                                                {"assertion", assertion},
                                                {"scope", "read"},
                                                {"resource", "https://api.example/mcp"},
                                                {"client_id", "workload"}}));
  }
}

BOOST_AUTO_TEST_CASE(client_and_token_may_have_keys) {
  frame f;
  f.world.files["/run/jwt"] = "a.b.c";
  auto about = source();
  about.issuer = "https://id.example";
  about.client_key = cs::openssl_key::generate().value();
  about.dpop_key = cs::openssl_key::generate().value();
  auto const got = f.get(about);
  BOOST_REQUIRE(got);
  BOOST_TEST((got->credential.key == about.dpop_key));
  BOOST_TEST(fake::verifies(fake::jws(f.net.posts[0].dpop)));
  fake::jws const proof(f.net.posts[0].form.at("client_assertion"));
  BOOST_TEST(proof.payload().get<std::string>("aud") == "https://id.example");
}

BOOST_AUTO_TEST_CASE(a_nonce_is_remembered_for_the_next_token) {
  frame f;
  f.world.files["/run/jwt"] = "a.b.c";
  auto about = source();
  about.dpop_key = cs::openssl_key::generate().value();
  f.net.answer = [](fake::token_post const& asked, std::size_t) -> fake::reply {
    if (fake::jws(asked.dpop).payload().get<std::string>("nonce", "") == "n1")
      return fake::token_reply(R"({"access_token":"t","token_type":"DPoP"})");
    return {.status = 400, .fields = {{"DPoP-Nonce", "n1"}}, .body = R"({"error":"use_dpop_nonce"})"};
  };
  BOOST_REQUIRE(f.get(about));
  BOOST_TEST(f.net.posts.size() == 2u);
  BOOST_REQUIRE(f.get(about));
  BOOST_TEST(f.net.posts.size() == 3u);
}

BOOST_AUTO_TEST_CASE(what_it_could_not_ask_with_is_told_before_anything_is_sent) {
  frame f;
  auto const refused = [&](oauth::jwt_bearer const& about) {
    auto const got = f.get(about);
    BOOST_TEST(f.net.posts.empty());
    return got ? "" : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  };
  BOOST_TEST(refused(source()) ==
             "not_mine: jwt_bearer .assertion: file: there is no file /run/jwt; create it with mode 600");
  auto about = source();
  about.assertion = {};
  BOOST_TEST(refused(about) == "bad_input: jwt_bearer: nothing to ask with; set .assertion");
  about.assertion = cs::secret();
  BOOST_TEST(refused(about) == "bad_input: jwt_bearer: .assertion is empty");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_final_for_this_time) {
  frame f;
  f.world.files["/run/jwt"] = "a.b.c";
  f.net.answer = [](auto const&, std::size_t) {
    return fake::reply{.status = 400, .body = R"({"error":"invalid_grant"})"};
  };
  auto const got = f.get(source());
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == cs::errc::rejected));
  BOOST_TEST(f.net.posts.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
