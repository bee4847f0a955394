#include <countersign/inspect/curl_line.hpp>

#include <countersign/core/context.hpp>
#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/entry.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

std::string line(std::string_view entry) {
  fake::entry const api(entry);
  auto const made = mcp::curl_line(api.server);
  return made ? std::string(made->line.reveal()) : "none";
}
bool hides(std::string_view entry) {
  fake::entry const api(entry);
  return mcp::curl_line(api.server)->hides;
}

constexpr std::string_view message =
    R"(-H "Content-Type: application/json" -H "Accept: application/json, text/event-stream" )"
    R"(-d '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},)"
    R"("clientInfo":{"name":"curl","version":"1"}}}' )";

std::string whole(std::string_view fields, std::string_view url, std::string_view globs = "") {
  return "curl -sS -D - -o /dev/null " + std::string(globs) + "-X POST " + std::string(fields) +
         std::string(message) + std::string(url);
}

// The arguments that the real sh makes of a line, with a curl that only prints them.
std::vector<std::string> arguments(std::string const& line, std::vector<std::string> const& environment) {
  auto const script = "curl() { for a in \"$@\"; do printf '%s\\0' \"$a\"; done; }\n" + line;
  std::vector<std::string_view> const argv = {"sh", "-c", script};
  std::vector<std::string_view> variables(environment.begin(), environment.end());
  auto const got = cs::system_context.run({.argv = argv, .environment = variables});
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().c_str()));
  BOOST_TEST(got->status == 0);
  std::vector<std::string> all;
  for (auto rest = got->out.reveal(); !rest.empty(); rest.remove_prefix(rest.find('\0') + 1))
    all.emplace_back(rest.substr(0, rest.find('\0')));
  return all;
}

bool has(std::vector<std::string> const& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_curl_line)

