// RFC 9728 §2, §3, §5.1; RFC 8707 (verbatim).
#include <countersign/oauth/resource_metadata.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {

constexpr auto server = "https://mcp.example/a/mcp"sv;

std::string said(cs::error const& why) {
  return std::string(cs::name(why.code())) + ": " + std::string(why.message());
}
std::string candidates(std::string_view of) {
  auto const urls = oauth::resource_metadata_urls(of);
  return urls ? std::string(urls->joined().view()) : said(urls.error());
}
cs::result<oauth::resource_metadata> read(std::string_view body, std::string_view of = server,
                                          int status = 200) {
  return oauth::read_resource_metadata(cs::response(status, cs::secret(body)), of);
}
std::string refusal(std::string_view body, std::string_view of = server, int status = 200) {
  auto const got = read(body, of, status);
  return got ? "" : said(got.error());
}
std::string hinted(std::string_view field, std::string_view of = server) {
  auto const all = cs::challenges::parse(field);
  BOOST_REQUIRE(all);
  auto const url = oauth::resource_metadata_url((*all)[0], of);
  return url ? std::string(url->view()) : said(url.error());
}
std::string of_resource(std::string_view resource) {
  return std::string(R"({"resource":")").append(resource).append("\"}");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_resource_metadata)

BOOST_AUTO_TEST_CASE(candidates_are_below_the_path_then_at_the_root) {
  BOOST_TEST(candidates("https://mcp.example/mcp") ==
             "https://mcp.example/.well-known/oauth-protected-resource/mcp "
             "https://mcp.example/.well-known/oauth-protected-resource");
  BOOST_TEST(candidates("https://mcp.example") == "https://mcp.example/.well-known/oauth-protected-resource");
  BOOST_TEST(candidates("https://mcp.example/") ==
             "https://mcp.example/.well-known/oauth-protected-resource");
  // §3.1, with a query
  BOOST_TEST(candidates("https://mcp.example:8443/a/b/?k=v") ==
             "https://mcp.example:8443/.well-known/oauth-protected-resource/a/b/?k=v "
             "https://mcp.example:8443/.well-known/oauth-protected-resource");
  BOOST_TEST(candidates("https://mcp.example?k=v") ==
             "https://mcp.example/.well-known/oauth-protected-resource?k=v "
             "https://mcp.example/.well-known/oauth-protected-resource");
  BOOST_TEST(candidates("http://mcp.example/mcp").starts_with("insecure: "));
  BOOST_TEST(candidates("https://u:p@mcp.example/").starts_with("bad_input: "));
  BOOST_TEST(oauth::resource_metadata_request("https://mcp.example/x")->get("Accept").value() ==
             "application/json");
}

BOOST_AUTO_TEST_CASE(a_challenge_says_where) {
  BOOST_TEST(
      hinted("Bearer resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource\"") ==
      "https://mcp.example/.well-known/oauth-protected-resource");
  BOOST_TEST(hinted("Bearer resource_metadata=https://mcp.example/custom?x=y, scope=a") ==
             "https://mcp.example/custom?x=y");
  BOOST_TEST(hinted("DPoP resource_metadata=\"https://other.example/x\"") == "https://other.example/x");
  BOOST_TEST(hinted("Bearer realm=x") == "not_mine: oauth: the challenge names no resource_metadata");
  BOOST_TEST(hinted("Bearer resource_metadata=\"\"") ==
             "not_mine: oauth: the challenge names no resource_metadata");
  BOOST_TEST(hinted("Bearer resource_metadata=\"http://mcp.example/x\"").starts_with("insecure: "));
  BOOST_TEST(hinted("Bearer resource_metadata=\"https://169.254.169.254/x\"").starts_with("insecure: "));
  BOOST_TEST(hinted("Bearer resource_metadata=http://[::1]:80/x").starts_with("insecure: "));
  BOOST_TEST(hinted("Bearer resource_metadata=http://127.0.0.1:80/x", "http://localhost:9/mcp") ==
             "http://127.0.0.1:80/x");
  BOOST_TEST(hinted("Bearer resource_metadata=\"/x\"").starts_with("bad_input: "));
  BOOST_TEST(hinted("Bearer resource_metadata=\"file:///etc/passwd\"").starts_with("bad_input: "));
}

BOOST_AUTO_TEST_CASE(the_example_of_the_rfc) {  // §3.2
  auto const got = read(R"({"resource":"https://resource.example.com",
      "authorization_servers":["https://as1.example.com","https://as2.example.net"],
      "bearer_methods_supported":["header","body"],"scopes_supported":["profile","email","phone"],
      "resource_documentation":"https://resource.example.com/resource_documentation.html"})",
                        "https://resource.example.com/mcp");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->resource.view() == "https://resource.example.com");
  BOOST_TEST(got->authorization_servers.joined().view() == "https://as1.example.com https://as2.example.net");
  BOOST_TEST(got->scopes_supported.joined().view() == "profile email phone");
  BOOST_TEST(!got->dpop_bound_access_tokens_required);
  auto const bound = read(
      R"({"resource":"https://mcp.example/a","dpop_bound_access_tokens_required":true,"dpop_signing_alg_values_supported":["ES256"]})");
  BOOST_REQUIRE(bound);
  BOOST_TEST(bound->dpop_bound_access_tokens_required);
  BOOST_TEST(bound->dpop_signing_alg_values_supported[0] == "ES256");
}

