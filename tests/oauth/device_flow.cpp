// RFC 8628 §3.3 to §3.5
#include <countersign/oauth/device_flow.hpp>

#include <countersign/adapt/openssl_key.hpp>

#include "fake/context.hpp"
#include "fake/jws_verifier.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;
using cs::want;

static_assert(cs::exchange<oauth::device_flow>);

namespace {

constexpr auto codes =
    R"({"device_code":"d1","user_code":"WDJB-MJHT","verification_uri":"https://id.example/device",)"
    R"("verification_uri_complete":"https://id.example/device?c=1","expires_in":60})"sv;
constexpr auto good = R"({"access_token":"t1","token_type":"Bearer","refresh_token":"r1"})"sv;
constexpr auto pending = R"({"error":"authorization_pending"})"sv, slow_down = R"({"error":"slow_down"})"sv;

oauth::server_metadata metadata() {
  oauth::server_metadata said;
  said.issuer = "https://id.example";
  said.token_endpoint = "https://id.example/token";
  said.device_authorization_endpoint = "https://id.example/device_authorization";
  return said;
}
oauth::token_service service() { return {.endpoint = "https://id.example/token", .client = {.id = "tv"}}; }
cs::response says(int status, std::string_view body) { return cs::response(status, cs::secret(body)); }

struct frame {
  fake::world world;
  cs::context outside = world.context();
  oauth::token_service who = service();

