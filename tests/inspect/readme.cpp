#include <countersign/inspect/readme.hpp>

#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

std::string readme(std::string_view text, bool among_others = false) {
  auto const config = mcp::config::parse(cs::secret(text), "f");
  BOOST_REQUIRE_MESSAGE(config, config.error().message());
  cs::secret out;
  config->each(
      [&](mcp::server const& server) { BOOST_TEST(bool(mcp::write_readme(server, among_others, out))); });
  return std::string(out.reveal());
}

std::string without_comments(std::string text) {
  for (auto at = text.find("<!--"); at != text.npos; at = text.find("<!--", at))
    text.erase(at, text.find('\n', at) + 1 - at);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_readme)

BOOST_AUTO_TEST_CASE(a_server_with_tokens_gets_the_section_about_tokens) {
  auto const got = readme(R"({"api":{"type":"http","url":"https://api.example.com/mcp",
    "headers":{"Authorization":"Bearer ${API_TOKEN}","X-API-Secret":"${API_SECRET}"}}})");
  BOOST_TEST(without_comments(got) == R"(## Setup

### Required Environment Variables

Set these environment variables before using the plugin:

```bash
export API_TOKEN="your-token-here"
export API_SECRET="your-secret-here"
```

Or create a `.env` file (add to `.gitignore`):

```
API_TOKEN=your-token-here
API_SECRET=your-secret-here
```

Keep it out of git and load it with:

```bash
chmod 600 .env
echo .env >> .gitignore
# `source .env` alone exports nothing, and `export $(cat .env | xargs)` breaks at blanks, quotes and #.
set -a; . ./.env; set +a
```

### Obtaining Tokens

1. Visit https://api.example.com/tokens
2. Create a new API token
3. Copy the token and secret
4. Set environment variables as shown above

### Token Permissions

The API token needs the following permissions:
- Read access to resources
- Write access for creating items
- Delete access (optional, for cleanup operations)

)");
}

BOOST_AUTO_TEST_CASE(a_stdio_server_gets_the_section_about_its_configuration) {
  auto const got = readme(R"({"database":{"command":"python","args":["-m","mcp_server_db"],
    "env":{"DATABASE_URL":"${DATABASE_URL}","DB_USER":"${DB_USER}","DB_PASSWORD":"${DB_PASSWORD}"}}})");
  BOOST_TEST(got == R"(## Database Configuration

Set these environment variables:

```bash
export DATABASE_URL="postgresql://host:port/database"
export DB_USER="username"
export DB_PASSWORD="password"
```

Or create a `.env` file (add to `.gitignore`):

```
DATABASE_URL=postgresql://localhost:5432/mydb
DB_USER=myuser
DB_PASSWORD=mypassword
```

Keep it out of git and load it with:

```bash
chmod 600 .env
echo .env >> .gitignore
# `source .env` alone exports nothing, and `export $(cat .env | xargs)` breaks at blanks, quotes and #.
set -a; . ./.env; set +a
```

)");
}

BOOST_AUTO_TEST_CASE(what_has_a_default_is_optional) {
  auto const got = readme(R"({"a":{"type":"http","url":"https://${HOST:-h.example.com}/${TENANT_ID}",
    "headers":{"X-Key":"${A_KEY:-q1w2e3}","X-Both":"${BOTH:-x} ${BOTH}","X-Odd":"${ODD:-a`b}"}}})");
  BOOST_TEST(got.find("export TENANT_ID=\"your-tenant-id\"\nexport BOTH=\"your-both\"\n# Optional, shown "
                      "with the default:\n"
                      "# export HOST=\"h.example.com\"\n# export A_KEY=\"your-key-here\"\n# export "
                      "ODD=\"your-odd\"\n```") != got.npos,
             got);
  BOOST_TEST(got.find("q1w2e3") == got.npos);
  BOOST_TEST(got.find("```\nTENANT_ID=your-tenant-id\nBOTH=your-both\n```") != got.npos, got);
  BOOST_TEST(got.find("1. Visit the site of the service\n2. Create a new API key\n3. Copy the key\n") !=
                 got.npos,
             got);
}

