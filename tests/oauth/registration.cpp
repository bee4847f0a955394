// RFC 7591 §2, §3.1, §3.2; OpenID Connect Dynamic Client Registration 1.0 §2 (application_type).
#include <countersign/oauth/registration.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;
using oauth::client_auth;

namespace {

constexpr auto endpoint = "https://as.example/register"sv;

std::string said(cs::error const& why) {
  return std::string(cs::name(why.code())) + ": " + std::string(why.message());
}
cs::result<oauth::registered_client> read(std::string_view body, int status = 201) {
  return oauth::read_registration(cs::response(status, cs::secret(body)));
}
std::string refusal(std::string_view body, int status = 201) {
  auto const got = read(body, status);
  return got ? "" : said(got.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_registration)

BOOST_AUTO_TEST_CASE(a_client_describes_itself) {
  auto const request =
      oauth::registration_request(endpoint, {.redirect_uris = {"http://127.0.0.1:1/cb", "http://[::1]:1/cb"},
                                             .client_name = "my \"agent\"",
                                             .scope = "a b"});
  BOOST_REQUIRE(request);
  BOOST_TEST(request->method() == "POST");
  BOOST_TEST(request->url() == endpoint);
  BOOST_TEST(request->get("Content-Type").value() == "application/json");
  BOOST_TEST(request->get("Accept").value() == "application/json");
  BOOST_TEST(request->get("Accept-Encoding").value() == "identity");
  BOOST_TEST(!request->get("Authorization").has_value());
  BOOST_TEST(
      request->body.reveal() ==
      R"({"redirect_uris":["http://127.0.0.1:1/cb","http://[::1]:1/cb"],"grant_types":["authorization_code","refresh_token"],)"
      R"("response_types":["code"],"token_endpoint_auth_method":"none","client_name":"my \"agent\"","application_type":"native","scope":"a b"})");
  auto const bare = oauth::registration_request(endpoint,
                                                {.grant_types = {},
                                                 .response_types = {},
                                                 .token_endpoint_auth_method = "",
                                                 .client_uri = "https://c.example",
                                                 .application_type = "web",
                                                 .software_id = "s",
                                                 .software_version = "1"},
                                                cs::secret("initial"));
  BOOST_REQUIRE(bare);
  BOOST_TEST(
      bare->body.reveal() ==
      R"({"client_uri":"https://c.example","application_type":"web","software_id":"s","software_version":"1"})");
  BOOST_TEST(bare->get("Authorization").value() == "Bearer initial");
  BOOST_TEST((oauth::registration_request(endpoint, {}, cs::secret("a\r\nX: y")).error().code() ==
              cs::errc::bad_field));
  BOOST_TEST(said(oauth::registration_request("http://as.example/r", {}).error()) ==
             "insecure: oauth: registration endpoint: http://as.example is plain http; secrets go there, so "
             "it must be https");
  BOOST_TEST(
      (oauth::registration_request(endpoint, {.client_name = "\xff"}).error().code() == cs::errc::bad_input));
}

// RFC 8705 §2.1.2, §3.4
BOOST_AUTO_TEST_CASE(a_client_with_a_certificate_says_by_which_name_it_is_known) {
  struct row {
    oauth::client_description about;
    std::string_view json;
  } const rows[] = {
      {{.token_endpoint_auth_method = "tls_client_auth", .tls_client_auth_subject_dn = "CN=me,O=\"x\""},
       R"("tls_client_auth_subject_dn":"CN=me,O=\"x\"")"},
      {{.tls_client_auth_san_dns = "me.example"}, R"("tls_client_auth_san_dns":"me.example")"},
      {{.tls_client_auth_san_uri = "urn:me"}, R"("tls_client_auth_san_uri":"urn:me")"},
      {{.tls_client_auth_san_ip = "10.0.0.1"}, R"("tls_client_auth_san_ip":"10.0.0.1")"},
      {{.tls_client_auth_san_email = "me@example"}, R"("tls_client_auth_san_email":"me@example")"},
      {{.tls_client_certificate_bound_access_tokens = true},
       R"("tls_client_certificate_bound_access_tokens":true)"},
  };
  for (auto const& one : rows) {
    auto const request = oauth::registration_request(endpoint, one.about);
    BOOST_REQUIRE(request);
    BOOST_TEST(request->body.reveal().find(one.json) != std::string_view::npos, request->body.reveal());
    BOOST_TEST(!request->with_certificate);  // nobody is known there yet
  }
  BOOST_TEST(said(oauth::registration_request(endpoint, {.tls_client_auth_subject_dn = "CN=me",
                                                         .tls_client_auth_san_dns = "me.example"})
                      .error()) ==
             "bad_input: oauth: registration: a certificate is known by one name (RFC 8705 "
             "§2.1.2), and more are given");
}

BOOST_AUTO_TEST_CASE(the_example_of_the_rfc) {  // §3.2.1
  auto const got = read(
      R"({"client_id":"s6BhdRkqt3","client_secret":"cf136dc3c1fc93f31185e5885805d","client_id_issued_at":2893256800,
      "client_secret_expires_at":2893276800,"redirect_uris":["https://client.example.org/callback"],"grant_types":["authorization_code","refresh_token"],
      "client_name":"My Example Client","token_endpoint_auth_method":"client_secret_basic","jwks_uri":"https://client.example.org/my_public_keys.jwks",
      "example_extension_parameter":"example_value"})");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->id.view() == "s6BhdRkqt3");
  BOOST_TEST(got->client_secret.reveal() == "cf136dc3c1fc93f31185e5885805d");
  BOOST_TEST(got->secret_expires.ms == 2'893'276'800'000);
  BOOST_TEST((got->method == client_auth::basic));
  auto const who = got->identity();
  BOOST_TEST(who.id.view() == "s6BhdRkqt3");
  BOOST_TEST(who.secret.given());
  BOOST_TEST((who.method == client_auth::basic));
}

BOOST_AUTO_TEST_CASE(the_method_is_the_one_that_the_server_chose) {
  struct {
    std::string_view json;
    client_auth method;
  } const cases[] = {
      {R"({"client_id":"c","token_endpoint_auth_method":"none"})", client_auth::none},
      {R"({"client_id":"c","client_secret":"s","token_endpoint_auth_method":"client_secret_post"})",
       client_auth::post},
      {R"({"client_id":"c","client_secret":"s","token_endpoint_auth_method":"client_secret_basic"})",
       client_auth::basic},
      {R"({"client_id":"c","token_endpoint_auth_method":"private_key_jwt"})", client_auth::private_key_jwt},
      {R"({"client_id":"c","client_secret":"s","token_endpoint_auth_method":"client_secret_jwt"})",
       client_auth::client_secret_jwt},
      {R"({"client_id":"c","token_endpoint_auth_method":"tls_client_auth"})", client_auth::tls_client_auth},
      {R"({"client_id":"c","client_secret":"s"})", client_auth::as_advertised},
      {R"({"client_id":"c","token_endpoint_auth_method":null})", client_auth::as_advertised},
  };
  for (auto const& c : cases) {
    auto const got = read(c.json);
    BOOST_REQUIRE_MESSAGE(got, c.json);
    BOOST_TEST((got->method == c.method), c.json);
  }
  BOOST_TEST(!read(R"({"client_id":"c"})")->identity().secret.given());
  BOOST_TEST(refusal(R"({"client_id":"c","token_endpoint_auth_method":"new_client_auth"})") ==
             "fatal: oauth: registration: the server chose a way to authenticate that is not known here; "
             "configure a client id and secret");
  for (auto const method : {"client_secret_basic", "client_secret_post"})
    BOOST_TEST(
        refusal(
            std::string(R"({"client_id":"c","token_endpoint_auth_method":")").append(method).append("\"}")) ==
        "bad_input: oauth: registration: the server's answer says that the client has a secret, and holds "
        "none");
}

