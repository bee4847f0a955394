#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

// The keys: `.mcp.json` as MCP clients read it (code.claude.com, "Connect Claude Code to tools via MCP"), and
// those that the program adds to them.

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

struct parsed {
  cs::result<mcp::config> config;
  std::vector<std::string> warned;
};

parsed parse(std::string_view text, std::string_view path = "f.json") {
  std::vector<std::string> warned;
  mcp::warnings const warn{[](void* to, cs::error const& about) {
                             static_cast<std::vector<std::string>*>(to)->emplace_back(about.message());
                           },
                           &warned};
  auto config = mcp::config::parse(cs::secret(text), path, warn);
  return {std::move(config), std::move(warned)};
}

std::string told(std::string_view text) {
  auto const got = parse(text);
  return got.config ? "no error" : std::string(got.config.error().message());
}

std::string with_headers(std::size_t count) {
  std::string text = R"({"a":{"type":"http","url":"https://h","headers":{)";
  for (std::size_t i = 0; i < count; ++i) text += (i ? "," : "") + ("\"X-" + std::to_string(i)) + "\":\"v\"";
  return text + "}}}";
}

std::string with_servers(std::size_t count) {
  std::string text = "{";
  for (std::size_t i = 0; i < count; ++i)
    text += (i ? ",\"s" : "\"s") + std::to_string(i) + R"(":{"command":"c"})";
  return text + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_config)

BOOST_AUTO_TEST_CASE(both_forms_name_the_same_servers) {
  std::string const servers = R"({"one":{"type":"http","url":"https://h/mcp"},"two":{"command":"c"}})";
  for (auto const& text :
       {servers, "{\"mcpServers\":" + servers + "}", "{\"$schema\":\"s\",\"mcpServers\":" + servers + "}",
        "{\"$schema\":\"s\"," + servers.substr(1)}) {
    auto const got = parse(text);
    BOOST_REQUIRE_MESSAGE(got.config, got.config.error().message());
    BOOST_TEST(got.config->size() == 2u);
    BOOST_TEST(got.config->find("one")->url() == "https://h/mcp");
    BOOST_TEST(got.config->find("two")->command() == "c");
    BOOST_TEST(got.warned.empty());
  }
}

BOOST_AUTO_TEST_CASE(no_server_at_all_is_a_config) {
  for (std::string_view text : {"{}", R"({"mcpServers":{}})"}) {
    auto const got = parse(text);
    BOOST_REQUIRE(got.config);
    BOOST_TEST(got.config->size() == 0u);
    BOOST_TEST(got.config->find("x").error().message() == "no server is named \"x\": the config names none");
  }
}

