#include <countersign/mcp/sign_in_entry.hpp>

#include "fake/context.hpp"
#include "fake/entry.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace mcp = countersign::mcp;
namespace oauth = countersign::oauth;
using namespace countersign;
using namespace std::string_view_literals;

namespace {

constexpr auto url = R"("url":"https://mcp.example/mcp")";
std::string with(std::string_view more) {
  std::string all(url);
  all += ',';
  return all += more;
}

result<any_signer> reads_key(std::string_view pem) {
  if (pem == "PEM") return any_signer();
  return error{errc::bad_input, "no key"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_sign_in_entry)

BOOST_AUTO_TEST_CASE(an_entry_without_oauth_leaves_the_usual_settings) {
  fake::world w;
  fake::entry const api{url};
  auto const got = mcp::sign_in_settings_of(api.server, w.context(), {.client_name = "ours", .scope = "x"});
  BOOST_REQUIRE(got);
  BOOST_TEST(got->client_name.view() == "ours"sv);
  BOOST_TEST(got->scope.view() == "x"sv);
}

BOOST_AUTO_TEST_CASE(every_key_is_read_with_its_variables) {
  fake::world w;
  w.variables = {{"ID", "agent"}, {"SECRET", "s3cret"}, {"HOST", "id.example"}};
  fake::entry const api(with(
      R"("oauth":{"clientId":"${ID}","clientSecret":"${SECRET}","callbackPort":8123,"authServerMetadataUrl":"https://${HOST}/m","scopes":"a b","grantType":"client_credentials","dpop":true,"profile":"work"})"));
  auto const got = mcp::sign_in_settings_of(api.server, w.context());
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(got->client.id.view() == "agent"sv);
  BOOST_TEST(got->client.secret.read(w.context())->reveal() == "s3cret"sv);
  BOOST_TEST(got->callback_port == 8123);
  BOOST_TEST(got->discovery.metadata_url.view() == "https://id.example/m"sv);
  BOOST_TEST(got->scope.view() == "a b"sv);
  BOOST_TEST(got->profile.view() == "work"sv);
  BOOST_TEST((got->grant == mcp::sign_in_grant::client_credentials));
  BOOST_TEST((got->binding == mcp::bound_to_key::always));
}

BOOST_AUTO_TEST_CASE(a_key_file_makes_the_client_prove_itself_by_key) {
  fake::world w;
  w.files["client.pem"] = "PEM\n";
  fake::entry const api(with(R"("oauth":{"clientId":"c","grantType":"client_credentials","privateKeyFile":"client.pem"})"));
  auto const got = mcp::sign_in_settings_of(api.server, w.context(), {}, reads_key);
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST((got->client.method == oauth::client_auth::private_key_jwt));
}

BOOST_AUTO_TEST_CASE(a_certificate_is_shown_to_the_authorization_server_where_that_is_said) {
  fake::world w;
  for (bool const said : {false, true}) {
    fake::entry const api(with(std::string(R"("tls":{"cert":"me.pem"},"oauth":{"certificate":)") +
                               (said ? "true}" : "false}")));
    auto const got = mcp::sign_in_settings_of(api.server, w.context());
    BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
    BOOST_TEST(got->client.certificate == said);
  }
}

BOOST_AUTO_TEST_CASE(a_person_with_another_device_needs_no_client) {
  fake::world w;
  fake::entry const api(with(R"("oauth":{"grantType":"device_code"})"));
  auto const got = mcp::sign_in_settings_of(api.server, w.context());
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST((got->grant == mcp::sign_in_grant::device_code));
  BOOST_TEST(mcp::is_by_person(got->grant));
}

BOOST_AUTO_TEST_CASE(an_assertion_file_is_read_anew_each_time) {
  fake::world w;
  w.files["token.jwt"] = "one\n";
  w.others_read.insert("token.jwt");  // as platforms mount it
  fake::entry const api(with(R"("oauth":{"clientId":"c","grantType":"jwt_bearer","assertionFile":"token.jwt"})"));
  auto const got = mcp::sign_in_settings_of(api.server, w.context());
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(got->assertion.read(w.context())->reveal() == "one"sv);
  w.files["token.jwt"] = "two\n";
  BOOST_TEST(got->assertion.read(w.context())->reveal() == "two"sv);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_with_server_and_field) {
  struct { std::string_view entry, told;
  } const table[] = {
      {R"("clientId":"${ID}")", R"(server "api": oauth.clientId: variable ID is not set)"},
      {R"("clientId":"c","clientSecret":"${S}")",
       R"(server "api": oauth.clientSecret: variable S is not set)"},
      {R"("grantType":"client_credentials")",
       R"(server "api": oauth.clientId: grantType client_credentials needs it)"},
      {R"("clientId":"c","grantType":"jwt_bearer")",
       R"(server "api": oauth.assertionFile: grantType jwt_bearer needs it)"},
      {R"("clientId":"c","privateKeyFile":"none.pem")", R"(server "api": oauth.privateKeyFile: )"},
      {R"("clientId":"c","privateKeyFile":"bad.pem")", R"(server "api": oauth.privateKeyFile: no key)"},
  };
  for (auto const& row : table) {
    fake::world w;
    w.files["bad.pem"] = "x";
    fake::entry const api(with(R"("oauth":{)" + std::string(row.entry) + "}"));
    auto const got = mcp::sign_in_settings_of(api.server, w.context(), {}, reads_key);
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().message().starts_with(row.told), got.error().message());
  }
}

BOOST_AUTO_TEST_CASE(a_program_that_reads_no_keys_says_so) {
  fake::world w;
  fake::entry const api(with(R"("oauth":{"clientId":"c","privateKeyFile":"client.pem"})"));
  auto const got = mcp::sign_in_settings_of(api.server, w.context());
  BOOST_TEST(got.error().message() == R"(server "api": oauth.privateKeyFile: this program has nothing that reads keys)");
}

BOOST_AUTO_TEST_CASE(a_configured_authorization_leads_to_no_sign_in) {
  struct { std::string entry; bool may; } const table[] = {
      {url, true},
      {with(R"("headers":{"X-Tenant":"t"})"), true},
      {with(R"("headers":{"authorization":"Bearer x"})"), false},
      {with(R"("headersHelper":"print-headers")"), false},
      {with(R"("auth":{"type":"basic","user":"u","password":"p"})"), false},
      {with(R"("auth":{"type":"jwt","algorithm":"HS256","key":"k","claims":{}})"), false},
      {with(R"("auth":{"type":"jwt","algorithm":"HS256","key":"k","claims":{},"header":"X-Jwt"})"), false},
      {with(R"("auth":{"type":"hmac","key":"k"})"), false},
      // a credential that leaves Authorization free is refused as one, unless a login is meant to stand beside it
      {with(R"("headers":{"X-API-Key":"k"})"), false},
      {with(R"("headers":{"x-access-token":"k","X-Tenant":"t"})"), false},
      {with(R"("headers":{"Cookie":"s=1"})"), false},
      {with(R"("headers":{"Idempotency-Key":"k","X-Key-Id":"1"})"), true},
      {with(R"("headers":{"X-API-Key":"k"},"oauth":{})"), true},
      {with(R"("auth":{"type":"hmac","key":"k"},"oauth":{})"), true},
      {with(R"("headers":{"Authorization":"Bearer x"},"oauth":{})"), false},
      {with(R"("auth":{"type":"digest","user":"u","password":"p"})"), false},
      {with(R"("auth":{"type":"sigv4","region":"r","service":"s","accessKeyId":"i","secretAccessKey":"k"})"), false},
      {R"("command":"server")", false},
  };
  for (auto const& row : table) {
    fake::entry const api(row.entry);
    BOOST_TEST(mcp::may_sign_in(api.server) == row.may, row.entry);
  }
}

BOOST_AUTO_TEST_SUITE_END()