BOOST_AUTO_TEST_CASE(the_resource_is_the_server_or_a_path_above_it) {
  for (auto const resource :
       {"https://mcp.example/a/mcp", "https://mcp.example/a/mcp/", "https://mcp.example/a",
        "https://mcp.example/a/", "https://mcp.example", "https://mcp.example/",
        "HTTPS://MCP.example:443/a/mcp", "https://mcp.example/%61/mcp", "https://mcp.example/b/../a"}) {
    auto const got = read(of_resource(resource));
    BOOST_REQUIRE_MESSAGE(got, resource);
    BOOST_TEST(got->resource.view() == resource);  // verbatim
  }
  for (auto const resource : {"https://evil.example.com",
                              "https://evil.example/a/mcp",
                              "https://mcp.example.evil/a/mcp",
                              "https://evilmcp.example/a",
                              "http://mcp.example/a/mcp",
                              "https://mcp.example:8443/a/mcp",
                              "https://mcp.example./a",
                              "https://sub.mcp.example/a",
                              "https://mcp.example/a/m",
                              "https://mcp.example/a/mcp/x",
                              "https://mcp.example/a/mcp2",
                              "https://mcp.example/b",
                              "https://mcp.example/A",
                              "https://mcp.example/a?x",
                              "https://mcp.example/a/mcp?x",
                              "https://mcp.example@evil.example/a",
                              "https://evil.example/?https://mcp.example/a",
                              "https://u@mcp.example/a",
                              "https://mcp.example/a#f",
                              "https://mcp.example/a%2fmcp",
                              "https://mcp.example/a/../b",
                              "urn:x",
                              "",
                              "/a"})
    BOOST_TEST(refusal(of_resource(resource)) ==
                   "wrong_origin: oauth: protected resource metadata: its resource is not "
                   "https://mcp.example nor a path above the server's; no token is asked for",
               resource);
  BOOST_TEST(refusal("{}").starts_with("wrong_origin: "));
  BOOST_TEST(read(of_resource("https://mcp.example/a?k=v"), "https://mcp.example/a?k=v").has_value());
  BOOST_TEST(!read(of_resource("https://mcp.example/a?k=v"), "https://mcp.example/a?k=w").has_value());
  BOOST_TEST(!read(of_resource("https://mcp.example/?k=v"), "https://mcp.example/a?k=v").has_value());
  BOOST_TEST(read(of_resource("https://mcp.example/a"), "https://mcp.example/a?k=v").has_value());
}

BOOST_AUTO_TEST_CASE(an_authorization_server_is_one_that_may_be_asked) {
  auto const listing = [](std::string_view url) {
    return std::string(R"({"resource":"https://mcp.example","authorization_servers":["https://as.example",")")
        .append(url)
        .append("\"]}");
  };
  BOOST_TEST(refusal(listing("https://as2.example/t")) == "");
  BOOST_TEST(refusal(listing("http://as.example")) ==
             "insecure: protected resource metadata: oauth: authorization_servers: http://as.example is "
             "plain http; secrets go there, so it must be https");
  for (auto const url :
       {"https://10.0.0.1", "http://localhost:1", "https://[fd00:ec2::254]", "https://0x7f.1/"})
    BOOST_TEST(refusal(listing(url)).starts_with("insecure: "), url);
  for (auto const url :
       {"javascript:alert(1)", "as.example", "https://as.example/#", "https://u:p@as.example"})
    BOOST_TEST(refusal(listing(url)).starts_with("bad_input: "), url);
}

BOOST_AUTO_TEST_CASE(what_is_no_metadata_is_told_by_kind) {
  auto const good = of_resource("https://mcp.example");
  BOOST_TEST(refusal(good, server, 404) ==
             "not_mine: oauth: protected resource metadata: the server answered 404");
  BOOST_TEST(refusal(good, server, 307) == "not_mine: oauth: protected resource metadata: the server "
                                           "answered 307, a redirect, which is not followed");
  BOOST_TEST(refusal(good, server, 502) ==
             "transient: oauth: protected resource metadata: the server answered 502; it may serve later");
  BOOST_TEST(refusal("<!doctype html>")
                 .starts_with("bad_input: oauth: protected resource metadata: JSON line 1, column 1"));
  BOOST_TEST(refusal(R"({"resource":7})") ==
             "bad_input: oauth: protected resource metadata: resource is no string");
  auto const of_size = [&](std::size_t size) { return good + std::string(size - good.size(), ' '); };
  BOOST_TEST(refusal(of_size(oauth::max_metadata_size)) == "");
  BOOST_TEST(refusal(of_size(oauth::max_metadata_size + 1)).starts_with("too_large: "));
}

BOOST_AUTO_TEST_SUITE_END()