BOOST_AUTO_TEST_CASE(a_secret_expires_when_it_is_said_and_never_without) {
  struct {
    std::string_view when;
    std::int64_t ms;
  } const cases[] = {{"0", cs::never_expires.ms},
                     {"1", 1000},
                     {"-1", cs::never_expires.ms},
                     {"null", cs::never_expires.ms},
                     {R"("1")", cs::never_expires.ms},
                     {"1e400", cs::never_expires.ms},
                     {"9223372036854775807", INT64_MAX / 1000 * 1000}};
  for (auto const& c : cases)
    BOOST_TEST(read(std::string(R"({"client_id":"c","client_secret":"s","client_secret_expires_at":)")
                        .append(c.when)
                        .append("}"))
                       ->secret_expires.ms == c.ms,
               c.when);
}

BOOST_AUTO_TEST_CASE(a_refusal_repeats_the_servers_words_as_far_as_they_are_safe) {
  struct {
    int status;
    std::string_view json, refusal;
  } const cases[] = {
      {400,
       R"({"error":"invalid_redirect_uri","error_description":"The redirection URI http://sketchy.example.com is not allowed by this server."})",
       "fatal: oauth: registration: the server answered 400, invalid_redirect_uri: \"The redirection URI "
       "http://sketchy.example.com is not allowed by this server.\""},
      {400, R"({"error":"invalid_client_metadata"})",
       "fatal: oauth: registration: the server answered 400, invalid_client_metadata"},
      {400, R"({"error":"invalid_client_metadata","error_description":"a\u001b[2Jb\r\n\u202ec\u009bd"})",
       "fatal: oauth: registration: the server answered 400, invalid_client_metadata: \"a?[2Jb???c?d\""},
      {403, R"({"error":"Bad Code","error_description":7})",
       "fatal: oauth: registration: the server answered 403, an error code that is not shown"},
      {403, "<html>",
       "fatal: oauth: registration: the server answered 403 without an OAuth error; it may not take "
       "registrations: configure a client id"},
      {404, "",
       "fatal: oauth: registration: the server answered 404 without an OAuth error; it may not take "
       "registrations: configure a client id"},
      {302, "", "fatal: oauth: registration: the server answered 302, a redirect, which is not followed"},
      {429, R"({"error":"x"})",
       "transient: oauth: registration: the server answered 429; it may serve later"},
      {503, "", "transient: oauth: registration: the server answered 503; it may serve later"},
  };
  for (auto const& c : cases) BOOST_TEST(refusal(c.json, c.status) == c.refusal);
  auto const long_one =
      refusal(std::string(R"({"error":"x","error_description":")").append(5000, 'w').append("\"}"), 400);
  BOOST_TEST(long_one == "fatal: oauth: registration: the server answered 400, x: \"" +
                             std::string(117, 'w') + "\xe2\x80\xa6\"");
}

