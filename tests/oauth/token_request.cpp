// RFC 6749 §2.3.1, §3.2, §4.4.2, appendix B; RFC 8707 (resource); RFC 3986 (URLs).
#include <countersign/oauth/token_request.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;
using oauth::client_auth;

namespace {

constexpr auto endpoint = "https://as.example/token"sv;

cs::result<cs::request> made(std::string_view url, std::string_view id, std::string_view secret,
                             client_auth method = client_auth::as_advertised) {
  oauth::form body;
  body.add("grant_type", "client_credentials");
  return oauth::token_request(url, {.id = id, .method = method}, cs::secret(secret), std::move(body));
}
std::string body_of(cs::result<cs::request> const& request) {
  return std::string(request ? request->body.reveal() : request.error().message());
}
std::string authorization_of(cs::result<cs::request> const& request) {
  return std::string(request ? request->get("Authorization").value_or("none") : request.error().message());
}
// The code's name and the text.
std::string refusal(std::string_view url) {
  auto const ok = oauth::check_endpoint("token endpoint", url);
  return ok ? "" : std::string(cs::name(ok.error().code())) + ": " + std::string(ok.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_token_request)

BOOST_AUTO_TEST_CASE(it_is_a_post_of_a_form_that_asks_for_json) {
  auto const request = made(endpoint, "s6BhdRkqt3", "gX1fBat3bV");
  BOOST_REQUIRE(request);
  BOOST_TEST(request->method() == "POST");
  BOOST_TEST(request->url() == endpoint);
  BOOST_TEST(request->get("Content-Type").value() == "application/x-www-form-urlencoded");
  BOOST_TEST(request->get("Accept").value() == "application/json");
  BOOST_TEST(body_of(request) == "grant_type=client_credentials");
  // RFC 6749 §4.4.2 has these very bytes.
  BOOST_TEST(authorization_of(request) == "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW");
  BOOST_TEST(request->replayable());
}

BOOST_AUTO_TEST_CASE(a_client_authenticates_as_it_is_told_to) {
  struct {
    client_auth method;
    std::string_view secret, authorization, body;
  } const cases[] = {
      {client_auth::as_advertised, "s", "Basic Yzpz", "grant_type=client_credentials"},
      {client_auth::as_advertised, "", "none", "grant_type=client_credentials&client_id=c"},
      {client_auth::basic, "s", "Basic Yzpz", "grant_type=client_credentials"},
      {client_auth::basic, "", "Basic Yzo=", "grant_type=client_credentials"},
      {client_auth::post, "s", "none", "grant_type=client_credentials&client_id=c&client_secret=s"},
      // §2.3.1: the parameter may be left out where the secret is empty
      {client_auth::post, "", "none", "grant_type=client_credentials&client_id=c"},
      {client_auth::none, "", "none", "grant_type=client_credentials&client_id=c"},
      {client_auth::none, "s", "none", "grant_type=client_credentials&client_id=c"},
      // RFC 7523 §2.2: the assertion comes where the secret would
      {client_auth::private_key_jwt, "h.p.s", "none",
       "grant_type=client_credentials&client_id=c"
       "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_"
       "assertion=h.p.s"},
      {client_auth::client_secret_jwt, "h.p.s", "none",
       "grant_type=client_credentials&client_id=c"
       "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_"
       "assertion=h.p.s"},
      {client_auth::client_secret_jwt, "",
       "oauth client c: client_secret_jwt needs an assertion; make one with client_assertion",
       "oauth client c: client_secret_jwt needs an assertion; make one with client_assertion"},
      // RFC 8705 §2: the proof is in the handshake
      {client_auth::tls_client_auth, "", "none", "grant_type=client_credentials&client_id=c"},
      {client_auth::self_signed_tls_client_auth, "s", "none", "grant_type=client_credentials&client_id=c"},
      {client_auth::private_key_jwt, "",
       "oauth client c: private_key_jwt needs an assertion; make one with client_assertion",
       "oauth client c: private_key_jwt needs an assertion; make one with client_assertion"},
  };
  for (auto const& c : cases) {
    auto const request = made(endpoint, "c", c.secret, c.method);
    BOOST_TEST(authorization_of(request) == c.authorization);
    BOOST_TEST(body_of(request) == c.body);
    if (request) BOOST_TEST(request->with_certificate == oauth::is_by_certificate(c.method));
  }
}

BOOST_AUTO_TEST_CASE(the_transport_is_told_where_the_certificate_is_meant_for) {
  for (bool const certificate : {false, true}) {
    oauth::client_identity const who{.id = "c", .method = client_auth::none, .certificate = certificate};
    auto const request = oauth::token_request(endpoint, who, {}, oauth::form());
    BOOST_REQUIRE(request);
    BOOST_TEST(request->with_certificate == certificate);
  }
}

// §2.3.1: both are form-encoded before they are joined; appendix B has this very text.
BOOST_AUTO_TEST_CASE(reserved_characters_are_encoded_in_either_way) {
  constexpr auto reserved = " %&+\xc2\xa3\xe2\x82\xac"sv;
  auto const basic = made(endpoint, reserved, "a:b=c/d", client_auth::basic);
  // "+%25%26%2B%C2%A3%E2%82%AC:a%3Ab%3Dc%2Fd"
  BOOST_TEST(authorization_of(basic) == "Basic KyUyNSUyNiUyQiVDMiVBMyVFMiU4MiVBQzphJTNBYiUzRGMlMkZk");
  auto const post = made(endpoint, reserved, "a:b=c/d", client_auth::post);
  BOOST_TEST(body_of(post) ==
             "grant_type=client_credentials&client_id=+%25%26%2B%C2%A3%E2%82%AC&client_secret=a%3Ab%3Dc%2Fd");
}

BOOST_AUTO_TEST_CASE(no_value_can_add_a_pair_or_a_line) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string const value{'x', static_cast<char>(byte), 'y', '=', 'z'};
    oauth::form form;
    form.add("scope", value).add("resource", "r");
    auto const text = std::move(form).take();
    std::size_t pairs = 1, values = 0;
    for (char const c : text.reveal()) {
      pairs += c == '&';
      values += c == '=';
      BOOST_TEST((c > ' ' && c < 0x7f));
    }
    BOOST_TEST(pairs == 2u);
    BOOST_TEST(values == 2u);
    auto const request = made(endpoint, value, value);
    BOOST_REQUIRE(request);
    BOOST_TEST(cs::is_field_value(*request->get("Authorization")));
  }
}

