// RFC 8628 §3.1 and §3.2
#include <countersign/oauth/device_authorization.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {

std::string answer_with(std::string_view more) {
  return R"({"device_code":"d1","user_code":"WDJB-MJHT","verification_uri":"https://id.example/device","expires_in":1800)" +
         std::string(more) + "}";
}
std::string replaced(std::string_view from, std::string_view to) {
  auto text = answer_with("");
  return text.replace(text.find(from), from.size(), to);
}
cs::result<oauth::device_authorization> read(int status, std::string_view body,
                                             std::string_view named_by = {}) {
  return oauth::read_device_authorization(cs::response(status, cs::secret(body)), named_by);
}
std::string refused(int status, std::string_view body, std::string_view named_by = {}) {
  auto const got = read(status, body, named_by);
  return got ? "taken"
             : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_device_authorization)

BOOST_AUTO_TEST_CASE(a_request_names_client_scope_and_resource) {
  auto const asked =
      oauth::device_authorization_request("https://id.example/device_authorization", {.id = "tv"}, {},
                                          {.scope = "a b", .resource = "https://mcp.example/mcp"});
  BOOST_REQUIRE(asked);
  BOOST_TEST(asked->method() == "POST");
  BOOST_TEST(asked->url() == "https://id.example/device_authorization");
  BOOST_TEST(asked->body.reveal() == "scope=a+b&resource=https%3A%2F%2Fmcp.example%2Fmcp&client_id=tv");
  BOOST_TEST(asked->get("Content-Type").value() == "application/x-www-form-urlencoded");
  auto const with_secret = oauth::device_authorization_request(
      "https://id.example/d", {.id = "tv", .secret = cs::secret("s"), .method = oauth::client_auth::basic},
      cs::secret("s"), {});
  BOOST_TEST(with_secret->get("Authorization").value() == "Basic dHY6cw==");
  auto const bare = oauth::device_authorization_request("http://id.example/d", {.id = "tv"}, {}, {});
  BOOST_TEST(bare.error().message().starts_with("oauth: device authorization endpoint: "));
}

