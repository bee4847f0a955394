#include <countersign/mcp/open.hpp>

#include <countersign/auth/any_authenticator.hpp>
#include <countersign/drive/send.hpp>
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
      cs::secret(R"({"api":{"type":"http","url":"https://h","oauth":{}}})"), "f.json");
  fake::world world;
  auto const auth = mcp::open(*config->find("api"), world.context());
  BOOST_REQUIRE(!auth);
  BOOST_TEST(auth.error().message() == "server \"api\": oauth: somebody has to sign in for it; open the server with a store");
}

BOOST_AUTO_TEST_CASE(a_mistake_in_a_template_is_told_when_it_is_opened) {
  auto const config = mcp::config::parse(
      cs::secret(R"({"api":{"type":"http","url":"https://h","auth":{"type":"hmac","key":"k","message":"{timestmap}"}}})"), "f.json");
  fake::world world;
  auto const auth = mcp::open(*config->find("api"), world.context());
  BOOST_REQUIRE(!auth);
  BOOST_TEST(auth.error().message().starts_with("server \"api\": auth: hmac_signature: message"), auth.error().message());
}

// As the program of a config does it: a program's headers are refused once, printed anew, and the request is sent again.
BOOST_AUTO_TEST_CASE(a_program_runs_again_once_after_401_and_after_403) {
  for (int const refusal : {401, 403}) {
    for (int const refusals : {0, 1, 2}) {
      fake::world world;
      world.programs = [n = 0](cs::command const&) mutable -> cs::result<cs::command_output> {
        return cs::command_output{0, cs::secret(R"({"X-Key":"k)" + std::to_string(++n) + "\"}")};
      };
      auto const config = mcp::config::parse(
          cs::secret(R"({"api":{"type":"http","url":"https://h/mcp","headersHelper":["get"]}})"), "f.json");
      auto auth = mcp::open(*config->find("api"), world.context());
      BOOST_REQUIRE(auth);
      std::string sent;
      auto const http = [&](cs::request const& what) -> cs::result<cs::response> {
        sent += std::string(what.get("X-Key").value_or("-")) + " ";
        auto const count = static_cast<int>(sent.size() / 3);
        return cs::response(count <= refusals ? refusal : 200);
      };
      auto const got = cs::send(*auth, cs::request("POST", "https://h/mcp"), http);
      BOOST_TEST(sent == (refusals == 0 ? "k1 " : "k1 k2 "));
      if (refusals < 2) BOOST_TEST((got && got->status() == 200));
      else if (refusal == 403) BOOST_TEST((got && got->status() == 403));
      else BOOST_TEST((!got && got.error().code() == cs::errc::rejected));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_stands_in_the_config_is_not_sent_twice_to_who_refused_it) {
  fake::world world;
  auto const config = mcp::config::parse(
      cs::secret(R"({"api":{"type":"http","url":"https://h/mcp","headers":{"X-Key":"k"}}})"), "f.json");
  auto auth = mcp::open(*config->find("api"), world.context());
  BOOST_REQUIRE(auth);
  int sent = 0;
  auto const http = [&](cs::request const&) -> cs::result<cs::response> { return ++sent, cs::response(401); };
  auto const got = cs::send(*auth, cs::request("POST", "https://h/mcp"), http);
  BOOST_TEST((!got && got.error().code() == cs::errc::rejected));
  BOOST_TEST(sent == 1);
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