BOOST_AUTO_TEST_CASE(the_type_may_be_left_out_and_has_an_alias) {
  struct {
    std::string_view entry;
    mcp::server_type type;
    std::size_t warnings;
  } const table[] = {
      {R"({"type":"http","url":"https://h"})", mcp::server_type::http, 0},
      {R"({"type":"streamable-http","url":"https://h"})", mcp::server_type::http, 0},
      {R"({"url":"https://h"})", mcp::server_type::http, 1},
      {R"({"type":"sse","url":"https://h"})", mcp::server_type::sse, 0},
      {R"({"type":"ws","url":"wss://h"})", mcp::server_type::ws, 0},
      {R"({"type":"stdio","command":"c"})", mcp::server_type::stdio, 0},
      {R"({"command":"c"})", mcp::server_type::stdio, 0},
  };
  for (auto const& row : table) {
    auto const got = parse("{\"a\":" + std::string(row.entry) + "}");
    BOOST_REQUIRE_MESSAGE(got.config, row.entry);
    BOOST_TEST(name(got.config->find("a")->type()) == name(row.type), row.entry);
    BOOST_TEST(got.warned.size() == row.warnings, row.entry);
  }
}

BOOST_AUTO_TEST_CASE(every_key_of_the_contract_is_taken_without_a_warning) {
  auto const got = parse(R"({"mcpServers":{
    "full": {
      "type":"http", "url":"https://h/mcp", "headers":{"X-A":"${A}"}, "headersHelper":["get","${B}"],
      "timeout":30000, "envFile":".env", "allowHttp":false, "tls":{"cert":"c","key":"k","ca":"a"},
      "oauth":{"clientId":"i","callbackPort":8080,"authServerMetadataUrl":"https://as/m","scopes":"a b",
        "grantType":"client_credentials","clientSecret":"${S}","privateKeyFile":"p","assertionFile":"f",
        "dpop":true,"redirectHost":"127.0.0.1","profile":"work","certificate":true},
      "auth":[
        {"type":"jwt","algorithm":"HS256","key":"${K}","claims":{"sub":1},"ttl":60,
          "header":"X-J","prefix":""},
        {"type":"hmac","algorithm":"sha256","encoding":"hex","key":"${K}","keyId":"i","timestamp":"unix",
          "message":"{body}","headers":{"X-S":"{signature}"}},
        {"type":"digest","user":"u","password":"${P}"},
        {"type":"sigv4","region":"r","service":"s","accessKeyId":"${I}","secretAccessKey":"${S}","sessionToken":""},
        {"type":"http_signature","key":"${K}"},
        {"type":"http_signature","algorithm":"ecdsa-p256-sha256","keyFile":"k.pem","passphrase":"${P}","keyId":"${I}",
          "components":["@method","@query-param;name=\"a\""],"label":"l","tag":"t","ttl":60,"created":true,"nonce":true,
          "alg":false,"digest":"sha-512"}]},
    "line": {
      "type":"sse", "url":"https://h", "headersHelper":"get ${B}",
      "auth":{"type":"basic","user":"u","password":"${P}"}},
    "local": {
      "type":"stdio", "command":"c", "args":["-x","${Y:-z}"], "env":{"A":"${A}"},
      "envFile":".env", "timeout":1}
  }})");
  BOOST_REQUIRE_MESSAGE(got.config, got.config.error().message());
  for (auto const& one : got.warned) BOOST_ERROR(one);
  auto const full = *got.config->find("full");
  BOOST_TEST(full.timeout() == 30000);
  BOOST_TEST(full.env_file() == ".env");
  BOOST_TEST(!full.allow_http());
  BOOST_TEST(full.tls()["cert"].string() == "c");
  BOOST_TEST(full.oauth()["profile"].string() == "work");
  BOOST_TEST(full.headers_command().size() == 2u);
  std::size_t entries = 0;
  full.each_auth([&](cs::json_value) { ++entries; });
  BOOST_TEST(entries == 6u);
}

// What is wrong, where, and what was expected instead.
BOOST_AUTO_TEST_CASE(bad_configs_are_told_with_line_and_column) {
  struct {
    std::string_view text, error;
  } const table[] = {
      {"", "f.json:1:1: expected a value, found the end of the text"},
      {"{\n  \"a\": {,}\n}", "f.json:2:9: expected a name in double quotes"},
      {"{\"a\":{\"command\":\"c\"},}", "f.json:1:22: a trailing comma: expected a name"},
      {"{\"a\":{\"command\":\"c\",\n\"command\":\"d\"}}",
       "f.json:2:1: this name stands in the same object already, on line 1"},
      {"[]", "f.json:1:1: expected an object that holds \"mcpServers\", found an array"},
      {"{\"mcpServers\":[]}", "f.json:1:15: mcpServers: expected an object of servers, found an array"},
      {"{\n \"mcpServer\": {\"a\":{\"command\":\"c\"}}}",
       "f.json:2:2: expected \"mcpServers\" here, found a name that is nearly that"},
      {"{\"a\":1}",
       "f.json:1:6: server \"a\": expected an object with a \"url\" or a \"command\", found a number"},
      {"{\"\":{\"command\":\"c\"}}", "f.json:1:2: a server needs a name"},
      {"{\"a\\n\":{\"command\":\"c\"}}", "f.json:1:2: a server's name can't hold control characters"},
      {"{\"a\":{}}", "f.json:1:6: server \"a\": expected a \"url\" or a \"command\""},
      {"{\"a\":{\"url\":\"https://h\",\"command\":\"c\"}}",
       "f.json:1:6: server \"a\": \"url\" and \"command\" both stand here, and no \"type\" to tell which is "
       "meant"},
      {"{\"a\":{\"type\":\"http\"}}", "f.json:1:6: server \"a\": this type of server needs a \"url\""},
      {"{\"a\":{\"type\":\"stdio\"}}", "f.json:1:6: server \"a\": a stdio server needs a \"command\""},
      {"{\"a\":{\"type\":1,\"url\":\"https://h\"}}",
       "f.json:1:14: server \"a\": type: expected a string, found a number"},
      {"{\"a\":{\"type\":\"htpp\",\"url\":\"https://h\"}}",
       "f.json:1:14: server \"a\": type: there is no such value; did you mean \"http\"?"},
      {"{\"a\":{\"type\":\"telepathy\",\"url\":\"https://h\"}}",
       "f.json:1:14: server \"a\": type: expected one of http, sse, ws, stdio, streamable-http"},
      {"{\"a\":{\"type\":\"http\",\"url\":7}}",
       "f.json:1:27: server \"a\": url: expected a string that is not empty, found a number"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"\"}}",
       "f.json:1:27: server \"a\": url: expected a string that is not empty, found an empty one"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"ftp://h\"}}",
       "f.json:1:27: server \"a\": url: URL, byte 1: expected https, http, wss or ws"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"wss://h\"}}",
       "f.json:1:27: server \"a\": url: a server of this type is at http:// or https://"},
      {"{\"a\":{\"type\":\"ws\",\"url\":\"https://h\"}}",
       "f.json:1:25: server \"a\": url: a server of this type is at ws:// or wss://"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://u:p@h\"}}",
       "f.json:1:27: server \"a\": url: it holds a user or a password; use \"auth\": {\"type\": \"basic\", "
       "…}"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"headers\":[]}}",
       "f.json:2:11: server \"a\": headers: expected an object of strings, found an empty array"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"headers\":{\"X\":1}}}",
       "f.json:2:16: server \"a\": headers.X: expected a string, found a number"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"headers\":{\"X Y\":\"v\"}}}",
       "f.json:2:12: server \"a\": headers.X Y: no header name; expected letters, digits or !#$%&'*+-.^_`|~ "
       "(RFC 9110)"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"headers\":{\"X-Key\":\"v\",\"x-key\":\"w\"}}}",
       "f.json:2:24: server \"a\": headers.x-key: the same header stands on line 2; names differ by more "
       "than case"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"headers\":{\"content-length\":\"1\"}}}",
       "f.json:2:12: server \"a\": headers.content-length: this header is the transport's to write; leave it "
       "out"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"headersHelper\":[]}}",
       "f.json:2:17: server \"a\": headersHelper: expected a command line, or an array of arguments, found "
       "an empty array"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"headersHelper\":[\"x\",2]}}",
       "f.json:2:22: server \"a\": headersHelper[1]: expected a string, found a number"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"timeout\":0}}",
       "f.json:2:11: server \"a\": timeout: expected milliseconds from 1 to 86400000 (a day)"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"timeout\":\"5\"}}",
       "f.json:2:11: server \"a\": timeout: expected milliseconds from 1 to 86400000 (a day), found a "
       "string"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"allowHttp\":\"yes\"}}",
       "f.json:2:13: server \"a\": allowHttp: expected true or false, found a string"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"tls\":{\"cert\":1}}}",
       "f.json:2:15: server \"a\": tls.cert: expected a string that is not empty, found a number"},
      {"{\"a\":{\"command\":\"c\",\"args\":\"-x\"}}",
       "f.json:1:28: server \"a\": args: expected an array of strings, found a string"},
      {"{\"a\":{\"command\":\"c\",\"args\":[null]}}",
       "f.json:1:29: server \"a\": args[0]: expected a string, found null"},
      {"{\"a\":{\"command\":\"c\",\"env\":{\"A\":1}}}",
       "f.json:1:32: server \"a\": env.A: expected a string, found a number"},
      {"{\"a\":{\"command\":\"c\",\"env\":{\"A=B\":\"1\"}}}",
       "f.json:1:28: server \"a\": env.A=B: a variable's name can't be empty or hold '=' or a zero byte"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"oauth\":true}}",
       "f.json:2:9: server \"a\": oauth: expected an object, found a boolean"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"oauth\":{\"callbackPort\":65536}}}",
       "f.json:2:25: server \"a\": oauth.callbackPort: expected a port from 1 to 65535"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"oauth\":{\"certificate\":true}}}",
       "f.json:2:24: server \"a\": oauth.certificate: there is none to be shown; name its file as tls.cert"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"oauth\":{\"clientSecret\":\"sk-1\"}}}",
       "f.json:2:25: server \"a\": oauth.clientSecret: a client secret is never in this file; write "
       "\"${VARIABLE}\""},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"oauth\":{\"clientSecret\":\"${V:-sk-1}\"}}}",
       "f.json:2:25: server \"a\": oauth.clientSecret: a client secret is never in this file; write "
       "\"${VARIABLE}\""},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"oauth\":{\"grantType\":\"device\"}}}",
       "f.json:2:22: server \"a\": oauth.grantType: expected one of authorization_code, device_code, "
       "client_credentials, jwt_bearer"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"oauth\":{\"authServerMetadataUrl\":\"http://"
       "as.example\"}}}",
       "f.json:2:34: server \"a\": oauth.authServerMetadataUrl: expected https (or http on loopback)"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":\"basic\"}}",
       "f.json:2:8: server \"a\": auth: expected an object, or an array of objects, found a string"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://"
       "h\",\n\"auth\":[{\"type\":\"basic\",\"user\":\"u\",\"password\":\"p\"},3]}}",
       "f.json:2:52: server \"a\": auth: expected an object, found a number"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{}}}",
       "f.json:2:8: server \"a\": auth.type is missing"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"basik\"}}}",
       "f.json:2:16: server \"a\": auth.type: there is no such value; did you mean \"basic\"?"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"basic\",\"user\":\"u\"}}}",
       "f.json:2:8: server \"a\": auth.password is missing"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://"
       "h\",\n\"auth\":{\"type\":\"jwt\",\"algorithm\":\"HS256\",\"claims\":{}}}}",
       "f.json:2:8: server \"a\": auth: a jwt needs either \"key\" or \"keyFile\""},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://"
       "h\",\n\"auth\":{\"type\":\"hmac\",\"algorithm\":\"sha256\",\"key\":\"k\",\"message\":\"m\","
       "\"headers\":{},\"encoding\":\"b64\"}}}",
       "f.json:2:92: server \"a\": auth.encoding: expected one of hex, base64, base64url"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\"headers\":{\"authorization\":\"x "
       "y\"},\n\"auth\":{\"type\":\"basic\",\"user\":\"u\",\"password\":\"p\"}}}",
       "f.json:2:8: server \"a\": auth: basic writes Authorization, and so does headers.authorization on "
       "line 1; keep one"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://"
       "h\",\"headers\":{\"X-J\":\"x\"},\n\"auth\":{\"type\":\"jwt\","
       "\"algorithm\":\"HS256\",\"key\":\"k\",\"claims\":{},\"header\":\"x-j\"}}}",
       "f.json:2:8: server \"a\": auth: jwt writes x-j, and so does headers.X-J on line 1; keep one"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"jwt\",\"algorithm\":\"HS256\","
       "\"key\":\"k\",\"claims\":{},\"header\":\"a b\"}}}",
       "f.json:2:73: server \"a\": auth.header: no header name; expected letters, digits or !#$%&'*+-.^_`|~ "
       "(RFC 9110)"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://"
       "h\",\n\"auth\":{\"type\":\"hmac\",\"algorithm\":\"sha1\",\"key\":\"k\"}}}",
       "f.json:2:35: server \"a\": auth.algorithm: there is no such value; did you mean \"sha512\"?"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\"headers\":{\"Authorization\":\"x\"},\n\"auth\":{\"type\":\"digest\","
       "\"user\":\"u\",\"password\":\"p\"}}}",
       "f.json:2:8: server \"a\": auth: digest writes Authorization, and so does headers.Authorization on line 1; keep one"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"digest\",\"user\":\"u\"}}}",
       "f.json:2:8: server \"a\": auth.password is missing"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"sigv4\",\"service\":\"s\"}}}",
       "f.json:2:8: server \"a\": auth.region is missing"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://"
       "h\",\"headers\":{\"Authorization\":\"x\"},\n\"auth\":{\"type\":\"sigv4\","
       "\"region\":\"r\",\"service\":\"s\",\"accessKeyId\":\"i\",\"secretAccessKey\":\"k\"}}}",
       "f.json:2:8: server \"a\": auth: sigv4 writes Authorization, and so does headers.Authorization on "
       "line 1; keep one"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\"}}}",
       "f.json:2:8: server \"a\": auth: an http_signature needs either \"key\" or \"keyFile\""},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"keyFile\":\"f\"}}}",
       "f.json:2:8: server \"a\": auth: an http_signature needs either \"key\" or \"keyFile\""},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"algorithm\":\"ed25518\"}}}",
       "f.json:2:55: server \"a\": auth.algorithm: there is no such value; did you mean \"ed25519\"?"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"keyEncoding\":\"b\"}}}",
       "f.json:2:57: server \"a\": auth.keyEncoding: expected one of raw, base64, base64url, hex"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"digest\":\"md5\"}}}",
       "f.json:2:52: server \"a\": auth.digest: expected one of sha-256, sha-512"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"algorithm\":\"ed25519\",\"keyEncoding\":\"hex\"}}}",
       "f.json:2:79: server \"a\": auth.keyEncoding: it is for hmac-sha256; a private key is PEM or a JWK"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"passphrase\":\"${P}\"}}}",
       "f.json:2:56: server \"a\": auth.passphrase: it is for private keys, and hmac-sha256 has none"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"algorithm\":\"ed25519\",\"passphrase\":\"p\"}}}",
       "f.json:2:78: server \"a\": auth.passphrase: a passphrase is never in this file; write \"${VARIABLE}\""},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"components\":[]}}}",
       "f.json:2:56: server \"a\": auth.components: expected at least one, as \"@method\""},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"components\":[1]}}}",
       "f.json:2:57: server \"a\": auth.components[0]: expected a string, found a number"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"ttl\":0}}}",
       "f.json:2:49: server \"a\": auth.ttl: expected a whole number above 0"},
      {"{\"a\":{\"type\":\"http\",\"url\":\"https://h\",\n\"auth\":{\"type\":\"http_signature\",\"key\":\"k\",\"tag\":\"${T}\"}}}",
       "f.json:2:49: server \"a\": auth.tag: no variable is expanded here"},
  };
  for (auto const& row : table)
    BOOST_TEST(told(row.text) == row.error, row.text << " said " << told(row.text));
}

