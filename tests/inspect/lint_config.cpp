#include <countersign/inspect/lint_config.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

// Credentials here are made up, and those with an issuer's prefix are put together from pieces.

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

struct seen {
  std::string rules;  // "insecure-url hardcoded-secret"
  std::vector<mcp::finding> findings;
};

seen lint(std::string_view text) {
  seen all;
  mcp::lint_config(text, [&](mcp::finding const& one) {
    all.rules += (all.rules.empty() ? "" : " ") + std::string(one.rule);
    all.findings.push_back(one);
  });
  return all;
}

std::string http(std::string_view members) {
  return R"({"mcpServers":{"api":{"type":"http","url":"https://h/mcp",)" + std::string(members) + "}}}";
}
std::string stdio(std::string_view members) {
  return R"({"mcpServers":{"db":{"command":"c",)" + std::string(members) + "}}}";
}
std::string header(std::string_view name, std::string_view value) {
  return http("\"headers\":{\"" + std::string(name) + "\":\"" + std::string(value) + "\"}");
}
std::string at(std::string_view url) {
  return R"({"mcpServers":{"api":{"type":"http","url":")" + std::string(url) + "\"}}}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_lint_config)

BOOST_AUTO_TEST_CASE(what_is_wrong_is_found) {
  auto const github = "gh" + std::string("p_Zq8Lm2Xc7Vb4Nn1Kj6Hg3Fd9Sa5Po0We");
  auto const jwt =
      "ey" + std::string("JhbGciOiJIUzI1NiJ9.ey") + "JzdWIiOiJzb21lYm9keSJ9.Q2xlYXJseU1hZGVVcDEyMzQ1Njc4";
  auto const key = "-----BEGIN " + std::string("PRIVATE KEY-----\\n") +
                   "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ";
  struct {
    std::string text;
    std::string_view rules;
  } const table[] = {
      {header("Authorization", "Bearer sk-hardcoded-token"), "hardcoded-secret"},
      {header("authorization", "bearer abc123..."), "hardcoded-secret"},
      {header("Authorization", "Token token=q1w2e3"), "hardcoded-secret"},
      {header("Authorization", "Basic dXNlcjpwYXNz"), "basic-by-hand hardcoded-secret"},
      {header("Authorization", "Basic ${CREDENTIALS}"), "basic-by-hand"},
      {header("Authorization", "sk-abc123"), "hardcoded-secret token-without-scheme"},
      {header("Authorization", "${API_TOKEN}"), "token-without-scheme"},
      {header("X-API-Key", "q1w2e3"), "hardcoded-secret"},
      {header("X-API-Secret", "mypassword"), "hardcoded-secret"},
      {header("X-Auth-Token", "t0k"), "hardcoded-secret"},
      {header("Cookie", "session=q1w2; theme=dark"), "hardcoded-secret"},
      {header("Ocp-Apim-Subscription-Key", "q1w2e3"), "hardcoded-secret"},
      {header("X-Custom", github), "hardcoded-secret"},
      {header("X-Custom", "v1 " + github), "hardcoded-secret"},
      {header("X-Custom", jwt), "hardcoded-secret"},
      {header("X-Custom", key), "hardcoded-secret"},
      {header("X-Custom", "aB3dE5fG7hJ9kL1mN3pQ"), "hardcoded-secret"},
      {header("Authorization", "Bearer ${TOKEN:-q1w2e3r4}"), "secret-in-default"},
      {header("X-Custom", "${ANY:-" + github + "}"), "secret-in-default"},
      {http(R"("auth":{"type":"basic","user":"u","password":"q1w2"})"), "hardcoded-secret"},
      {http(R"("auth":[{"type":"jwt","algorithm":"HS256","key":"q1w2","claims":{}}])"), "hardcoded-secret"},
      {http(R"("auth":{"type":"jwt","algorithm":"HS256","key":"${K}","claims":{},"ttl":86401})"),
       "long-lived-token"},
      {http(R"("oauth":{"clientId":"c","clientSecret":"q1w2"})"), "client-secret-in-file"},
      {http(R"("oauth":{"clientSecret":"${S:-q1w2}"})"), "secret-in-default"},
      {http(R"("headersHelper":"get --as )" + github + "\""), "hardcoded-secret"},
      {stdio(R"("env":{"DB_PASSWORD":"postgres"})"), "hardcoded-secret"},
      {stdio(R"("env":{"GITHUB_PAT":"q1w2"})"), "hardcoded-secret"},
      {stdio(R"("env":{"PGPASSWORD":"q1w2","accessToken":"q1w2"})"), "hardcoded-secret hardcoded-secret"},
      {stdio(R"("env":{"DATABASE_URL":"postgresql://u:q1w2@h/db"})"), "secret-in-url"},
      {stdio(R"("env":{"ANY":")" + github + "\"}"), "hardcoded-secret"},
      {stdio(R"("env":{"API_URL":"http://api.example.com"})"), "insecure-url"},
      {stdio(R"("args":["--api-key","q1w2"])"), "hardcoded-secret"},
      {stdio(R"("args":["--token=q1w2"])"), "hardcoded-secret"},
      {stdio(R"("args":["-e","MY_TOKEN=q1w2"])"), "hardcoded-secret"},
      {stdio(R"("args":["--header","Authorization: Bearer q1w2"])"), "hardcoded-secret"},
      {stdio(R"("args":["x",")" + github + "\"]"), "hardcoded-secret"},
      {stdio(R"("args":["--header=Authorization: Bearer q1w2"])"), "hardcoded-secret"},
      {stdio(R"("args":["--token","${T:-q1w2}"])"), "secret-in-default"},
      {stdio(R"("args":["--dsn=postgresql://u:q1w2@h/x"])"), "secret-in-url"},
      {stdio("\"args\":[\"" + github + ":x-oauth-basic\"]"), "hardcoded-secret"},
      {header("Authorization", "${API_TOKEN:-q1w2e3r4}"), "secret-in-default token-without-scheme"},
      {stdio(R"("args":["mcp-remote","http://h.example.com/sse"])"), "insecure-url"},
      {at("http://h.example.com/mcp"), "insecure-url"},
      {at("HTTP://h.example.com/mcp"), "insecure-url"},
      {at("http://127.0.0.1.example.com/"), "insecure-url"},
      {at("http://${HOST}/mcp"), "insecure-url"},
      {at("${BASE:-http://h.example.com}/mcp"), "insecure-url"},
      {R"({"a":{"type":"ws","url":"ws://h.example.com"}})", "insecure-url"},
      {at("https://h/mcp?token=q1w2"), "secret-in-url"},
      {at("https://h/mcp?x=1&api_key=q1w2#f"), "secret-in-url"},
      {at("https://h/mcp?api_key=${KEY}"), "secret-in-url"},
      {at("https://u:q1w2@h/mcp"), "secret-in-url"},
      {at("https://h/s/aB3dE5fG7hJ9kL1mN3pQ5rS7/mcp"), "secret-in-url"},
      {at("https://h/" + github + "/mcp"), "secret-in-url"},
      {http(R"("oauth":{"authServerMetadataUrl":"http://id.example.com"})"), "insecure-url"},
      {R"({"mcpServers":{},"apiKey":"q1w2e3"})", "hardcoded-secret"},
      {"{", "invalid-config"},
      {R"({"a":{"type":"htpp","url":"https://h"}})", "invalid-config"},
  };
  for (auto const& row : table) {
    BOOST_TEST(lint(row.text).rules == row.rules, row.text << " gives " << lint(row.text).rules);
    for (auto const& one : lint(row.text).findings) {
      BOOST_TEST(!one.message.message().empty());
      BOOST_TEST(!one.fix.message().empty());
      for (auto const said : {one.message.message(), one.fix.message()})
        for (std::string_view const secret :
             {"q1w2", "Zq8L", "hardcoded-t", "mypass", "aB3d", "MIIEv", "JzdWI"})
          BOOST_TEST(said.find(secret) == said.npos, said);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_right_is_left_alone) {
  std::string const table[] = {
      header("Authorization", "Bearer ${API_TOKEN}"),
      header("Authorization", "Bearer ${API_TOKEN:-}"),
      header("Authorization", "${AUTHORIZATION}"),
      header("Authorization", "${AUTH_HEADER}"),
      header("Authorization", "Bearer your-token-here"),
      header("Authorization", "Bearer <token>"),
      header("Authorization", "Bearer xxxxxxxx"),
      header("Authorization", "Bearer ***"),
      header("X-API-Key", "${API_KEY}"),
      header("X-API-Key", "REPLACE_ME"),
      header("X-API-Key", "$API_KEY"),
      header("X-Pattern", "g1g1g1g1g1g1g1g1g1g1"),
      stdio(R"("env":{"SSL_KEY":"/etc/ssl/private/server","STORE_URL":"aws://bucket.example.com"})"),
      at("https://h/v1/d41d8cd98f00b204e9800998ecf8427e/mcp"),
      header("X-Tenant-ID", "acme-42"),
      header("X-Key-ID", "q1w2e3r4"),
      header("Idempotency-Key", "q1w2e3r4"),
      header("X-Request-ID", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
      header("X-Commit", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
      header("X-Model", "claude-sonnet-4-20250514"),
      header("Accept", "application/json, text/event-stream"),
      header("MCP-Protocol-Version", "2025-11-25"),
      http(R"("auth":{"type":"basic","user":"u","password":"${P}"})"),
      http(
          R"("auth":{"type":"jwt","algorithm":"HS256","key":"${K}","claims":{"aud":"https://h"},"ttl":86400})"),
      http(R"("auth":{"type":"jwt","algorithm":"RS256","keyFile":"keys/private.pem","claims":{}})"),
      http(
          R"("auth":{"type":"hmac","algorithm":"sha256","key":"${K}","keyId":"k1","message":"{timestamp}{body}",
        "headers":{"X-Signature":"{signature}","X-API-Key":"{key_id}"}})"),
      http(R"("oauth":{"clientId":"0oa1b2c3","scopes":"read write","clientSecret":"${S}"})"),
      http(R"("headersHelper":"${CLAUDE_PLUGIN_ROOT}/scripts/get-headers.sh")"),
      http(R"("allowHttp":true,"timeout":1000)"),
      stdio(R"("env":{"DB_PASSWORD":"${DB_PASSWORD}","DB_USER":"postgres","DB_HOST":"localhost"})"),
      stdio(
          R"("env":{"MAX_TOKENS":"4096","TOKEN_LIMIT":"100000","KEY_FILE":"/etc/x/y.key","SSL_KEY":"./k.pem"})"),
      stdio(R"("env":{"TOKEN_URL":"https://id.example.com/token","AUTH":"none","USE_AUTH":"true"})"),
      stdio(R"("env":{"DATABASE_URL":"postgresql://localhost/mydb","CACHE_URL":"redis://localhost:6379"})"),
      stdio(R"("env":{"DATABASE_URL":"postgresql://u:${DB_PASSWORD}@db/x"})"),
      stdio(R"("env":{"PATH":"/usr/local/lib/python3.11/site-packages:/usr/bin","NODE_ENV":"production"})"),
      stdio(R"("args":["-m","mcp_server_db","--cert","${CLIENT_CERT}","--key","${CLIENT_KEY}"])"),
      stdio(R"("args":["-y","@modelcontextprotocol/server-github@2025.4.8","--token","${T}"])"),
      stdio(R"("args":["-","--","","--token"])"),
      stdio(R"("args":["mcp-remote","https://h.example.com/sse","--header","Authorization: Bearer ${T}"])"),
      at("http://localhost:8080/mcp"),
      at("http://127.0.0.1:${PORT}/mcp"),
      at("http://127.0.0.1:${PORT:-8080}/mcp"),
      at("http://[::1]:1/mcp"),
      at("http://${TENANT}.localhost:${PORT}/mcp"),
      at("http://${HOST:-localhost}:8080/mcp"),
      at("${BASE:-http://localhost}/mcp"),
      at("https://${TENANT_ID}.api.example.com/mcp"),
      at("https://h/mcp?page_token=1&q=a"),
      R"({"a":{"type":"http","url":"http://h.example.com","allowHttp":true}})",
      R"({"a":{"type":"ws","url":"wss://h.example.com"}})",
      "{}",
  };
  for (auto const& text : table) BOOST_TEST(lint(text).rules == "", text << " gives " << lint(text).rules);
}

BOOST_AUTO_TEST_CASE(a_finding_says_where_and_never_what) {
  std::string_view const text =
      "{\"mcpServers\": {\n  \"api\": {\"type\": \"http\", \"url\": \"https://h\",\n"
      "    \"headers\": {\"X-A\": \"\\u00e9\\n\", \"Authorization\": \"Bearer canary-7f3a9b\"}}}}";
  auto const got = lint(text);
  BOOST_REQUIRE(got.findings.size() == 1u);
  auto const& one = got.findings[0];
  BOOST_TEST(one.line == 3u);
  auto const line = text.substr(text.rfind('\n') + 1);
  BOOST_TEST(one.column == line.find("canary") + 1);
  BOOST_TEST(one.message.message() ==
             "server \"api\": headers.Authorization: a credential of 13 bytes stands in the file");
  BOOST_TEST((one.level == mcp::severity::error));
  for (auto const said : {one.message.message(), one.fix.message()})
    for (std::size_t i = 0; i + 4 <= 13; ++i)
      BOOST_TEST(said.find(std::string_view("canary-7f3a9b").substr(i, 4)) == said.npos);
}

BOOST_AUTO_TEST_CASE(what_no_client_takes_is_told_where_it_stands) {
  auto const got = lint("{\n \"a\": {\"type\": \"htpp\", \"url\": \"https://h\"}}");
  BOOST_REQUIRE(got.findings.size() == 1u);
  BOOST_TEST(got.findings[0].line == 2u);
  BOOST_TEST(got.findings[0].column == 16u);
  BOOST_TEST(got.findings[0].message.message().find("did you mean \"http\"?") != std::string_view::npos);
  auto const broken = lint("{\n \"a\": }");
  BOOST_REQUIRE(broken.findings.size() == 1u);
  BOOST_TEST(broken.findings[0].line == 2u);
  BOOST_TEST(broken.findings[0].column == 7u);
}

BOOST_AUTO_TEST_CASE(a_config_is_known_by_what_is_in_it) {
  BOOST_TEST(mcp::is_config(R"({"mcpServers":{}})"));
  BOOST_TEST(mcp::is_config(R"( {"name":"plugin","mcpServers":{"a":{"command":"c"}}})"));
  BOOST_TEST(mcp::is_config(R"({"$schema":"s","a":{"type":"http","url":"https://h"}})"));
  BOOST_TEST(!mcp::is_config(R"({"mcpServers":"./.mcp.json"})"));
  BOOST_TEST(!mcp::is_config(R"({"name":"p","scripts":{"command":"c"}})"));
  BOOST_TEST(!mcp::is_config("{}"));
  BOOST_TEST(!mcp::is_config("[]"));
  BOOST_TEST(!mcp::is_config("{"));
  BOOST_TEST(!mcp::is_config(""));
}

BOOST_AUTO_TEST_CASE(no_text_is_too_odd) {
  auto const whole =
      stdio(R"("args":["--","-","a=","=b",":","a:","://","x://@:@","--token","?token=&=","${","${A:-"],
    "env":{"A_KEY":"","B":"\u00e9\ud83d\ude00${X:-\u20ac}","":"x"},"url":"http://:@?","auth":[1,null,"x"],"oauth":[])");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    auto const text = whole.substr(0, size);
    std::size_t count = 0;
    mcp::lint_config(text, [&](mcp::finding const& one) {
      ++count;
      BOOST_TEST(one.line >= 1u);
    });
    BOOST_TEST(count >= 1u);  // not one of them is a config
  }
}

BOOST_AUTO_TEST_SUITE_END()