  oauth::device_flow begin(oauth::server_metadata const& server = metadata()) {
    return {who, server, {.scope = "read", .resource = "https://mcp.example/mcp"}, outside, world.now()};
  }
  // Up to the first pause.
  oauth::device_flow shown(std::string_view answer = codes) {
    auto flow = begin();
    BOOST_REQUIRE((flow.wants() == want::send));
    flow.supply(says(200, answer), world.now());
    BOOST_REQUIRE((flow.wants() == want::person));
    flow.arrive("shown", world.now());
    return flow;
  }
  // How many seconds are waited; then it is sent.
  std::int64_t wait(oauth::device_flow& flow) {
    BOOST_REQUIRE((flow.wants() == want::wait));
    auto const pause = flow.until().ms - world.now().boot.ms;
    world.advance(cs::milliseconds(pause));
    flow.resume(world.now());
    return pause / 1000;
  }
  static std::string end(oauth::device_flow&& flow) {
    if (flow.wants() != want::done) return "goes on";
    auto got = std::move(flow).outcome();
    return got ? std::string(got->access.value.reveal())
               : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  }
  // What comes of one answer to the first question.
  std::string polled(int status, std::string_view body) {
    auto flow = shown();
    wait(flow);
    flow.supply(says(status, body), world.now());
    return end(std::move(flow));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_device_flow)

BOOST_AUTO_TEST_CASE(a_code_is_shown_and_the_token_asked_for_until_somebody_entered_it) {
  frame f;
  auto flow = f.begin();
  BOOST_REQUIRE((flow.wants() == want::send));
  BOOST_TEST(flow.pending().url() == "https://id.example/device_authorization");
  BOOST_TEST(flow.pending().body.reveal() ==
             "scope=read&resource=https%3A%2F%2Fmcp.example%2Fmcp&client_id=tv");
  flow.supply(says(200, codes), f.world.now());
  BOOST_REQUIRE((flow.wants() == want::person));
  BOOST_TEST((flow.asks().what == cs::question::kind::code));
  BOOST_TEST(flow.asks().url.reveal() == "https://id.example/device");
  BOOST_TEST(flow.asks().user_code.reveal() == "WDJB-MJHT");
  BOOST_TEST(flow.asks().url_of_code.reveal() == "https://id.example/device?c=1");
  flow.arrive("shown", f.world.now());
  for (int n = 0; n < 3; ++n) {
    BOOST_TEST(f.wait(flow) == 5);
    BOOST_REQUIRE((flow.wants() == want::send));
    BOOST_TEST(flow.pending().url() == "https://id.example/token");
    BOOST_TEST(flow.pending().body.reveal() ==
               "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d1"
               "&resource=https%3A%2F%2Fmcp.example%2Fmcp&client_id=tv");
    // Some servers say it with a 200.
    flow.supply(says(n == 2 ? 200 : 400, pending), f.world.now());
  }
  f.wait(flow);
  flow.supply(says(200, good), f.world.now());
  BOOST_REQUIRE((flow.wants() == want::done));
  auto const got = std::move(flow).outcome();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->access.value.reveal() == "t1");
  BOOST_TEST(got->refresh_token.reveal() == "r1");
}

BOOST_AUTO_TEST_CASE(a_server_says_how_often_and_each_slow_down_adds_five_seconds) {
  frame f;
  auto text = std::string(codes);
  auto flow = f.shown(text.insert(text.size() - 1, R"(,"interval":2)"));
  BOOST_TEST(f.wait(flow) == 2);
  for (int const seconds : {7, 12}) {
    flow.supply(says(400, slow_down), f.world.now());
    BOOST_TEST(f.wait(flow) == seconds);
  }
  flow.supply(says(400, pending), f.world.now());
  BOOST_TEST(f.wait(flow) == 12);
}

BOOST_AUTO_TEST_CASE(a_network_that_is_gone_is_asked_less_and_less_and_ends_nothing) {
  frame f;
  auto text = std::string(codes);
  text.replace(text.find("60}"), 2, "900");
  auto flow = f.shown(text);
  f.wait(flow);
  std::vector<std::int64_t> pauses;
  for (int n = 0; n < 5; ++n) {
    switch (n % 3) {
    case 0:
      flow.fail(cs::lost::unanswered, f.world.now());
      break;
    case 1:
      flow.fail(cs::lost::not_sent, f.world.now());
      break;
    default:
      flow.supply(says(503, ""), f.world.now());
    }
    pauses.push_back(f.wait(flow));
  }
  BOOST_TEST((pauses == std::vector<std::int64_t>{10, 20, 40, 60, 60}));
  flow.supply(says(200, good), f.world.now());
  BOOST_TEST(frame::end(std::move(flow)) == "t1");
}

BOOST_AUTO_TEST_CASE(nobody_is_waited_for_longer_than_the_code_is_good) {
  frame f;
  auto flow = f.shown();
  std::int64_t waited = 0;
  int asked = 0;
  while (flow.wants() == want::wait) {
    waited += f.wait(flow);
    if (flow.wants() != want::send) break;
    ++asked;
    flow.supply(says(400, pending), f.world.now());
  }
  BOOST_TEST(waited == 60);
  BOOST_TEST(asked == 11);
  BOOST_TEST(frame::end(std::move(flow)) ==
             "needs_person: oauth: nobody entered the code before it expired; sign in again");
}

BOOST_AUTO_TEST_CASE(what_ends_it) {
  struct {
    int status;
    std::string_view body, end;
  } const rows[] = {
      {400, R"({"error":"access_denied"})",
       "rejected: https://id.example: oauth: whoever was shown the code did not let us in (access_denied)"},
      {200, R"({"error":"access_denied"})", "rejected: "},
      {400, R"({"error":"expired_token"})",
       "needs_person: https://id.example: oauth: nobody entered the code before it expired; sign in again"},
      {400, R"({"error":"invalid_grant"})",
       "rejected: https://id.example: oauth: the token endpoint answered 400, invalid_grant"},
      {401, R"({"error":"invalid_client"})", "unknown_client: "},
      {400, R"({"error":"unsupported_grant_type"})", "fatal: "},
      {404, "<html>", "fatal: "},
      {302, "", "fatal: "},
      {200, "<html>",
       "needs_person: https://id.example: oauth: the token endpoint's answer is no JSON; sign in again"},
      {400, pending, "goes on"},
      {400, slow_down, "goes on"},
      {500, R"({"error":"access_denied"})", "goes on"},
      {429, "", "goes on"},
  };
  for (auto const& row : rows) {
    auto const said = frame().polled(row.status, row.body);
    BOOST_TEST(said.starts_with(row.end), row.body << ": " << said);
  }
}

BOOST_AUTO_TEST_CASE(who_can_not_be_shown_a_code_is_not_waited_for) {
  frame f;
  auto flow = f.begin();
  flow.supply(says(200, codes), f.world.now());
  flow.arrive("", f.world.now());
  BOOST_TEST(frame::end(std::move(flow)) ==
             "needs_person: oauth: somebody must sign in, and there is nobody to show a code to");
}

BOOST_AUTO_TEST_CASE(a_server_without_the_endpoint_is_not_asked) {
  frame f;
  auto server = metadata();
  server.device_authorization_endpoint = "";
  BOOST_TEST(frame::end(f.begin(server))
                 .starts_with("fatal: oauth: the authorization server gives no codes for other devices"));
}

BOOST_AUTO_TEST_CASE(a_page_more_private_than_the_server_is_not_shown) {
  frame f;
  f.who.named_by = "https://mcp.example";
  for (auto const name : {"verification_uri\"", "verification_uri_complete\""}) {
    auto flow = f.begin();
    auto text = std::string(codes);
    auto const at = text.find("https://id.example", text.find(name));
    flow.supply(says(200, text.replace(at, 18, "http://127.0.0.1:1")), f.world.now());
    BOOST_TEST(frame::end(std::move(flow)).starts_with("insecure: oauth: verification page: "));
  }
}

BOOST_AUTO_TEST_CASE(the_codes_are_asked_for_again_where_that_may_help) {
  frame f;
  auto flow = f.begin();
  flow.supply(says(503, ""), f.world.now());
  BOOST_REQUIRE((flow.wants() == want::wait));
  f.world.advance(cs::seconds(10));
  flow.resume(f.world.now());
  flow.supply(says(200, codes), f.world.now());
  BOOST_TEST((flow.wants() == want::person));
}

BOOST_AUTO_TEST_CASE(the_client_proves_itself_each_time_and_the_token_is_bound) {
  frame f;
  auto const key = cs::openssl_key::generate().value();
  f.who.client = {.id = "tv", .secret = cs::secret("s")};
  f.who.dpop_key = key;
  auto flow = f.begin();
  BOOST_TEST(flow.pending().get("Authorization").value() == "Basic dHY6cw==");
  BOOST_TEST(!flow.pending().get("DPoP"));
  flow.supply(says(200, codes), f.world.now());
  flow.arrive("shown", f.world.now());
  f.wait(flow);
  BOOST_TEST(flow.pending().get("Authorization").value() == "Basic dHY6cw==");
  BOOST_TEST(fake::verifies(fake::jws(flow.pending().get("DPoP").value())));
  auto demand = says(400, R"({"error":"use_dpop_nonce"})");
  demand.headers.append("DPoP-Nonce", "n1");
  flow.supply(std::move(demand), f.world.now());
  BOOST_REQUIRE((flow.wants() == want::send));
  BOOST_TEST(fake::jws(flow.pending().get("DPoP").value()).payload().get<std::string>("nonce") == "n1");
  // It serves the next question too, or the newer one that came with the answer.
  flow.supply(says(400, pending), f.world.now());
  f.wait(flow);
  BOOST_TEST(fake::jws(flow.pending().get("DPoP").value()).payload().get<std::string>("nonce") == "n1");
  auto later = says(400, pending);
  later.headers.append("DPoP-Nonce", "n2");
  flow.supply(std::move(later), f.world.now());
  f.wait(flow);
  BOOST_TEST(fake::jws(flow.pending().get("DPoP").value()).payload().get<std::string>("nonce") == "n2");
}

BOOST_AUTO_TEST_CASE(no_trace_and_no_error_holds_a_code) {
  frame f;
  auto text = std::string(codes);
  text.replace(text.find("d1"), 2, "c4nary-device");
  for (auto const body : {R"({"error":"c4nary-device"})"sv, "c4nary-device"sv,
                          R"({"error":"access_denied","error_description":"c4nary-device"})"sv}) {
    auto flow = f.shown(text);
    f.wait(flow);
    flow.supply(says(503, body), f.world.now());
    f.wait(flow);
    flow.supply(says(400, body), f.world.now());
    auto const said = frame::end(std::move(flow)) + f.world.trace_text();
    BOOST_TEST(said.find("c4nary") == std::string::npos);
    BOOST_TEST(said.find("WDJB") == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
