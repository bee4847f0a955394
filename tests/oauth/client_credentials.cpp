// RFC 6749 §4.4, RFC 8707 §2.
#include <countersign/oauth/client_credentials.hpp>

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/chain.hpp>
#include <countersign/source/env.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;
using cs::want;

static_assert(cs::remote_source<oauth::client_credentials> && cs::is_renewable<oauth::client_credentials>);
static_assert(std::same_as<oauth::client_credentials::credential, cs::bound_token>);

namespace {


constexpr auto endpoint = "https://as.example/token"sv;
constexpr auto api_url = "https://api.example/things"sv;

oauth::client_credentials source() {
  return {.token_endpoint = endpoint, .client = {.id = "billing", .secret = cs::env("BILLING_SECRET")}};
}

// An authorization server and an API, as one transport. It keeps every request.
struct network {
  std::function<cs::result<cs::response>(int post)> token = [](int post) -> cs::result<cs::response> {
    return cs::response(200, cs::secret("{\"access_token\":\"t" + std::to_string(post) +
                                        "\",\"token_type\":\"bearer\",\"expires_in\":3600}"));
  };
  std::function<int(std::string_view authorization)> api = [](std::string_view) { return 200; };

  std::vector<std::string> posts;    // body, then what was in Authorization
  std::vector<std::string> carried;  // Authorization of each call to the API

  cs::result<cs::response> operator()(cs::request const& what) {
    auto const authorization = std::string(what.get("Authorization").value_or("none"));
    if (what.url() == endpoint) {
      posts.push_back(std::string(what.body.reveal()) + " " + authorization);
      return token(static_cast<int>(posts.size()));
    }
    BOOST_TEST(what.url() == api_url);
    carried.push_back(authorization);
    return cs::response(api(authorization));
  }
};

struct frame {
  fake::world world = {};
  network net = {};
  cs::request call{"GET", api_url};
  frame() { world.variables["BILLING_SECRET"] = "s3cret"; }

  template <class Auth>
  std::string send(Auth& auth) {
    auto const got = cs::send(auth, call, net);
    return got ? std::to_string(got->status())
               : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  }
  template <class Source>
  auto authenticator(Source from) {
    return cs::authenticator(std::move(from), cs::bearer(), cs::renewal(), cs::only("https://api.example"),
                             world.context());
  }
};

// The exchange alone, answered once.
std::string answered(oauth::client_credentials const& about, cs::response answer) {
  fake::world w;
  w.variables["BILLING_SECRET"] = "s3cret";
  auto const outside = w.context();
  oauth::client_credentials::memory kept;
  auto talk = about.acquire({}, outside, kept);
  BOOST_REQUIRE((talk.wants() == want::send));
  talk.supply(std::move(answer), w.now());
  BOOST_REQUIRE((talk.wants() == want::done));
  auto const got = std::move(talk).outcome();
  return got ? "" : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}
std::string refused(oauth::client_credentials const& about, fake::world& w) {
  auto const outside = w.context();
  oauth::client_credentials::memory kept;
  auto talk = about.acquire({}, outside, kept);
  if (talk.wants() != want::done) return "";
  auto const got = std::move(talk).outcome();
  return std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_client_credentials)

BOOST_AUTO_TEST_CASE(every_field_has_a_default) {
  oauth::client_credentials const a{.token_endpoint = "u"}, b{.client = {.id = "c"}}, c{.scope = "s"},
      d{.resource = "r"};
  BOOST_TEST((a.client.id.empty() && b.token_endpoint.empty() && c.resource.empty() && d.scope.empty()));
}

BOOST_AUTO_TEST_CASE(it_asks_once_and_yields_the_token_with_its_type_and_expiry) {
  fake::world w;
  auto const outside = w.context();
  oauth::client_credentials::memory kept;
  auto about = source();
  about.scope = "read write";
  about.resource = "https://api.example/mcp";
  w.variables["BILLING_SECRET"] = "s3cret";
  auto talk = about.acquire({cs::why::first, {}, w.now()}, outside, kept);
  BOOST_REQUIRE((talk.wants() == want::send));
  auto const& request = talk.pending();
  BOOST_TEST(request.method() == "POST");
  BOOST_TEST(request.url() == endpoint);
  BOOST_TEST(request.body.reveal() ==
             "grant_type=client_credentials&scope=read+write&resource=https%3A%2F%2Fapi.example%2Fmcp");
  BOOST_TEST(request.get("Authorization").value() == "Basic YmlsbGluZzpzM2NyZXQ=");
  // The lifetime counts from when the answer came.
  w.advance(cs::seconds(30));
  talk.supply(cs::response(200, cs::secret(R"({"access_token":"t","token_type":"DPoP","expires_in":60})")),
              w.now());
  BOOST_REQUIRE((talk.wants() == want::done));
  auto const got = std::move(talk).outcome();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->credential.access.value.reveal() == "t");
  BOOST_TEST(got->credential.access.type.reveal() == "DPoP");
  BOOST_TEST(got->expires.ms == (w.now().wall + cs::seconds(60)).ms);
}