BOOST_AUTO_TEST_CASE(oauth_is_told_with_its_scopes) {
  BOOST_TEST(
      readme(
          R"({"asana":{"type":"sse","url":"https://h/sse","oauth":{"scopes":"tasks:read  tasks:write"}}})") ==
      "## Authentication\n\nThis plugin requires the following permissions (OAuth scopes), asked for when "
      "you sign in:\n"
      "- `tasks:read`\n- `tasks:write`\n\n");
  BOOST_TEST(readme(R"({"asana":{"type":"sse","url":"https://h/sse"}})") ==
             "## Authentication\n\nYour client opens a browser to sign in when the server asks for it; no "
             "variable holds the token.\n\n");
  auto const both = readme(
      R"({"a":{"type":"http","url":"https://h","oauth":{"clientId":"${ID}","clientSecret":"${A_SECRET}","scopes":"r"}}})",
      true);
  BOOST_TEST(both.find("## Setup: a\n") == 0u);
  BOOST_TEST(both.find("\n## Authentication: a\n\nThis plugin requires") != both.npos);
}

BOOST_AUTO_TEST_CASE(nothing_to_set_is_told) {
  BOOST_TEST(readme(R"({"my-tool":{"command":"c","args":["${CLAUDE_PLUGIN_ROOT}/x"]}})") ==
             "## My Tool Configuration\n\nNo environment variable is needed.\n\n");
}

BOOST_AUTO_TEST_CASE(values_are_shown_by_the_names_of_their_variables) {
  auto const got = readme(
      R"({"a":{"command":"c","env":{"A":"${MYSQL_URL}${REDIS_URI}${API_URL}${PGPASSWORD}${DB_USERNAME}${GITHUB_TOKEN}"}}})");
  for (std::string_view const line :
       {"MYSQL_URL=\"mysql://host:port/database\"", "REDIS_URI=\"redis://host:port/database\"",
        "API_URL=\"https://host/path\"", "PGPASSWORD=\"password\"", "DB_USERNAME=\"username\"",
        "GITHUB_TOKEN=\"your-token-here\""})
    BOOST_TEST(got.find("export " + std::string(line) + "\n") != got.npos, line);
}

BOOST_AUTO_TEST_CASE(only_a_server_that_is_given_nothing_is_signed_in_to) {
  struct {
    std::string_view entry, says;
  } const table[] = {
      {R"({"type":"http","url":"https://h"})", "opens a browser"},
      {R"({"type":"http","url":"https://h","oauth":{},"headers":{"X-A":"1"}})", "opens a browser"},
      {R"({"type":"http","url":"https://h","headersHelper":"./get.sh"})", "`headersHelper`"},
      {R"({"type":"http","url":"https://h","headers":{"X-A":"1"}})", "holds what is sent"},
      {R"({"type":"http","url":"https://h","auth":{"type":"basic","user":"u","password":"p"}})", "holds what is sent"},
      {R"({"type":"http","url":"https://${TENANT}.h/mcp"})", "opens a browser"},
      {R"({"type":"http","url":"https://h","headers":{"X-Tenant":"${TENANT}"}})", ""},
  };
  for (auto const& [entry, says] : table) {
    auto const config = cs::mcp::config::parse(cs::secret("{\"api\":" + std::string(entry) + "}"), "f.json");
    BOOST_REQUIRE_MESSAGE(config, entry);
    cs::secret out;
    BOOST_REQUIRE(cs::mcp::write_readme(*config->find("api"), false, out).has_value());
    BOOST_TEST(out.reveal().find(says) != std::string_view::npos, entry);
    BOOST_TEST((out.reveal().find("## Authentication") != std::string_view::npos) == !says.empty(), entry);
    BOOST_TEST((out.reveal().find("opens a browser") != std::string_view::npos) == (says == "opens a browser"), entry);
  }
}

BOOST_AUTO_TEST_SUITE_END()