BOOST_AUTO_TEST_CASE(what_is_odd_is_a_warning_with_the_nearest_name) {
  struct {
    std::string_view text, warning;
  } const table[] = {
      {R"({"a":{"command":"c","arg":[]}})",
       "f.json:1:21: server \"a\": arg: unknown key, ignored; did you mean args?"},
      {R"({"a":{"type":"http","url":"https://h","header":{}}})",
       "f.json:1:39: server \"a\": header: unknown key, ignored; did you mean headers?"},
      {R"({"a":{"type":"http","url":"https://h","oauth":{"clientid":"x"}}})",
       "f.json:1:48: server \"a\": oauth.clientid: unknown key, ignored; did you mean clientId?"},
      {R"({"a":{"command":"c","zzzzzzzz":1}})", "f.json:1:21: server \"a\": zzzzzzzz: unknown key, ignored"},
      {R"({"a":{"command":"c","headers":{}}})",
       "f.json:1:31: server \"a\": headers: it means nothing to a stdio server"},
      {R"({"a":{"type":"http","url":"https://h","env":{}}})",
       "f.json:1:45: server \"a\": env: it means something to a stdio server only"},
      {R"({"mcpServers":{},"inputs":[]})",
       "f.json:1:18: unknown key inputs, ignored; servers stand under \"mcpServers\""},
      {R"({"a":{"type":"http","url":"https://h","headers":{"Authorization":"sk-abc123"}}})",
       "f.json:1:66: server \"a\": headers.Authorization: no scheme before the credential; most servers want "
       "\"Bearer …\""},
      {R"({"a":{"url":"https://h"}})", "f.json:1:13: server \"a\": url without \"type\": taken as http; some "
                                       "clients refuse it, so add \"type\": \"http\""},
  };
  for (auto const& row : table) {
    auto const got = parse(row.text);
    BOOST_REQUIRE_MESSAGE(got.config, row.text);
    BOOST_REQUIRE_MESSAGE(got.warned.size() == 1, row.text);
    BOOST_TEST(got.warned[0] == row.warning);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_server_is_told_with_the_nearest_or_with_all) {
  auto const got = parse(R"({"github":{"command":"c"},"search":{"command":"c"}})");
  BOOST_TEST(got.config->find("githb").error().message() ==
             "no server is named \"githb\"; did you mean \"github\"?");
  BOOST_TEST(got.config->find("zzzzzzzzzzzz").error().message() ==
             "no server is named \"zzzzzzzzzzzz\"; there is: github, search");
}

BOOST_AUTO_TEST_CASE(no_message_repeats_a_value_of_the_file) {
  constexpr std::string_view secret = "canary-7f3a";
  for (std::string_view text : {
           R"({"a":{"type":"canary-7f3a","url":"https://h"}})",
           R"({"a":{"type":"http","url":"canary-7f3a"}})",
           R"({"a":{"type":"http","url":"https://h","oauth":{"clientSecret":"canary-7f3a"}}})",
           R"({"a":{"type":"http","url":"https://h","auth":{"type":"canary-7f3a"}}})",
           R"({"a":{"type":"http","url":"https://canary-7f3a@h"}})",
           R"({"a":{"type":"http","url":"https://h","timeout":"canary-7f3a"}})",
           R"({"a":{"type":"http","url":"https://h","headers":{"Authorization":"canary-7f3a"}}})",
           R"({"a":{"type":"http","url":"https://h","headers":{"X":"canary-7f3a",}}})",
       }) {
    auto const got = parse(text);
    BOOST_TEST((!got.config || !got.warned.empty()), text);
    if (!got.config) BOOST_TEST(got.config.error().message().find(secret) == std::string_view::npos, text);
    for (auto const& one : got.warned) BOOST_TEST(one.find(secret) == std::string::npos, text);
  }
}

BOOST_AUTO_TEST_CASE(each_limit_holds_at_n_and_not_at_n_plus_one) {
  auto const code = [](std::string const& text) {
    auto const got = parse(text);
    return got.config ? cs::errc::none : got.config.error().code();
  };
  struct {
    std::string within, beyond;
  } const table[] = {
      {with_headers(mcp::max_headers), with_headers(mcp::max_headers + 1)},
      {with_servers(mcp::max_servers), with_servers(mcp::max_servers + 1)},
      {"{\"" + std::string(mcp::max_server_name, 'n') + R"(":{"command":"c"}})",
       "{\"" + std::string(mcp::max_server_name + 1, 'n') + R"(":{"command":"c"}})"},
      {"{}" + std::string(mcp::max_config_size - 2, ' '), "{}" + std::string(mcp::max_config_size - 1, ' ')},
      {R"({"a":{"type":"http","url":"https://h/)" + std::string(cs::max_url_size - 10, 'p') + "\"}}",
       R"({"a":{"type":"http","url":"https://h/)" + std::string(cs::max_url_size - 9, 'p') + "\"}}"},
      {R"({"a":{"type":"http","url":"https://h","headers":{")" + std::string(cs::max_field_name, 'h') +
           "\":\"\"}}}",
       R"({"a":{"type":"http","url":"https://h","headers":{")" + std::string(cs::max_field_name + 1, 'h') +
           "\":\"\"}}}"},
  };
  for (auto const& row : table) {
    BOOST_TEST(name(code(row.within)) == name(cs::errc::none));
    BOOST_TEST(name(code(row.beyond)) == name(cs::errc::too_large), row.beyond.substr(0, 60));
  }
  BOOST_TEST(told(std::string(mcp::max_config_size + 1, ' ')) == "f.json: longer than 1048576 bytes");
  BOOST_TEST(name(code(R"({"a":{"command":"c","timeout":86400000}})")) == name(cs::errc::none));
  BOOST_TEST(name(code(R"({"a":{"command":"c","timeout":86400001}})")) == name(cs::errc::bad_input));
}

BOOST_AUTO_TEST_CASE(a_long_path_leaves_room_for_what_is_wrong) {
  std::string const path = "/" + std::string(300, 'd') + "/.mcp.json";
  auto const got = parse("[]", path);
  std::string const said(got.config.error().message());
  BOOST_TEST(said.find("/.mcp.json:1:1: expected an object") != std::string::npos, said);
  BOOST_TEST(said.starts_with("\xe2\x80\xa6"));
}

BOOST_AUTO_TEST_SUITE_END()