BOOST_AUTO_TEST_CASE(what_it_could_not_ask_with_is_told_before_anything_is_sent) {
  fake::world w;
  BOOST_TEST(
      refused(source(), w) ==
      "not_mine: oauth client billing: env: variable BILLING_SECRET is not set; export it, then start again");
  w.variables["BILLING_SECRET"] = "s3cret";
  BOOST_TEST(refused(source(), w) == "");
  auto about = source();
  about.client.id = "";
  BOOST_TEST(refused(about, w) == "bad_input: oauth: the client has no id; set .client.id");
  about = source();
  about.token_endpoint = "http://as.example/token";
  BOOST_TEST(refused(about, w) == "insecure: oauth: token endpoint: http://as.example is plain http; secrets "
                                  "go there, so it must be https");
  about.token_endpoint = "http://127.0.0.1:1/token";
  BOOST_TEST(refused(about, w) == "");
  BOOST_TEST(refused({}, w) ==
             "bad_input: oauth client : it has no secret and no key; set .client.secret or .client_key, or .client.method "
             "to client_auth::none if the server knows it otherwise");
}

// RFC 6749 §4.4: "MUST only be used by confidential clients".
BOOST_AUTO_TEST_CASE(a_client_without_a_secret_must_say_that_it_proves_itself_otherwise) {
  fake::world w;
  auto about = source();
  about.client.secret = {};
  for (auto const method :
       {oauth::client_auth::as_advertised, oauth::client_auth::basic, oauth::client_auth::post}) {
    about.client.method = method;
    BOOST_TEST(refused(about, w) ==
               "bad_input: oauth client billing: it has no secret and no key; set .client.secret or .client_key, or .client.method "
               "to client_auth::none if the server knows it otherwise");
  }
  about.client.method = oauth::client_auth::none;
  auto const outside = w.context();
  oauth::client_credentials::memory kept;
  auto talk = about.acquire({}, outside, kept);
  BOOST_REQUIRE((talk.wants() == want::send));
  BOOST_TEST(talk.pending().body.reveal() == "grant_type=client_credentials&client_id=billing");
}

