#include <countersign/inspect/login_problems.hpp>

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/entry.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

constexpr cs::wall_time now{1'795'000'000'000};

cs::login good() {
  cs::login made;
  made.generation = 3;
  made.issuer = "https://id.example";
  made.client.id = "c";
  made.client.redirect_uri = "http://127.0.0.1:4000/callback";
  made.access_token = cs::secret("at");
  made.refresh_token = cs::secret("rt");
  made.expires = now + cs::seconds(60);
  return made;
}

std::string told(std::optional<mcp::problem> const& one) {
  if (!one) return "";
  return std::string(name(one->code)) + ": " + std::string(one->where.view()) + ": " +
         std::string(one->message.view()) + "; " + std::string(one->fix.view());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_login_problems)

BOOST_AUTO_TEST_CASE(a_login_that_serves_or_can_be_renewed_is_no_problem) {
  fake::entry const api(R"("url":"https://h/mcp","oauth":{})");
  BOOST_TEST(told(mcp::login_problem(api.server, good(), now)) == "");
  auto over = good();
  over.expires = now;
  BOOST_TEST(told(mcp::login_problem(api.server, over, now)) == "");
  over.refresh_token = {};
  over.expires = now + cs::milliseconds(1);
  BOOST_TEST(told(mcp::login_problem(api.server, over, now)) == "");
}

BOOST_AUTO_TEST_CASE(a_login_that_is_over_names_the_line_that_signs_in) {
  fake::entry const api(R"("url":"https://h/mcp","oauth":{})");
  auto over = good();
  over.expires = now;
  over.refresh_token = {};
  BOOST_TEST(told(mcp::login_problem(api.server, over, now)) ==
             "login_expired: oauth: the token has expired, and came without a refresh token; sign in anew: "
             "countersign login api");
  over.refresh_token = cs::secret("rt");
  over.pending = cs::refresh_mark("rt");
  BOOST_TEST(
      told(mcp::login_problem(api.server, over, now))
          .starts_with(
              "login_expired: oauth: the token has expired, and the answer to its renewal never came;"));
  over.access_token = {};
  BOOST_TEST(told(mcp::login_problem(api.server, over, now)) ==
             "sign_in_needed: oauth: nobody is signed in any more: the server refused the login; sign in: "
             "countersign login api");
}

BOOST_AUTO_TEST_CASE(what_a_store_can_not_do_is_told_with_its_words) {
  fake::entry const api(R"("url":"https://h/mcp","oauth":{})"), plain(R"("url":"https://h/mcp")");
  cs::error const none{cs::errc::not_mine, "store: none"};
  BOOST_TEST(told(mcp::login_problem(api.server, none, now)) ==
             "sign_in_needed: oauth: nobody is signed in; sign in: countersign login api");
  BOOST_TEST(told(mcp::login_problem(plain.server, none, now)) == "");
  struct {
    cs::errc code;
    std::string_view begins, fix;
  } const table[] = {
      {cs::errc::insecure, "store_insecure: state folder: said; ", "chmod 700"},
      {cs::errc::bad_input, "store_unusable: state folder: said; ", "countersign login api"},
      {cs::errc::transient, "store_unusable: state folder: said; ", "disk"},
      {cs::errc::locked, "store_unusable: state folder: said; ", "unlock the keychain"},
      {cs::errc::fatal, "store_unusable: state folder: said; ", "COUNTERSIGN_KEY"},
  };
  for (auto const& row : table) {
    auto const got = told(mcp::login_problem(plain.server, cs::error{row.code, "said"}, now));
    BOOST_TEST(got.starts_with(row.begins), got);
    BOOST_TEST(got.find(row.fix) != std::string::npos, got);
  }
}

BOOST_AUTO_TEST_CASE(another_port_or_host_than_was_registered_is_a_mismatch) {
  struct {
    std::string_view oauth, host, expected;
  } const table[] = {
      {R"({})", "", ""},
      {R"({"callbackPort":4000})", "127.0.0.1", ""},
      {R"({"callbackPort":4001})", "",
       "redirect_mismatch: oauth.callbackPort: the client was registered with the address "
       "http://127.0.0.1:4000/callback, and "
       "the entry names another; sign in anew: countersign login api"},
      {R"({"clientId":"c"})", "localhost",
       "redirect_mismatch: oauth.redirectHost: the client was registered with the address "
       "http://127.0.0.1:4000/callback, and "
       "the entry names another; register the new address at the authorization server, or write the old one"},
  };
  for (auto const& row : table) {
    fake::entry const api(R"("url":"https://h/mcp","oauth":)" + std::string(row.oauth));
    auto const got = mcp::redirect_problem(api.server, good(), row.host);
    BOOST_TEST(told(got) == row.expected);
    BOOST_TEST((!got || got->certain == row.oauth.starts_with(R"({"clientId")")));
  }
  fake::entry const api(R"("url":"https://h/mcp","oauth":{"callbackPort":1})");
  BOOST_TEST(!mcp::redirect_problem(api.server, cs::login(), ""));
}

BOOST_AUTO_TEST_CASE(a_discovery_that_fails_is_told_by_its_kind) {
  struct {
    std::string_view oauth;
    cs::errc code;
    std::string_view begins, fix;
  } const table[] = {
      {"", cs::errc::transient, "metadata_missing: url: said; ", "try again later"},
      {"", cs::errc::unanswered, "metadata_missing: url: said; ", "try again later"},
      {"", cs::errc::fatal, "metadata_missing: url: said; ", "oauth.authServerMetadataUrl"},
      {"", cs::errc::wrong_origin, "metadata_wrong: url: said; ", "another issuer or resource"},
      {R"(,"oauth":{"authServerMetadataUrl":"https://id.example/m"})", cs::errc::wrong_origin,
       "metadata_wrong: oauth.authServerMetadataUrl: said; ", "check the URL"},
      {"", cs::errc::insecure, "insecure_http: url: said; ", "https only"},
      {"", cs::errc::unknown_client, "client_unknown: oauth.clientId: said; ", "countersign login api"},
      {R"(,"oauth":{"clientId":"c"})", cs::errc::unknown_client, "client_unknown: oauth.clientId: said; ",
       "check oauth.clientId"},
  };
  for (auto const& row : table) {
    fake::entry const api(R"("url":"https://h/mcp")" + std::string(row.oauth));
    auto const got = told(mcp::discovery_problem(api.server, cs::error{row.code, "said"}));
    BOOST_TEST(got.starts_with(row.begins), got);
    BOOST_TEST(got.find(row.fix) != std::string::npos, got);
  }
  fake::entry const api(R"("url":"https://h/mcp")");
  BOOST_TEST(told(mcp::loop_problem(api.server, 401))
                 .starts_with("login_loop: oauth: HTTP 401: a token that was made a moment ago"));
}

BOOST_AUTO_TEST_CASE(a_clock_is_off_beyond_five_minutes) {
  auto const at = [](std::string_view date) {
    cs::response made(401);
    if (!date.empty()) made.headers.append("Date", date);
    constexpr auto noon = cs::wall_time{1'795'435'200'000};  // 2026-11-23 12:00:00
    return told(mcp::clock_problem(made, noon));
  };
  BOOST_TEST(at("") == "");
  BOOST_TEST(at("nonsense") == "");
  BOOST_TEST(at("Mon, 23 Nov 2026 12:05:00 GMT") == "");
  BOOST_TEST(at("Mon, 23 Nov 2026 11:55:00 GMT") == "");
  BOOST_TEST(at("Mon, 23 Nov 2026 12:05:01 GMT") ==
             "clock_off: clock: this machine's clock is about 5 min behind the server's; set the clock: "
             "timedatectl set-ntp true");
  BOOST_TEST(at("Mon, 23 Nov 2026 11:00:00 GMT") ==
             "clock_off: clock: this machine's clock is about 60 min ahead of the server's; set the clock: "
             "timedatectl set-ntp true");
}

BOOST_AUTO_TEST_SUITE_END()