BOOST_AUTO_TEST_CASE(a_resource_is_sent_verbatim_and_what_is_empty_not_at_all) {
  oauth::form form;
  form.add("scope", "").add("resource", "https://Api.Example:443/a/../b/").add("scope", "read write");
  BOOST_TEST(std::move(form).take().reveal() ==
             "resource=https%3A%2F%2FApi.Example%3A443%2Fa%2F..%2Fb%2F&scope=read+write");
}

BOOST_AUTO_TEST_CASE(only_a_url_that_may_be_given_a_secret_is_an_endpoint) {
  for (auto const url :
       {"https://as.example/token", "https://as.example", "https://as.example/token?tenant=a",
        "HTTPS://AS.example:8443/t", "http://localhost/token", "http://127.0.0.1:8080/token",
        "http://[::1]/token", "http://a.localhost:1/"})
    BOOST_TEST(refusal(url) == "");
  struct {
    std::string_view url, refusal;
  } const cases[] = {
      {"http://as.example/token", "insecure: oauth: token endpoint: http://as.example is plain http; secrets "
                                  "go there, so it must be https"},
      {"http://127.0.0.1.evil/token", "insecure: oauth: token endpoint: http://127.0.0.1.evil is plain http; "
                                      "secrets go there, so it must be https"},
      {"http://localhost.evil/", "insecure: oauth: token endpoint: http://localhost.evil is plain http; "
                                 "secrets go there, so it must be https"},
      {"http://127.0.0.1@as.example/", "insecure: oauth: token endpoint: http://as.example is plain http; "
                                       "secrets go there, so it must be https"},
      {"wss://as.example/token", "bad_input: oauth: token endpoint: wss://as.example is no https URL"},
      {"ws://localhost/token", "bad_input: oauth: token endpoint: ws://localhost is no https URL"},
      {"ftp://as.example/token",
       "bad_input: oauth: token endpoint: URL, byte 1: expected https, http, wss or ws"},
      {"as.example/token", "bad_input: oauth: token endpoint: URL, byte 1: expected a scheme: https://…"},
      {"", "bad_input: oauth: token endpoint: URL, byte 1: expected a scheme: https://…"},
      {"https://as.example/token#",
       "bad_input: oauth: token endpoint: the URL has a fragment, which RFC 6749 §3.2 forbids"},
      {"https://as.example/token#x",
       "bad_input: oauth: token endpoint: the URL has a fragment, which RFC 6749 §3.2 forbids"},
      {"https://me:pass@as.example/token",
       "bad_input: oauth: token endpoint: https://as.example is written with a user in front of the host; "
       "give the client's id and secret instead"},
      {"https://as.example/to ken", "bad_input: oauth: token endpoint: URL, byte 22: a space: write %20"},
      {"https://as.example/token\r\nX: y", "bad_input: oauth: token endpoint: URL, byte 25: a control byte"},
  };
  for (auto const& c : cases) {
    BOOST_TEST(refusal(c.url) == c.refusal);
    BOOST_TEST(!made(c.url, "c", "s").has_value());
  }
}

