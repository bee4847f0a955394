#include <countersign/inspect/lint_text.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mcp = countersign::mcp;
using text_is = mcp::text_kind;

namespace {

std::string rules(std::string_view text, text_is what) {
  std::string all;
  mcp::lint_text(text, what,
                 [&](mcp::finding const& one) { all += (all.empty() ? "" : " ") + std::string(one.rule); });
  return all;
}

// Put together, so that no scanner takes this file for one that leaks.
std::string const github = "gh" + std::string("p_Zq8Lm2Xc7Vb4Nn1Kj6Hg3Fd9Sa5Po0We");
std::string const openai = "s" + std::string("k-proj-Zq8Lm2Xc7Vb4Nn1Kj6Hg");
std::string const amazon = "AK" + std::string("IAQ7XJ2M4PLZ6RW3TB");
std::string const slack = "xo" + std::string("xb-1234567890-Zq8Lm2Xc7Vb4");
std::string const jwt =
    "ey" + std::string("JhbGciOiJIUzI1NiJ9.ey") + "JzdWIiOiJzb21lYm9keSJ9.Q2xlYXJseU1hZGVVcDEyMzQ1Njc4";
std::string const private_key = "-----BEGIN RSA " + std::string("PRIVATE KEY-----\n") +
                                "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n";
constexpr std::string_view drawn = "aB3dE5fG7hJ9kL1mN3pQ";

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_lint_text)

BOOST_AUTO_TEST_CASE(what_is_wrong_is_found) {
  struct {
    std::string text;
    text_is what;
    std::string_view rules;
  } const table[] = {
      {github, text_is::documentation, "secret-in-documentation"},
      {"x " + openai + ".", text_is::documentation, "secret-in-documentation"},
      {amazon, text_is::source, "secret-in-file"},
      {"a=" + slack, text_is::source, "secret-in-file"},
      {"t('" + jwt + "')", text_is::source, "secret-in-file"},
      {private_key, text_is::source, "secret-in-file"},
      {"k = \"-----BEGIN PRIVATE " +
           std::string("KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\""),
       text_is::source, "secret-in-file"},
      {github + " " + slack, text_is::test, "secret-in-file secret-in-file"},
      {"curl -H \"Authorization: Bearer q1w2e3r4t5\" https://h", text_is::documentation,
       "secret-in-documentation"},
      {"curl -H 'X-API-Key: q1w2e3r4t5' https://h", text_is::script, "secret-in-file"},
      {"\"Authorization\": \"Bearer q1w2e3r4t5\"", text_is::documentation, "secret-in-documentation"},
      {"export API_TOKEN=q1w2e3r4t5", text_is::script, "secret-in-file"},
      {"export API_TOKEN=\"q1w2e3r4t5\"", text_is::documentation, "secret-in-documentation"},
      {"API_KEY=q1w2e3r4t5", text_is::settings, "secret-in-file"},
      {"tool --password q1w2e3r4t5 run", text_is::script, "secret-in-file"},
      {"tool --api-key=q1w2e3r4t5", text_is::documentation, "secret-in-documentation"},
      {"psql postgresql://u:q1w2e3r4@db/x", text_is::documentation, "secret-in-documentation"},
      {"curl 'https://h/?api_key=q1w2e3r4'", text_is::script, "secret-in-file"},
      {"const token = \"" + std::string(drawn) + "\";", text_is::source, "secret-in-file"},
      {"{\"apiKey\": \"" + std::string(drawn) + "\"}", text_is::source, "secret-in-file"},
      {"curl -H \"Authorization: Bearer $T\" http://api.example.com", text_is::documentation, "insecure-url"},
      {"curl -H \"Authorization: Bearer $T\" \\\n  http://api.example.com", text_is::script, "insecure-url"},
      {"  \"url\": \"http://api.example.com/mcp\",", text_is::documentation, "insecure-url"},
      {"echo $API_TOKEN", text_is::script, "logs-secret"},
      {"  echo \"token: ${API_TOKEN}\" # why", text_is::script, "logs-secret"},
      {"echo \"$API_TOKEN\" >&2", text_is::script, "logs-secret"},
      {"printf 'using %s\\n' \"$API_TOKEN\"", text_is::script, "logs-secret"},
      {"logger \"$API_TOKEN\"", text_is::script, "logs-secret"},
      {"set -x\ncurl -u \"u:$PASSWORD\" https://h", text_is::script, "logs-secret"},
      {"#!/bin/bash -ex\nuse \"$API_KEY\"", text_is::script, "logs-secret"},
      {"set -o xtrace\nuse $API_KEY", text_is::script, "logs-secret"},
      {"curl -v -H \"Authorization: Bearer $T\" https://h", text_is::script, "logs-secret"},
      {"console.log(process.env.API_TOKEN)", text_is::source, "logs-secret"},
      {"print(f\"{os.environ['API_TOKEN']}\")", text_is::source, "logs-secret"},
      {"log.info(req.headers.authorization)", text_is::source, "logs-secret"},
  };
  for (auto const& row : table)
    BOOST_TEST(rules(row.text, row.what) == row.rules, row.text << " gives " << rules(row.text, row.what));
}