BOOST_AUTO_TEST_CASE(an_answer_says_what_is_shown_and_how_often_is_asked) {
  auto const got = read(
      200, answer_with(R"(,"verification_uri_complete":"https://id.example/device?c=WDJB","interval":7)"));
  BOOST_REQUIRE(got);
  BOOST_TEST(got->device_code.reveal() == "d1");
  BOOST_TEST(got->user_code.reveal() == "WDJB-MJHT");
  BOOST_TEST(got->verification_uri.view() == "https://id.example/device");
  BOOST_TEST(got->verification_uri_complete.reveal() == "https://id.example/device?c=WDJB");
  BOOST_TEST(got->lifetime.ms == 1'800'000);
  BOOST_TEST(got->interval.ms == 7'000);
}

BOOST_AUTO_TEST_CASE(what_a_server_leaves_out_or_overdoes) {
  struct {
    std::string_view more;
    std::int64_t interval;
  } const rows[] = {{"", 5'000},
                    {R"(,"interval":null)", 5'000},
                    {R"(,"interval":0)", 5'000},
                    {R"(,"interval":1)", 1'000},
                    {R"(,"interval":300)", 300'000},
                    {R"(,"interval":301)", 300'000},
                    {R"(,"interval":9223372036854775807)", 300'000}};
  for (auto const& row : rows) BOOST_TEST(read(200, answer_with(row.more))->interval.ms == row.interval);
  BOOST_TEST(read(200, replaced("1800", "86400"))->lifetime.ms == 86'400'000);
  BOOST_TEST(read(200, replaced("1800", "86401"))->lifetime.ms == 86'400'000);
  BOOST_TEST(read(200, replaced("1800", "9223372036854775807"))->lifetime.ms == 86'400'000);
  BOOST_TEST(read(200, replaced("verification_uri", "verification_url"))->verification_uri.view() ==
             "https://id.example/device");
  BOOST_TEST(read(200, answer_with(""))->verification_uri_complete.empty());
}

BOOST_AUTO_TEST_CASE(codes_are_taken_up_to_their_limits) {
  BOOST_TEST(refused(200, replaced("d1", std::string(oauth::max_device_code, 'd'))) == "taken");
  BOOST_TEST(refused(200, replaced("d1", std::string(oauth::max_device_code + 1, 'd'))) != "taken");
  BOOST_TEST(refused(200, replaced("WDJB-MJHT", std::string(oauth::max_user_code, 'W'))) == "taken");
  BOOST_TEST(refused(200, replaced("WDJB-MJHT", std::string(oauth::max_user_code + 1, 'W'))) != "taken");
  BOOST_TEST(refused(200, replaced("WDJB-MJHT", "WDJB MJHT")) == "taken");
  auto const fill = [](std::size_t size) {
    auto text = answer_with(R"(,"more":"")");
    return text.insert(text.size() - 2, size - text.size(), 'x');
  };
  BOOST_TEST(refused(200, fill(oauth::max_token_response)) == "taken");
  BOOST_TEST(refused(200, fill(oauth::max_token_response + 1)) ==
             "bad_input: oauth: the device authorization endpoint's answer is too large");
}

BOOST_AUTO_TEST_CASE(nothing_is_shown_that_could_deceive_or_lead_astray) {
  struct {
    std::string_view from, to, end;
  } const rows[] = {
      {"WDJB-MJHT", "", "bad_input: oauth: the device authorization endpoint's answer holds no user_code"},
      {"WDJB-MJHT", "A\\u001b[2J",
       "bad_input: oauth: the device authorization endpoint's answer holds no user_code"},
      {"WDJB-MJHT", "A\\u007f",
       "bad_input: oauth: the device authorization endpoint's answer holds no user_code"},
      {"WDJB-MJHT", "A\\u202eB",
       "bad_input: oauth: the device authorization endpoint's answer holds no user_code"},
      {"WDJB-MJHT", "\\u0410B",
       "bad_input: oauth: the device authorization endpoint's answer holds no user_code"},
      {"\"WDJB-MJHT\"", "7",
       "bad_input: oauth: the device authorization endpoint's answer holds no user_code"},
      {"\"d1\"", "null", "bad_input: oauth: the device authorization endpoint's answer holds no device_code"},
      {"d1", "d\\n1", "bad_input: oauth: the device authorization endpoint's answer holds no device_code"},
      {"https://id.example/device", "http://id.example/device", "insecure: oauth: verification page: "},
      {"https://id.example/device", "javascript:alert(1)", "bad_input: oauth: verification page: "},
      {"https://id.example/device", "ftp://id.example/device", "bad_input: oauth: verification page: "},
      {"https://id.example/device", "https://bank.example@id.example/device",
       "bad_input: oauth: verification page: "},
      {"https://id.example/device", "https://id.example/d\\u0430", "bad_input: oauth: verification page: "},
      {"https://id.example/device", "https://id.example/d e", "bad_input: oauth: verification page: "},
      {"https://id.example/device", "", "bad_input: oauth: verification page: "},
      {"1800", "0", "bad_input: oauth: the device authorization endpoint's answer holds no expires_in"},
      {"1800", "-1", "bad_input: oauth: the device authorization endpoint's answer holds no expires_in"},
      {"1800", "\"x\"", "bad_input: oauth: the device authorization endpoint's answer holds no expires_in"},
      {"1800", "1800,\"interval\":-1",
       "bad_input: oauth: the device authorization endpoint's answer holds an interval"},
      {"1800", "1800,\"interval\":\"5\"",
       "bad_input: oauth: the device authorization endpoint's answer holds an interval"},
      {"1800", "1800,\"verification_uri_complete\":\"http://id.example/x\"",
       "insecure: oauth: verification page: "},
  };
  for (auto const& row : rows)
    BOOST_TEST(refused(200, replaced(row.from, row.to)).starts_with(row.end),
               refused(200, replaced(row.from, row.to)));
  BOOST_TEST(refused(200, replaced("https://id.example/device", "http://127.0.0.1:80/d")) == "taken");
  BOOST_TEST(
      refused(200, replaced("https://id.example/device", "http://127.0.0.1:80/d"), "https://mcp.example")
          .starts_with("insecure: oauth: verification page: "));
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_or_a_refusal) {
  struct {
    int status;
    std::string_view body, end;
  } const rows[] = {
      {400, R"({"error":"invalid_client"})",
       "unknown_client: oauth: the device authorization endpoint answered 400, invalid_client"},
      {400, R"({"error":"invalid_scope"})",
       "fatal: oauth: the device authorization endpoint answered 400, invalid_scope"},
      {200, R"({"error":"device_flow_disabled"})",
       "fatal: oauth: the device authorization endpoint answered 200 with the error device_flow_disabled"},
      {404, "<html>", "fatal: oauth: the device authorization endpoint answered 404 without an OAuth error"},
      {302, "", "fatal: oauth: the device authorization endpoint answered 302, a redirect"},
      {503, "", "transient: "},
      {200, "<html>", "bad_input: oauth: the device authorization endpoint's answer is no JSON object"},
      {200, "[]", "bad_input: oauth: the device authorization endpoint's answer is no JSON object"},
      {200, "{}", "bad_input: oauth: the device authorization endpoint's answer holds no device_code"},
  };
  for (auto const& row : rows)
    BOOST_TEST(refused(row.status, row.body).starts_with(row.end), refused(row.status, row.body));
}

BOOST_AUTO_TEST_SUITE_END()
