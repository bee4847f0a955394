// RFC 7009 §2.1, §2.2, §2.2.1.
#include <countersign/oauth/revocation.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {

constexpr cs::wall_time now{784'111'777'000};  // Sun, 06 Nov 1994 08:49:37 GMT

std::string said(cs::error const& why) {
  return std::string(cs::name(why.code())) + ": " + std::string(why.message());
}
std::string refusal(int status, std::string_view body = "", std::string_view retry_after = "") {
  cs::response answer(status, cs::secret(body));
  if (!retry_after.empty()) answer.headers.set("Retry-After", retry_after);
  auto const got = oauth::read_revocation(std::move(answer), now);
  return got ? "" : said(got.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_revocation)

BOOST_AUTO_TEST_CASE(the_example_of_the_rfc) {  // §2.1
  auto const request = oauth::revocation_request("https://server.example.com/revoke", {.id = "s6BhdRkqt3"},
                                                 cs::secret("gX1fBat3bV"), cs::secret("45ghiukldjahdnhzdauz"),
                                                 "refresh_token");
  BOOST_REQUIRE(request);
  BOOST_TEST(request->method() == "POST");
  BOOST_TEST(request->get("Content-Type").value() == "application/x-www-form-urlencoded");
  BOOST_TEST(request->get("Authorization").value() == "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW");
  BOOST_TEST(request->body.reveal() == "token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token");
}

BOOST_AUTO_TEST_CASE(a_public_client_says_its_id) {
  auto const request = oauth::revocation_request(
      "https://as.example/revoke", {.id = "c", .method = oauth::client_auth::none}, {}, cs::secret("a&b"));
  BOOST_REQUIRE(request);
  BOOST_TEST(request->body.reveal() == "token=a%26b&client_id=c");
  BOOST_TEST(said(oauth::revocation_request("https://as.example/revoke", {.id = "c"}, {}, {}).error()) ==
             "bad_input: oauth: revocation: there is no token to revoke");
  BOOST_TEST(
      said(oauth::revocation_request("http://as.example/revoke", {.id = "c"}, {}, cs::secret("t")).error()) ==
      "insecure: oauth: revocation endpoint: http://as.example is plain http; secrets go there, so it must "
      "be https");
}

BOOST_AUTO_TEST_CASE(what_the_server_answers) {
  struct {
    int status;
    std::string_view body, retry_after, refusal;
  } const cases[] = {
      {200, "", "", ""},
      {200, "<html>", "", ""},  // §2.2: the content is ignored
      {400, R"({"error":"unsupported_token_type"})", "",
       "fatal: oauth: the revocation endpoint answered 400, unsupported_token_type; the token stays good "
       "until it expires"},
      {401, R"({"error":"invalid_client"})", "",
       "unknown_client: oauth: the revocation endpoint answered 401, invalid_client; check client id and "
       "secret"},
      {400, "", "",
       "fatal: oauth: the revocation endpoint answered 400 without an OAuth error; check its URL"},
      {204, "", "",
       "fatal: oauth: the revocation endpoint answered 204 without an OAuth error; check its URL"},
      {302, "", "",
       "fatal: oauth: the revocation endpoint answered 302, a redirect, which is not followed: secrets would "
       "go along; configure its final URL"},
      {503, "", "", "transient: oauth: the revocation endpoint answered 503; it may serve later"},
      {503, R"({"error":"unsupported_token_type"})", "",
       "transient: oauth: the revocation endpoint answered 503; it may serve later"},
      {503, "", "7",
       "transient: oauth: the revocation endpoint answered 503; it asks to be tried again in 7 s"},
      {503, "", "Sun, 06 Nov 1994 08:50:37 GMT",
       "transient: oauth: the revocation endpoint answered 503; it asks to be tried again in 60 s"},
      {503, "", "1000000000",
       "transient: oauth: the revocation endpoint answered 503; it asks to be tried again in 300 s"},
      {503, "", "-1", "transient: oauth: the revocation endpoint answered 503; it may serve later"},
      {429, "", "0",
       "transient: oauth: the revocation endpoint answered 429; it asks to be tried again in 0 s"},
  };
  for (auto const& c : cases) BOOST_TEST(refusal(c.status, c.body, c.retry_after) == c.refusal);
}

BOOST_AUTO_TEST_CASE(a_body_is_read_up_to_a_size) {
  auto const of_size = [](std::size_t size) {
    std::string body = R"({"error":"unsupported_token_type"})";
    return body.append(size - body.size(), ' ');
  };
  BOOST_TEST(refusal(400, of_size(oauth::max_token_response)).find("unsupported_token_type") !=
             std::string::npos);
  BOOST_TEST(refusal(400, of_size(oauth::max_token_response + 1)).find("unsupported_token_type") ==
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