BOOST_AUTO_TEST_CASE(an_answer_that_registers_nobody_is_none) {
  BOOST_TEST(refusal("{}") == "bad_input: oauth: registration: the server's answer holds no client_id");
  BOOST_TEST(refusal(R"({"client_id":7})") ==
             "bad_input: oauth: registration: the server's answer holds no client_id");
  BOOST_TEST(refusal(R"({"client_id":"a\nb"})") ==
             "bad_input: oauth: registration: the server's answer holds a client_id with bytes that none has "
             "(RFC 6749 A.1)");
  BOOST_TEST(refusal("[]") == "bad_input: oauth: registration: the server's answer is no JSON object");
  BOOST_TEST(refusal("<html>").starts_with("bad_input: oauth: registration: JSON line 1, column 1"));
  BOOST_TEST(refusal(R"({"client_id":"c"})", 200) == "");
  BOOST_TEST(refusal(R"({"client_id":"c"})", 204) ==
             "fatal: oauth: registration: the server answered 204 without an OAuth error; it may not take "
             "registrations: configure a client id");
}

BOOST_AUTO_TEST_CASE(sizes_end_somewhere) {
  auto const id = [](std::size_t size) {
    return std::string(R"({"client_id":")").append(size, 'c').append("\"}");
  };
  BOOST_TEST(refusal(id(oauth::max_client_id)) == "");
  BOOST_TEST(refusal(id(oauth::max_client_id + 1)) ==
             "too_large: oauth: registration: the client_id has more than 4096 bytes");
  auto const whole = [&](std::size_t size) { return id(1).append(size - id(1).size(), ' '); };
  BOOST_TEST(refusal(whole(oauth::max_registration_response)) == "");
  BOOST_TEST(refusal(whole(oauth::max_registration_response + 1)) ==
             "too_large: oauth: registration: the answer has more than 262144 bytes");
}

BOOST_AUTO_TEST_CASE(wherever_memory_ends_nothing_is_left_out) {
  if (!fake::heap::is_ours) return;
  oauth::client_description const about{.redirect_uris = {"http://127.0.0.1:1/cb"}, .client_name = "agent"};
  cs::secret const token("initial");
  auto const each = [](auto const& make) {
    fake::heap::counter const heap;
    BOOST_REQUIRE(make());
    auto const blocks = heap.count();
    for (long block = 0; block < blocks; ++block) {
      auto const got = [&] {
        fake::heap::refused_once const refused(block);
        return make();
      }();
      BOOST_REQUIRE(!got);
      BOOST_TEST((got.error().code() == cs::errc::no_memory));
    }
  };
  each([&] { return oauth::registration_request(endpoint, about, token); });
  each([] {
    return read(
        R"({"client_id":"c","client_secret":"s","registration_access_token":"t","registration_client_uri":"https://as.example/c"})");
  });
}

BOOST_AUTO_TEST_CASE(the_secret_does_not_stay_in_freed_memory) {
  cs::secret body(R"({"client_id":"c","client_secret":"c4nary-cl1ent-s3cret"})");
  fake::heap::watch const watch("c4nary-cl1ent-s3cret");
  BOOST_TEST(oauth::read_registration(cs::response(201, std::move(body))).has_value());
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