BOOST_AUTO_TEST_CASE(what_is_right_is_left_alone) {
  struct {
    std::string text;
    text_is what;
  } const table[] = {
      {"export API_TOKEN=\"your-token-here\"\nexport API_SECRET=\"your-secret-here\"",
       text_is::documentation},
      {"export API_TOKEN=\"your-token\"", text_is::documentation},
      {"export DB_PASSWORD=\"mypassword\"\nexport DB_USER=\"myuser\"", text_is::documentation},
      {"export DATABASE_URL=\"postgresql://user:password@localhost/mydb\"", text_is::documentation},
      {"\"Authorization\": \"Bearer sk-abc123...\"  // NEVER!", text_is::documentation},
      {"\"Authorization\": \"Bearer sk-hardcoded-token\"", text_is::documentation},
      {"\"Authorization\": \"sk-abc123\"", text_is::documentation},
      {"curl -H \"Authorization: Bearer $API_TOKEN\" https://api.example.com/mcp/health",
       text_is::documentation},
      {"curl -H \"Authorization: Bearer ${API_TOKEN}\" https://h", text_is::script},
      {"GITHUB_TOKEN=gh"
       "p_example ./run",
       text_is::documentation},
      {"gh"
       "p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
       text_is::documentation},
      {"AK"
       "IAIOSFODNN7EXAMPLE",
       text_is::documentation},
      {"ey"
       "JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.ey"
       "JzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
       text_is::documentation},
      {"a file that begins with -----BEGIN PRIVATE "
       "KEY-----",
       text_is::documentation},
      {"-----BEGIN PRIVATE " "KEY-----\nMIIEvQIBADANBgkqhkiG9w0B...", text_is::documentation},
      {"-H 'Authorization: Bearer q1w2e3r4...'", text_is::documentation},
      {jwt + private_key, text_is::test},
      {"const token = \"q1w2e3r4\";", text_is::source},
      {"token = get_token(name)", text_is::source},
      {"std::string_view token = \"this_is_a_long_name_of_a_test_1\";", text_is::source},
      {"key: da39a3ee5e6b4b0d3255bfef95601890afd80709", text_is::settings},
      {"uses: actions/checkout@8f4b7f84864484a7bf31766abe9204da3cbe65b3", text_is::settings},
      {"API_TOKEN: ${{ secrets.API_TOKEN }}", text_is::settings},
      {"see http://www.apache.org/licenses and the token", text_is::documentation},
      {"curl -H \"Authorization: Bearer $T\" http://localhost:8080", text_is::documentation},
      {"\"url\": \"http://127.0.0.1:8080/mcp\"", text_is::documentation},
      {"echo $API_TOKEN", text_is::documentation},
      {"echo \"${API_TOKEN:+set}\"\necho ${#API_TOKEN}", text_is::script},
      {"echo -n \"$TIMESTAMP\" | openssl dgst -sha256 -hmac \"$SECRET_KEY\"", text_is::script},
      {"echo \"$API_TOKEN\" | tool --password-stdin", text_is::script},
      {"echo \"$API_TOKEN\" > file", text_is::script},
      {"X=$(echo \"$API_TOKEN\")", text_is::script},
      {"echo '$API_TOKEN is not set'", text_is::script},
      {"echo \"{\\\"Authorization\\\": \\\"Bearer $JWT\\\"}\"", text_is::script},
      {"printf '%s' \"$API_TOKEN\"", text_is::script},
      {"cat <<EOF\n{\n  \"Authorization\": \"Bearer $TOKEN\",\n  \"X-Timestamp\": \"$(date "
       "-Iseconds)\"\n}\nEOF",
       text_is::script},
      {"set -x\nls", text_is::script},
      {"set -eu\nuse \"$API_TOKEN\"", text_is::script},
      {"# echo $API_TOKEN", text_is::script},
      {"console.log(process.env.NODE_ENV)", text_is::source},
      {"print(token)", text_is::source},
      {"\"Sec-WebSocket-Key: Y291bnRlcnNpZ24tdGVzdA==\"", text_is::source},
      {std::string("\"apiKey\": \"") + std::string(drawn) + "\"", text_is::test},
  };
  for (auto const& row : table)
    BOOST_TEST(rules(row.text, row.what) == "", row.text << " gives " << rules(row.text, row.what));
}