BOOST_AUTO_TEST_CASE(a_line_names_variables_and_shows_no_secret) {
  struct {
    std::string_view entry;
    std::string expected;
    bool hides = false;
  } const table[] = {
      {R"("url":"https://h/mcp","headers":{"Authorization":"Bearer ${API_TOKEN}"})",
       whole(R"(-H "Authorization: Bearer $API_TOKEN" )", R"("https://h/mcp")")},
      {R"("url":"https://h/mcp","headers":{"X-API-Key":"${K}","X-API-Secret":"${S:-}"})",
       whole(R"(-H "X-API-Key: $K" -H "X-API-Secret: ${S:-}" )", R"("https://h/mcp")")},
      {R"("url":"https://${TENANT_ID}.h:8443/mcp?v=1","headers":{"X-Tenant-ID":"acme"})",
       whole(R"(-H "X-Tenant-ID: acme" )", R"("https://$TENANT_ID.h:8443/mcp?v=1")", "-g ")},
      {R"("url":"${BASE:-https://h}/mcp")", whole("", R"("${BASE:-https://h}/mcp")", "-g ")},
      {R"("url":"https://h:${PORT}/${A}${B}_x?k=${KEY}&n=1234567#f")",
       whole("", R"("https://h:$PORT/$A${B}_x?k=$KEY&n=1234567#f")", "-g ")},
      {R"("url":"https://[::1]/mcp")", whole("", R"("https://[::1]/mcp")", "-g ")},
      // what the config holds itself
      {R"("url":"https://h","headers":{"Authorization":"Bearer sk-canary-7f3a9b41"})",
       whole(R"(-H "Authorization: Bearer ***" )", R"("https://h")"), true},
      {R"("url":"https://h","headers":{"Authorization":"sk-canary-7f3a9b41"})",
       whole(R"(-H "Authorization: ***" )", R"("https://h")"), true},
      {R"("url":"https://h","headers":{"Authorization":"sk-canary-7f3a9b41 x"})",
       whole(R"(-H "Authorization: ***" )", R"("https://h")"), true},
      {R"("url":"https://h","headers":{"X-Whatever":"a${V:-sk-canary-7f3a9b41}b"})",
       whole(R"(-H "X-Whatever: ***${V:-***}***" )", R"("https://h")"), true},
      {R"("url":"https://h/mcp?token=sk-canary-7f3a9b41&v=12345678&x=${Q:-sk-canary-7f3a9b41}")",
       whole("", R"("https://h/mcp?token=***&v=***&x=${Q:-***}")", "-g "), true},
      // nothing that means something to a shell
      {R"j("url":"https://h","headers":{"X-Tenant-ID":"$(id)`id`\"\\!'x"})j",
       whole(R"(-H "X-Tenant-ID: "'$(id)`id`"\!'"'x" )", R"("https://h")")},
      // history, to an interactive shell
      {R"("url":"https://h","headers":{"X-Tenant-ID":"a!b"})",
       whole(R"(-H "X-Tenant-ID: a"'!b' )", R"("https://h")")},
      // made anew each time
      {R"("url":"https://h","headersHelper":"./get")",
       "countersign headers \"api\" --format curl | curl -sS -D - -o /dev/null -K - -X POST " +
           std::string(message) + R"("https://h")"},
      {R"("url":"https://h","auth":{"type":"basic","user":"u","password":"sk-canary-7f3a9b41"})",
       "countersign headers \"api\" --format curl | curl -sS -D - -o /dev/null -K - -X POST " +
           std::string(message) + R"("https://h")"},
      {R"("url":"https://h","auth":{"type":"digest","user":"${U}","password":"${P}"})",
       whole("--digest -u \"$U:$P\" ", R"("https://h")")},
      {R"("url":"https://h","headers":{"X-Key":"${K}"},"auth":[{"type":"digest","user":"u","password":"sk-canary-7f3a9b41"}])",
       whole(R"(-H "X-Key: $K" --digest -u "u:***" )", R"("https://h")"), true},
      {R"("url":"https://h","oauth":{})",
       "countersign headers \"api\" --format curl | curl -sS -D - -o /dev/null -K - -X POST " +
           std::string(message) + R"("https://h")"},
      {R"("url":"https://h","auth":{"type":"jwt","algorithm":"HS256","key":"${K}","claims":{}})",
       "countersign headers \"api\" --format curl | curl -sS -D - -o /dev/null -K - -X POST \"https://h\""},
      {R"("type":"sse","url":"https://h/sse","headers":{"X-Key":"${K}"})",
       R"(curl -sS -D - -o /dev/null -m 5 -H "X-Key: $K" -H "Accept: text/event-stream" "https://h/sse")"},
      {R"("type":"ws","url":"wss://h/ws","headers":{"X-Key":"${K}"})",
       R"(curl -sS -D - -o /dev/null -m 5 --http1.1 -H "Connection: Upgrade" -H "Upgrade: websocket" )"
       R"(-H "Sec-WebSocket-Version: 13" -H "Sec-WebSocket-Key: Y291bnRlcnNpZ24tdGVzdA==" -H "X-Key: $K" )"
       R"("https://h/ws")"},
      {R"("command":"c")", "none"},
  };
  for (auto const& row : table) {
    auto const made = line(row.entry);
    BOOST_TEST(made == row.expected);
    BOOST_TEST(made.find("sk-canary") == std::string::npos);
    if (made != "none") BOOST_TEST(hides(row.entry) == row.hides, row.entry);
  }
}

BOOST_AUTO_TEST_CASE(variables_of_an_env_file_are_told_apart) {
  fake::entry const named(R"("url":"https://${T}.h","envFile":".env")"),
      other(R"("url":"https://h","envFile":".env")");
  BOOST_TEST(mcp::curl_line(named.server)->needs_env_file);
  BOOST_TEST(!mcp::curl_line(other.server)->needs_env_file);
}

BOOST_AUTO_TEST_CASE(a_real_shell_gives_curl_exactly_what_would_be_sent) {
  for (std::string_view const value : {"plain", "two words", "$(id)", "`id`", "a\"b", "a'b", "a\\b", "*", "~",
                                       "!!", "a;b&c|d>e", "-x", "${X}", "é"}) {
    std::vector<std::string> const environment = {"PATH=/usr/bin:/bin", "V=" + std::string(value)};
    auto const got =
        arguments(line(R"("url":"https://h/${V}","headers":{"X-Key":"${V}","Authorization":"Bearer ${V}"})"),
                  environment);
    BOOST_TEST(has(got, "X-Key: " + std::string(value)));
    BOOST_TEST(has(got, "Authorization: Bearer " + std::string(value)));
    BOOST_TEST(got.back() == "https://h/" + std::string(value));
    BOOST_TEST(got.size() == 19u);
    // the same as literal text, and as a default
    std::string json;
    for (char const c : value) json += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    if (value == "${X}") continue;
    BOOST_TEST(
        has(arguments(line("\"url\":\"https://h\",\"headers\":{\"X-Team\":\"" + json + "\"}"), environment),
            "X-Team: " + std::string(value)));
    BOOST_TEST(has(arguments(line("\"url\":\"https://h\",\"headers\":{\"X-Team\":\"a${U:-" + json + "}b\"}"),
                             environment),
                   "X-Team: a" + std::string(value) + "b"));
  }
}

BOOST_AUTO_TEST_CASE(a_name_ends_where_it_ends_whatever_follows) {
  std::vector<std::string> const environment = {"PATH=/usr/bin:/bin", "V=v", "W=w"};
  for (std::string_view const behind :
       {"x", "_", "1", ":", "[0]", "/", ".", "-", "?", "&", "=", " ", "$", "@", "{", "${W}"}) {
    auto const expected = behind == "${W}" ? std::string("vw") : "v" + std::string(behind);
    auto const got =
        arguments(line("\"url\":\"https://h\",\"headers\":{\"X-Team\":\"${V}" + std::string(behind) + "z\"}"),
                  environment);
    BOOST_TEST(has(got, "X-Team: " + expected + "z"), behind);
  }
}

BOOST_AUTO_TEST_CASE(the_name_of_a_server_is_quoted) {
  auto const config =
      mcp::config::parse(cs::secret(R"j({"a b$(id)":{"url":"https://h","headersHelper":"x"}})j"), "f.json");
  auto const made = mcp::curl_line(*config->find("a b$(id)"));
  BOOST_TEST(std::string(made->line.reveal())
                 .starts_with("countersign headers \"a b\"'$(id)' --format curl | curl "));
}

BOOST_AUTO_TEST_CASE(a_config_that_is_elsewhere_is_named) {
  fake::entry const api(R"("url":"https://h","headersHelper":"x")");
  auto const made = mcp::curl_line(api.server, "my dir/it's.json");
  BOOST_TEST(
      std::string(made->line.reveal())
          .starts_with("countersign --config \"my dir/it's.json\" headers \"api\" --format curl | curl "));
}

BOOST_AUTO_TEST_SUITE_END()
