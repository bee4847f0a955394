// RFC 8693 §2
#include <countersign/oauth/token_exchange.hpp>

#include <countersign/drive/run.hpp>

#include "fake/context.hpp"
#include "fake/token_endpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

namespace cs = countersign;
namespace oauth = countersign::oauth;

static_assert(cs::remote_source<oauth::token_exchange> && cs::is_renewable<oauth::token_exchange>);

namespace {
using form = std::map<std::string, std::string>;

struct frame {
  fake::world world;
  cs::context outside = world.context();
  fake::token_endpoint net;
  oauth::token_exchange::memory kept;
  oauth::token_exchange source{.token_endpoint = "https://id.example/token",
                               .client = {.id = "gateway", .secret = cs::secret("s")},
                               .subject = cs::env("USER_TOKEN")};
  frame() { world.variables["USER_TOKEN"] = "u1"; }

  std::string get() {
    auto const got =
        cs::run(source.acquire({cs::why::first, {}, world.now()}, outside, kept), net, cs::nobody(), outside);
    return got ? std::string(got->credential.access.value.reveal())
               : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  }
};

constexpr auto access_token = "urn:ietf:params:oauth:token-type:access_token";
constexpr auto grant = "urn:ietf:params:oauth:grant-type:token-exchange";
}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_token_exchange)

BOOST_AUTO_TEST_CASE(a_token_is_given_for_another) {
  frame f;
  BOOST_TEST(f.get() == "t1");
  BOOST_TEST((f.net.posts[0].form ==
              form{{"grant_type", grant}, {"subject_token", "u1"}, {"subject_token_type", access_token}}));
  BOOST_TEST(f.net.posts[0].authorization == "Basic Z2F0ZXdheTpz");
  f.world.variables["USER_TOKEN"] = "u2";
  BOOST_TEST(f.get() == "t2");
  BOOST_TEST(f.net.posts[1].form["subject_token"] == "u2");
}

BOOST_AUTO_TEST_CASE(all_that_may_be_said_is_said) {
  frame f;
  f.source.subject_type = oauth::token_type::id_token;
  f.source.actor = cs::secret("a1");
  f.source.actor_type = oauth::token_type::jwt;
  f.source.requested_type = oauth::token_type::jwt;
  f.source.audience = "orders";
  f.source.resource = "https://api.example/";
  f.source.scope = "read";
  BOOST_TEST(f.get() == "t1");
  BOOST_TEST((f.net.posts[0].form == form{{"grant_type", grant},
                                          {"subject_token", "u1"},
                                          {"subject_token_type", "urn:ietf:params:oauth:token-type:id_token"},
                                          {"actor_token", "a1"},
                                          {"actor_token_type", "urn:ietf:params:oauth:token-type:jwt"},
                                          {"requested_token_type", "urn:ietf:params:oauth:token-type:jwt"},
                                          {"audience", "orders"},
                                          {"resource", "https://api.example/"},
                                          {"scope", "read"}}));
}

BOOST_AUTO_TEST_CASE(what_it_could_not_ask_with_is_told_before_anything_is_sent) {
  frame f;
  f.source.actor = cs::env("ACTOR_TOKEN");
  BOOST_TEST(
      f.get() ==
      "not_mine: token_exchange .actor: env: variable ACTOR_TOKEN is not set; export it, then start again");
  f.source.subject = {};
  BOOST_TEST(f.get() == "bad_input: token_exchange: nothing to ask with; set .subject");
  BOOST_TEST(f.net.posts.empty());
}

BOOST_AUTO_TEST_SUITE_END()