BOOST_AUTO_TEST_CASE(a_request_that_is_lost_each_time_is_given_up_and_the_endpoint_named) {
  fake::world w;
  w.variables["BILLING_SECRET"] = "s3cret";
  auto const outside = w.context();
  oauth::client_credentials::memory kept;
  for (auto const how : {cs::lost::not_sent, cs::lost::unanswered}) {
    auto talk = source().acquire({}, outside, kept);
    for (int tries = 1; tries < 3; ++tries) {
      talk.fail(how, w.now());
      BOOST_REQUIRE((talk.wants() == want::wait));
      talk.resume(w.now());
    }
    talk.fail(how, w.now());
    auto const got = std::move(talk).outcome();
    BOOST_REQUIRE(!got);
    bool const sent = how == cs::lost::unanswered;
    BOOST_TEST((got.error().code() == (sent ? cs::errc::unanswered : cs::errc::transient)));
    BOOST_TEST(got.error().message() ==
               (sent ? "https://as.example: oauth: the token endpoint did not answer"
                     : "https://as.example: oauth: the token endpoint could not be reached"));
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_endpoint_but_not_its_path_or_query) {
  auto about = source();
  about.token_endpoint = "https://as.example:8443/tenant-c4nary/token?key=c4nary";
  BOOST_TEST(answered(about, cs::response(401, cs::secret(R"({"error":"invalid_client"})"))) ==
             "unknown_client: https://as.example:8443: oauth: the token endpoint answered 401, invalid_client; "
             "check client id and secret");
}

// Asking again does no harm, so a caller who was left midway may be followed by another at once.
BOOST_AUTO_TEST_CASE(its_request_commits_nobody) {
  frame f;
  auto auth = f.authenticator(source());
  {
    auto left = auth.begin(f.call);
    BOOST_REQUIRE((left.wants() == want::send));
  }
  BOOST_TEST(f.send(auth) == "200");
  BOOST_TEST(f.net.posts.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_token_is_got_once_used_and_renewed_in_time) {
  frame f;
  auto auth = f.authenticator(source());
  BOOST_TEST(f.send(auth) == "200");
  BOOST_TEST(f.send(auth) == "200");
  f.world.advance(cs::seconds(3590));
  BOOST_TEST(f.send(auth) == "200");
  BOOST_TEST((f.net.carried == std::vector{"Bearer t1"s, "Bearer t1"s, "Bearer t2"s}));
  BOOST_TEST((f.net.posts == std::vector(2, "grant_type=client_credentials Basic YmlsbGluZzpzM2NyZXQ="s)));
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_renewed_once) {
  frame f;
  auto auth = f.authenticator(source());
  f.net.api = [](std::string_view carried) { return carried == "Bearer t1" ? 401 : 200; };
  BOOST_TEST(f.send(auth) == "200");
  BOOST_TEST((f.net.carried == std::vector{"Bearer t1"s, "Bearer t2"s}));
  f.net.api = [](std::string_view) { return 401; };
  BOOST_TEST(f.send(auth).starts_with("rejected: https://api.example answered 401"));
  BOOST_TEST((f.net.carried == std::vector{"Bearer t1"s, "Bearer t2"s, "Bearer t2"s, "Bearer t3"s}));
}

BOOST_AUTO_TEST_CASE(a_secret_that_was_changed_meanwhile_is_read_anew) {
  frame f;
  auto auth = f.authenticator(source());
  BOOST_TEST(f.send(auth) == "200");
  f.world.variables["BILLING_SECRET"] = "another";
  f.world.advance(cs::seconds(4000));
  BOOST_TEST(f.send(auth) == "200");
  BOOST_TEST(f.net.posts.back() == "grant_type=client_credentials Basic YmlsbGluZzphbm90aGVy");
}

BOOST_AUTO_TEST_CASE(without_a_token_nothing_is_sent_to_the_api) {
  struct {
    std::function<cs::result<cs::response>(int)> token;
    std::string_view code;
    std::size_t posts = 1;
  } const cases[] = {
      {[](int) -> cs::result<cs::response> { return cs::error(cs::errc::not_sent, "no route"); },
       "transient", 3},
      {[](int) -> cs::result<cs::response> { return cs::error(cs::errc::unanswered, "hung up"); },
       "unanswered", 3},
      {[](int) -> cs::result<cs::response> { return cs::response(500); }, "transient", 3},
      {[](int) -> cs::result<cs::response> { return cs::response(502, cs::secret("<html>")); }, "transient", 3},
      {[](int) -> cs::result<cs::response> {
         return cs::response(400, cs::secret(R"({"error":"invalid_client"})"));
       },
       "unknown_client"},
      {[](int) -> cs::result<cs::response> { return cs::response(302); }, "fatal"},
      {[](int) -> cs::result<cs::response> {
         return cs::response(200, cs::secret(R"({"access_token":"a b","token_type":"Bearer"})"));
       },
       "bad_input"},
      {[](int) -> cs::result<cs::response> {
         return cs::response(200, cs::secret(R"({"access_token":"t","token_type":"DPoP"})"));
       },
       "fatal"},
  };
  for (auto const& c : cases) {
    frame f;
    f.net.token = c.token;
    f.world.tick = cs::seconds(3);  // pauses are over at once
    auto auth = f.authenticator(source());
    auto const said = f.send(auth);
    BOOST_TEST(said.substr(0, said.find(':')) == c.code);
    BOOST_TEST(f.net.posts.size() == c.posts);
    BOOST_TEST(f.net.carried.empty());
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_asked_for_a_request_to_another_origin) {
  frame f;
  auto auth = f.authenticator(source());
  f.call = cs::request("GET", "https://evil.example/things");
  BOOST_TEST(f.send(auth).starts_with("wrong_origin: "));
  BOOST_TEST(f.net.posts.empty());
}

BOOST_AUTO_TEST_CASE(it_may_stand_in_a_chain) {
  frame f;
  // A token at hand comes first. Its type is the formatter's to judge, so both links yield tokens.
  struct at_hand {
    using credential = cs::bound_token;
    cs::result<cs::bound_token> acquire(cs::occasion const&, cs::context const& outside) const {
      auto value = outside.variable("API_TOKEN");
      if (!value) return value.error();
      return cs::bound_token{.access = {.value = std::move(*value), .type = cs::secret("Bearer")}};
    }
  };
  auto one = f.authenticator(cs::chain(at_hand(), source()));
  BOOST_TEST(f.send(one) == "200");
  f.world.variables["API_TOKEN"] = "mine";
  auto two = f.authenticator(cs::chain(at_hand(), source()));
  BOOST_TEST(f.send(two) == "200");
  BOOST_TEST((f.net.carried == std::vector{"Bearer t1"s, "Bearer mine"s}));
}

BOOST_AUTO_TEST_CASE(no_error_and_no_trace_holds_secret_or_token) {
  constexpr auto canary = "c4narys3cret"sv;
  auto const body = "{\"error\":\"" + std::string(canary) + "\",\"access_token\":\"" + std::string(canary) +
                    "\",\"token_type\":\"" + std::string(canary) + "\",\"expires_in\":\"" +
                    std::string(canary) + "\"}";
  for (int status : {200, 301, 400, 401, 404, 500})
    for (bool good : {false, true}) {
      frame f;
      f.world.variables["BILLING_SECRET"] = canary;
      f.world.tick = cs::seconds(3);
      f.net.token = [&](int) -> cs::result<cs::response> {
        if (good)
          return cs::response(200,
                              cs::secret("{\"access_token\":\"", canary, "\",\"token_type\":\"Bearer\"}"));
        return cs::response(status, cs::secret(body));
      };
      f.net.api = [](std::string_view) { return 401; };
      auto auth = f.authenticator(source());
      auto const all = f.send(auth) + f.send(auth) + f.world.trace_text();
      for (std::size_t at = 0; at + 8 <= canary.size(); ++at)
        BOOST_TEST(all.find(canary.substr(at, 8)) == std::string::npos);
      BOOST_TEST(!f.world.traces().empty());
    }
}

// Every block that is freed, from the request for a token to the end of the authenticator.
BOOST_AUTO_TEST_CASE(secret_and_token_do_not_stay_in_freed_memory) {
  constexpr auto secret = "c4nary-cl1ent-s3cret"sv, token = "c4nary-acc3ss-t0ken"sv;
  for (auto const canary : {secret, token}) {
    fake::world w;
    auto const outside = w.context();
  oauth::client_credentials::memory kept;
    cs::request const call("GET", api_url);
    // This transport keeps no copies of its own.
    auto const http = [&](cs::request const& what) -> cs::result<cs::response> {
      if (what.url() == endpoint)
        return cs::response(200, cs::secret("{\"access_token\":\"", token,
                                            "\",\"token_type\":\"Bearer\",\"expires_in\":60}"));
      return cs::response(what.get("Authorization")->ends_with(token) ? 200 : 401);
    };
    fake::heap::watch const watch(canary);
    for (auto const method : {oauth::client_auth::post, oauth::client_auth::basic}) {
      cs::authenticator auth(
          oauth::client_credentials{.token_endpoint = endpoint,
                                    .client = {.id = "c", .secret = cs::secret(secret), .method = method}},
          cs::bearer(), cs::renewal(), cs::only("https://api.example"), outside);
      for (int turn = 0; turn < 3; ++turn) {
        auto const got = cs::send(auth, call, http);
        BOOST_REQUIRE(got);
        BOOST_TEST(got->status() == 200);
        w.advance(cs::seconds(100));
      }
      auto const moved = std::move(auth);
      static_cast<void>(moved);
    }
    BOOST_TEST(watch.found() == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
