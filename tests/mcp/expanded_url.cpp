#include <countersign/mcp/expanded_url.hpp>

#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

// The URL that comes of `url` where T is the one variable that is set; or the error.
std::string expanded(std::string_view url, std::string_view value, std::string_view type = "http") {
  auto const text = "{\"api\":{\"type\":\"" + std::string(type) + "\",\"url\":\"" + std::string(url) + "\"}}";
  auto const config = mcp::config::parse(cs::secret(text), "f.json");
  BOOST_REQUIRE_MESSAGE(config, text);
  fake::world world;
  world.variables["T"] = value;
  auto const got = mcp::expanded_url(*config->find("api"), world.context());
  return std::string(got ? got->reveal() : got.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_expanded_url)

BOOST_AUTO_TEST_CASE(variables_are_expanded_in_every_part) {
  BOOST_TEST(expanded("https://${T}.api.example.com/mcp", "acme") == "https://acme.api.example.com/mcp");
  BOOST_TEST(expanded("${T}/mcp", "https://h:8443/base") == "https://h:8443/base/mcp");
  BOOST_TEST(expanded("https://h/${T}?tenant=${T}", "a/b") == "https://h/a/b?tenant=a/b");
  BOOST_TEST(expanded("http://${T}/mcp", "127.0.0.1:8080") == "http://127.0.0.1:8080/mcp");
  BOOST_TEST(expanded("https://${U:-h}/mcp", "") == "https://h/mcp");
  BOOST_TEST(expanded("wss://${T}/mcp", "h", "ws") == "wss://h/mcp");
}

// RFC 3986 §3.2: these end the authority, or make a user of what stands before them.
BOOST_AUTO_TEST_CASE(a_variable_in_the_host_cannot_name_another_server) {
  for (std::string_view const value :
       {"evil.example/", "evil.example?", "evil.example#", "evil.example@", "evil\\", "e v"})
    for (std::string_view const url :
         {"https://${T}.api.example.com/mcp", "https://api.${T}", "https://x${U:-}${T}/mcp"})
      BOOST_TEST(expanded(url, value) == "server \"api\": url: variable T stands in the host, and its value "
                                         "holds one of / ? # @ \\ or a blank: "
                                         "it could name another server",
                 url << " with " << value);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_url_is_told_without_its_value) {
  struct {
    std::string_view url, value, type, error;
  } const table[] = {
      {"https://${NONE}/mcp", "", "http",
       "server \"api\": url: variable NONE is not set; set it, or give a default: ${NONE:-…}"},
      {"https://${T}/mcp", "", "http",
       "server \"api\": url: variable T is set but empty; give it a value, or allow it: ${T:-}"},
      {"https://h/${T}", "a\r\nX: y", "http",
       "server \"api\": url: variable T holds a line end, which no header can carry; set it without"},
      {"${T}", "ftp://h", "http", "server \"api\": url: URL, byte 1: expected https, http, wss or ws"},
      {"${T}", "https://u:pw@h", "http",
       "server \"api\": url: it holds a user or a password; use \"auth\": {\"type\": \"basic\", …}"},
      {"${T}", "wss://h", "http", "server \"api\": url: a server of this type is at http:// or https://"},
      {"${T}", "https://h", "ws", "server \"api\": url: a server of this type is at ws:// or wss://"},
      {"https://h/${T}", "a b", "http", "server \"api\": url: URL, byte 12: a space: write %20"},
  };
  for (auto const& row : table) BOOST_TEST(expanded(row.url, row.value, row.type) == row.error);
}

BOOST_AUTO_TEST_CASE(a_stdio_server_has_none) {
  auto const config = mcp::config::parse(cs::secret(R"({"db":{"command":"c"}})"), "f.json");
  fake::world world;
  auto const got = mcp::expanded_url(*config->find("db"), world.context());
  BOOST_REQUIRE(!got);
  BOOST_TEST(got.error().message() ==
             "server \"db\": url: a stdio server has none; its credentials are environment variables");
}

BOOST_AUTO_TEST_SUITE_END()