BOOST_AUTO_TEST_CASE(a_finding_says_where_and_never_what) {
  auto const text = "one\n  see " + github + " and\n";
  std::vector<mcp::finding> all;
  mcp::lint_text(text, text_is::documentation, [&](mcp::finding const& one) { all.push_back(one); });
  BOOST_REQUIRE(all.size() == 1u);
  BOOST_TEST(all[0].line == 2u);
  BOOST_TEST(all[0].column == 7u);
  BOOST_TEST(all[0].message.message() == "a GitHub token of 36 bytes stands in the file");
  for (std::size_t i = 0; i + 8 <= github.size(); ++i)
    BOOST_TEST(all[0].message.message().find(github.substr(i, 8)) == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(one_credential_is_told_once) {
  BOOST_TEST(rules("export API_TOKEN=" + github, text_is::script) == "secret-in-file");
  BOOST_TEST(rules("curl -H 'Authorization: Bearer " + github + "'", text_is::documentation) ==
             "secret-in-documentation");
}

BOOST_AUTO_TEST_CASE(what_a_text_is_for_shows_by_its_name) {
  struct {
    std::string_view path, text;
    text_is what;
  } const table[] = {
      {"README", "", text_is::documentation},
      {"docs/a.md", "", text_is::documentation},
      {"a/b.sh", "", text_is::script},
      {"bin/tool", "#!/bin/sh\n", text_is::script},
      {"bin/tool", "#!/usr/bin/env bash", text_is::script},
      {"bin/tool", "#!/usr/bin/env python3\n", text_is::source},
      {".env.example", "", text_is::settings},
      {"a.yml", "", text_is::settings},
      {"Dockerfile", "", text_is::settings},
      {"a.cpp", "", text_is::source},
      {"tests/a.sh", "", text_is::test},
      {"a/test/b.md", "", text_is::test},
      {"tests.sh", "", text_is::script},
      {"contest/a.cpp", "", text_is::source},
  };
  for (auto const& row : table) BOOST_TEST((mcp::kind_of_text(row.path, row.text) == row.what), row.path);
}

BOOST_AUTO_TEST_CASE(no_text_is_too_odd) {
  std::string whole = "?token=&token=x&=://@:@ \"'`\\ --token --password\\\n$ ${ ${A_KEY ${A_KEY:+} $( ` "
                      "echo printf echo $T_KEY |"
                      " set - #! console. print( headers.authorization Authorization: Bearer ey"
                      "J.ey"
                      "J. -----BEGIN  http:// ws://[ http://${ \"url\": ";
  whole += std::string(1, '\0') + "\xff\xfe" + whole + "\n" + whole;
  for (std::size_t size = 0; size <= whole.size(); ++size)
    for (auto const what :
         {text_is::documentation, text_is::script, text_is::settings, text_is::source, text_is::test})
      for (auto const& text : {whole.substr(0, size), whole.substr(size)})
        mcp::lint_text(text, what, [&](mcp::finding const& one) { BOOST_TEST(one.column >= 1u); });
}

BOOST_AUTO_TEST_SUITE_END()
