// RFC 6749 §3.1, §3.2. What a URL may look like at all is tested with the token request.
#include <countersign/oauth/endpoint.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {
std::string named(std::string_view url, std::string_view by) {
  auto const ok = oauth::check_named("issuer", url, by);
  return ok ? "" : std::string(cs::name(ok.error().code())) + ": " + std::string(ok.error().message());
}
}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_endpoint)

BOOST_AUTO_TEST_CASE(a_server_names_nothing_more_private_than_itself) {
  constexpr auto there = "https://mcp.example/mcp"sv;
  for (auto const url : {"https://as.example", "https://8.8.8.8/", "https://[2606:4700::1111]/"})
    BOOST_TEST(named(url, there) == "");
  BOOST_TEST(named("https://169.254.169.254/latest", there) ==
             "insecure: oauth: issuer: https://169.254.169.254 is within a network, and https://mcp.example, "
             "which named it, is not; nothing is sent there");
  for (auto const url :
       {"https://127.0.0.1/", "http://127.0.0.1/", "http://localhost:9/", "https://10.0.0.1/",
        "https://2852039166/", "https://0xa9fea9fe/", "https://0251.0376.0251.0376/",
        "https://169.254.43518/", "https://[::ffff:a9fe:a9fe]/", "https://[::1]/",
        "https://[64:ff9b::a00:1]/", "https://0/", "https://intranet/", "https://metadata.google.internal/",
        "https://192.168.1.1:8443/x", "https://1.2.3.4.5/", "https://\xef\xbc\x91.1.1.1/"})
    BOOST_TEST(named(url, there).starts_with("insecure: "), url);
  // who is within may name what is within
  for (auto const url : {"http://localhost:9/", "https://10.0.0.1/", "https://as.example"})
    BOOST_TEST(named(url, "http://127.0.0.1:8080/mcp") == "");
  BOOST_TEST(named("https://10.1.1.1/", "https://10.0.0.1/") == "");
  BOOST_TEST(named("https://127.0.0.1/", "https://10.0.0.1/").starts_with("insecure: "));
  // nobody to compare with: the user said it
  BOOST_TEST(named("https://10.1.1.1/", "") == "");
  BOOST_TEST(
      named("http://as.example/", "") ==
      "insecure: oauth: issuer: http://as.example is plain http; secrets go there, so it must be https");
  BOOST_TEST(named("https://as.example", "nonsense")
                 .starts_with("bad_input: oauth: issuer: the server that named it: "));
}

BOOST_AUTO_TEST_CASE(a_document_is_asked_for_plainly) {
  auto const request = oauth::document_request("metadata", "https://as.example/.well-known/x");
  BOOST_REQUIRE(request);
  BOOST_TEST(request->method() == "GET");
  BOOST_TEST(request->url() == "https://as.example/.well-known/x");
  BOOST_TEST(request->get("Accept").value() == "application/json");
  BOOST_TEST(request->get("Accept-Encoding").value() == "identity");
  BOOST_TEST(!request->get("Authorization").has_value());
  BOOST_TEST(request->body.empty());
  BOOST_TEST(!oauth::document_request("metadata", "http://as.example/").has_value());
}

BOOST_AUTO_TEST_CASE(who_named_a_url_is_told_where_it_was_not_the_user) {
  struct row {
    std::string_view url, named_by, told;
  };
  for (auto const& [url, named_by, told] :
       {row{"https://id.example/token", "https://mcp.example/mcp?key=1", "https://mcp.example"},
        row{"https://mcp.example/token", "https://MCP.example:443/mcp", ""},
        row{"https://mcp.example:8443/", "https://mcp.example/", "https://mcp.example"},
        row{"https://id.example/token", "", ""}, row{"https://id.example/token", "no url", "nobody"}}) {
    cs::request made("POST", url);
    oauth::tell_who_named(made, named_by);
    BOOST_TEST(made.named_by.reveal() == told);
  }
}

BOOST_AUTO_TEST_SUITE_END()
