// RFC 9126 §2 and §4
#include <countersign/oauth/pushed_authorization.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {

constexpr auto state = "0123456789012345678901"sv;
constexpr auto challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"sv;
constexpr auto endpoint = "https://id.example/par"sv;

oauth::authorization_asks asks() {
  return {.client_id = "app",
          .redirect_uri = "http://127.0.0.1:1/c",
          .scope = "a b",
          .state = state,
          .code_challenge = challenge,
          .resource = "https://mcp.example/mcp"};
}
std::string refused(int status, std::string_view body) {
  auto const got = oauth::read_pushed_authorization(cs::response(status, cs::secret(body)));
  return got ? "taken"
             : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}
std::string named(std::string_view name, std::string_view lifetime = "60") {
  return R"({"request_uri":")" + std::string(name) + R"(","expires_in":)" + std::string(lifetime) + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_pushed_authorization)

BOOST_AUTO_TEST_CASE(the_request_holds_what_the_page_would_and_the_client_once) {
  auto const sent = oauth::pushed_authorization_request(endpoint, {.id = "app"}, {}, asks());
  BOOST_REQUIRE(sent);
  BOOST_TEST(sent->url() == endpoint);
  BOOST_TEST(
      sent->body.reveal() ==
      "response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fc&scope=a+b&state=0123456789012345678901"
      "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
      "&resource=https%3A%2F%2Fmcp.example%2Fmcp&client_id=app");
  oauth::client_identity const confidential{.id = "app", .method = oauth::client_auth::basic};
  auto const with_secret =
      oauth::pushed_authorization_request(endpoint, confidential, cs::secret("s"), asks());
  BOOST_TEST(with_secret->get("Authorization").value() == "Basic YXBwOnM=");
  BOOST_TEST(with_secret->body.reveal().find("client_id") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(nothing_is_pushed_that_no_page_would_be_made_of) {
  auto without = [](auto change) {
    auto what = asks();
    change(what);
    auto const got = oauth::pushed_authorization_request(endpoint, {.id = "app"}, {}, what);
    return got ? std::string("taken") : std::string(got.error().message());
  };
  BOOST_TEST(without([](auto&) {}) == "taken");
  BOOST_TEST(without([](auto& what) { what.client_id = ""; }) ==
             "oauth: the client has no id; set .client_id");
  BOOST_TEST(
      without([](auto& what) { what.state = state.substr(1); }).starts_with("oauth: .state is shorter"));
  BOOST_TEST(without([](auto& what) { what.code_challenge = "x"; }).starts_with("oauth: .code_challenge"));
  cs::named_value const twice[] = {{"scope", "x"}};
  BOOST_TEST(without([&](auto& what) { what.more = twice; }).ends_with("would be there twice, in .more"));
  auto const bare = oauth::pushed_authorization_request("http://id.example/par", {.id = "app"}, {}, asks());
  BOOST_TEST(bare.error().message().starts_with("oauth: pushed authorization request endpoint: "));
}

BOOST_AUTO_TEST_CASE(an_answer_names_the_request) {
  auto const got = oauth::read_pushed_authorization(
      cs::response(201, cs::secret(named("urn:ietf:params:oauth:request_uri:6esc"))));
  BOOST_REQUIRE(got);
  BOOST_TEST(got->request_uri.view() == "urn:ietf:params:oauth:request_uri:6esc");
  BOOST_TEST(got->lifetime.ms == 60'000);
  BOOST_TEST(refused(200, named("urn:x")) == "taken");
  BOOST_TEST(refused(201, named(std::string(oauth::max_request_uri, 'u'))) == "taken");
  BOOST_TEST(refused(201, named(std::string(oauth::max_request_uri + 1, 'u'))) != "taken");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_or_a_refusal) {
  auto const long_one = std::string(oauth::max_token_response + 1, ' ');
  struct {
    int status;
    std::string body, end;
  } const rows[] = {
      {400, R"({"error":"invalid_request"})",
       "fatal: oauth: the pushed authorization request endpoint answered 400, invalid_request"},
      {401, R"({"error":"invalid_client"})", "unknown_client: "},
      {413, "", "fatal: "},
      {429, "", "transient: "},
      {503, "", "transient: "},
      {307, "", "fatal: oauth: the pushed authorization request endpoint answered 307, a redirect"},
      {201, "<html>",
       "bad_input: oauth: the pushed authorization request endpoint's answer is no JSON object"},
      {201, "{}",
       "bad_input: oauth: the pushed authorization request endpoint's answer holds no request_uri"},
      {201, named("a b"), "bad_input: "},
      {201, named("a\\u001b"), "bad_input: "},
      {201, named("\\u0430"), "bad_input: "},
      {201, named("urn:x", "0"),
       "bad_input: oauth: the pushed authorization request endpoint's answer holds no expires_in"},
      {201, named("urn:x", "\"60\""), "bad_input: "},
      {201, long_one, "bad_input: oauth: the pushed authorization request endpoint's answer is too large"},
  };
  for (auto const& row : rows) {
    auto const said = refused(row.status, row.body);
    BOOST_TEST(said.starts_with(row.end), said);
  }
}

BOOST_AUTO_TEST_CASE(the_page_shows_the_client_and_the_name_alone) {
  BOOST_TEST(oauth::pushed_page("https://id.example/a", "app", "urn:x:1")->reveal() ==
             "https://id.example/a?client_id=app&request_uri=urn%3Ax%3A1");
  BOOST_TEST(oauth::pushed_page("https://id.example/a?t=1", "app", "urn:x")->reveal() ==
             "https://id.example/a?t=1&client_id=app&request_uri=urn%3Ax");
  BOOST_TEST((oauth::pushed_page("https://id.example/a?client_id=z", "app", "u").error().code() ==
              cs::errc::bad_input));
  BOOST_TEST((oauth::pushed_page("http://id.example/a", "app", "u").error().code() == cs::errc::insecure));
}

BOOST_AUTO_TEST_SUITE_END()