BOOST_AUTO_TEST_CASE(an_endpoint_is_as_long_as_a_url_may_be_and_no_longer) {
  auto const url = [](std::size_t size) {
    std::string whole(size, 'x');  // made whole: g++ 12 warns falsely of sums of strings
    whole.replace(0, endpoint.size() + 1, std::string(endpoint).append("?"));
    return whole;
  };
  BOOST_TEST(made(url(cs::max_url_size), "c", "s").has_value());
  auto const got = made(url(cs::max_url_size + 1), "c", "s");
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(a_client_without_an_id_is_told_what_to_set) {
  auto const got = made(endpoint, "", "s");
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error() == cs::error(cs::errc::bad_input, "oauth: the client has no id; set .client.id")));
}

BOOST_AUTO_TEST_CASE(no_error_repeats_the_secret_or_the_url_beyond_its_origin) {
  constexpr auto canary = "c4naryc4nary"sv;
  for (auto const url : {"http://as.example/c4naryc4nary", "https://u:c4naryc4nary@as.example/",
                         "https://as.example/?c4naryc4nary#c4naryc4nary", "https://as.example/c4naryc4nary\n",
                         "c4naryc4nary"}) {
    auto const got = made(url, "c", canary);
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().message().find(canary) == std::string_view::npos);
  }
}

// A body without the secret would make another client of it.
BOOST_AUTO_TEST_CASE(wherever_memory_ends_nothing_is_left_out) {
  if (!fake::heap::is_ours) return;
  for (auto const method : {client_auth::basic, client_auth::post}) {
    oauth::client_identity const who{.id = "client", .method = method};
    cs::secret const secret("a secret that is longer than the first block of a form's body");
    auto const make = [&] {
      oauth::form body;
      body.add("grant_type", "client_credentials");
      return oauth::token_request(endpoint, who, secret, std::move(body));
    };
    fake::heap::counter const heap;
    auto const whole = make();
    auto const blocks = heap.count();
    BOOST_REQUIRE(whole);
    BOOST_TEST(blocks > 3);
    for (long block = 0; block < blocks; ++block) {
      auto const got = [&] {
        fake::heap::refused_once const refused(block);
        return make();
      }();
      BOOST_REQUIRE(!got);
      BOOST_TEST((got.error().code() == cs::errc::no_memory));
    }
  }
  auto const broken = [] {
    fake::heap::exhausted const none;
    return cs::secret("no memory for this");
  }();
  for (auto const method : {client_auth::as_advertised, client_auth::basic, client_auth::post})
    BOOST_TEST((oauth::token_request(endpoint, {.id = "c", .method = method}, broken, {}).error().code() ==
                cs::errc::no_memory));
}

BOOST_AUTO_TEST_CASE(the_secret_does_not_stay_in_freed_memory) {
  constexpr auto secret = "c4nary-cl1ent-s3cret-of-3-x"sv;  // 27 bytes, so that its base64 stands alone
  constexpr auto encoded = "YzRuYXJ5LWNsMWVudC1zM2NyZXQtb2YtMy14"sv;
  for (auto const canary : {secret, encoded}) {
    fake::heap::watch const watch(canary);
    for (auto const method : {client_auth::basic, client_auth::post}) {
      auto const request = made(endpoint, "id", secret, method);
      BOOST_REQUIRE(request);
      auto const where =
          method == client_auth::basic ? *request->get("Authorization") : request->body.reveal();
      BOOST_TEST((where.find(method == client_auth::basic ? encoded : secret) != std::string_view::npos));
    }
    BOOST_TEST(watch.found() == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
