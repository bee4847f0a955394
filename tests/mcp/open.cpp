#include <countersign/mcp/open.hpp>

#include <countersign/auth/any_authenticator.hpp>
#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

// What `authorize` writes into a request to `to`, or the error.
std::string authorized(std::string_view entry, std::string_view to) {
  auto const config = mcp::config::parse(cs::secret("{\"api\":" + std::string(entry) + "}"), "f.json");
  BOOST_REQUIRE_MESSAGE(config, entry);
  fake::world world;
  world.variables["T"] = "acme";
  world.variables["KEY"] = "k1";
  auto auth = mcp::open(*config->find("api"), world.context());
  if (!auth) return std::string(auth.error().message());
  cs::request request("POST", to);
  if (auto ok = auth->authorize(request); !ok) return std::string(ok.error().message());
  return std::string(request.get("X-Key").value_or("nothing"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_open)

BOOST_AUTO_TEST_CASE(the_credential_goes_to_the_servers_origin_alone) {
  std::string_view const entry =
      R"({"type":"http","url":"https://h.example/mcp","headers":{"X-Key":"${KEY}"}})";
  BOOST_TEST(authorized(entry, "https://h.example/mcp") == "k1");
  BOOST_TEST(authorized(entry, "https://H.example:443/other") == "k1");
  for (std::string_view const to :
       {"http://h.example/mcp", "https://h.example:8443/mcp", "https://h.example.evil/mcp",
        "https://evilh.example/mcp", "https://h.example@evil.example/mcp"})
    BOOST_TEST(authorized(entry, to) ==
               "server \"api\": url: the request goes to another origin than https://h.example, "
               "which alone this credential is for");
}

BOOST_AUTO_TEST_CASE(the_origin_is_that_of_the_expanded_url_and_messages_show_the_template) {
  std::string_view const entry =
      R"({"type":"http","url":"https://${T}.h.example/mcp","headers":{"X-Key":"${KEY}"}})";
  BOOST_TEST(authorized(entry, "https://acme.h.example/mcp") == "k1");
  auto const refused = authorized(entry, "https://other.h.example/mcp");
  BOOST_TEST(refused ==
             "server \"api\": url: the request goes to another origin than https://${T}.h.example/mcp, which "
             "alone this credential is for");
}

BOOST_AUTO_TEST_CASE(plain_http_is_refused_but_on_loopback_or_where_it_is_allowed) {
  auto const entry = [](std::string_view url, std::string_view more = "") {
    return R"({"type":"http","url":")" + std::string(url) + R"(","headers":{"X-Key":"${KEY}"})" +
           std::string(more) + "}";
  };
  for (std::string_view const url : {"http://127.0.0.1:8080/mcp", "http://localhost/mcp", "http://[::1]/mcp",
                                     "http://acme.localhost:9/mcp"})
    BOOST_TEST(authorized(entry(url), url) == "k1");
  BOOST_TEST(authorized(entry("http://h.example/mcp"), "http://h.example/mcp") ==
             "server \"api\": url: http://h.example would carry the credential in the clear; use https, or "
             "\"allowHttp\": true "
             "if another layer protects it");
  BOOST_TEST(authorized(entry("http://h.example/mcp", ",\"allowHttp\":true"), "http://h.example/mcp") ==
             "k1");
}

BOOST_AUTO_TEST_CASE(without_a_credential_plain_http_harms_none) {
  BOOST_TEST(authorized(R"({"type":"http","url":"http://h.example/mcp"})", "http://h.example/mcp") ==
             "nothing");
}

BOOST_AUTO_TEST_CASE(what_this_version_cannot_do_is_told_before_anything_is_authorized) {
  auto const config = mcp::config::parse(
      cs::secret(R"({"api":{"type":"http","url":"https://h","headersHelper":"get"}})"), "f.json");
  fake::world world;
  auto const auth = mcp::open(*config->find("api"), world.context());
  BOOST_REQUIRE(!auth);
  BOOST_TEST(auth.error().message() == "server \"api\": headersHelper: not supported by this version");
}

BOOST_AUTO_TEST_CASE(it_outlives_its_config_and_can_be_erased) {
  fake::world world;
  world.variables["KEY"] = "k1";
  auto config = mcp::config::parse(
      cs::secret(R"({"api":{"type":"http","url":"https://h","headers":{"X-Key":"${KEY}"}}})"), "f.json");
  BOOST_REQUIRE(config);
  cs::any_authenticator auth = std::move(*mcp::open(*config->find("api"), world.context()));
  config = mcp::config::parse(cs::secret("{}"), "f.json");
  world.variables["KEY"] = "k2";
  cs::request request("POST", "https://h/mcp");
  BOOST_REQUIRE(auth.authorize(request));
  BOOST_TEST(request.get("X-Key").value_or("") == "k1");
}

BOOST_AUTO_TEST_SUITE_END()
