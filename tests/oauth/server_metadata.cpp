// RFC 8414 §2, §3; OpenID Connect Discovery 1.0 §4; RFC 9207 §3; RFC 9449 §5.1; MCP authorization (order of candidates).
#include <countersign/oauth/server_metadata.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {

constexpr auto issuer = "https://as.example"sv;

std::string said(cs::error const& why) {
  return std::string(cs::name(why.code())) + ": " + std::string(why.message());
}
std::string candidates(std::string_view of) {
  auto const urls = oauth::server_metadata_urls(of);
  return urls ? std::string(urls->joined().view()) : said(urls.error());
}
cs::result<oauth::server_metadata> read(std::string_view body, std::string_view expected = issuer,
                                        oauth::metadata_rules const& rules = {}, int status = 200) {
  return oauth::read_server_metadata(cs::response(status, cs::secret(body)), expected, rules);
}
std::string refusal(std::string_view body, std::string_view expected = issuer,
                    oauth::metadata_rules const& rules = {}, int status = 200) {
  auto const got = read(body, expected, rules, status);
  return got ? "" : said(got.error());
}
std::string with(std::string_view more) {
  return std::string(R"({"issuer":"https://as.example",)").append(more).append("}");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_server_metadata)

BOOST_AUTO_TEST_CASE(candidates_come_in_the_order_of_mcp) {
  BOOST_TEST(candidates("https://as.example") == "https://as.example/.well-known/oauth-authorization-server "
                                                 "https://as.example/.well-known/openid-configuration");
  BOOST_TEST(candidates("https://as.example/") == candidates("https://as.example"));
  BOOST_TEST(candidates("https://as.example:8443/tenant1") ==
             "https://as.example:8443/.well-known/oauth-authorization-server/tenant1 "
             "https://as.example:8443/.well-known/openid-configuration/tenant1 "
             "https://as.example:8443/tenant1/.well-known/openid-configuration");
  BOOST_TEST(candidates("https://as.example/a/b/") == candidates("https://as.example/a/b"));
  BOOST_TEST(candidates("http://localhost:9/a%2Fb") ==
             "http://localhost:9/.well-known/oauth-authorization-server/a%2Fb "
             "http://localhost:9/.well-known/openid-configuration/a%2Fb "
             "http://localhost:9/a%2Fb/.well-known/openid-configuration");
  BOOST_TEST(
      candidates("http://as.example") ==
      "insecure: oauth: issuer: http://as.example is plain http; secrets go there, so it must be https");
  BOOST_TEST(candidates("https://as.example/?a") ==
             "bad_input: oauth: issuer: the URL has a query, which RFC 8414 forbids");
  BOOST_TEST(candidates("https://as.example?") ==
             "bad_input: oauth: issuer: the URL has a query, which RFC 8414 forbids");
  BOOST_TEST(candidates("https://as.example/#").starts_with("bad_input: "));
  BOOST_TEST(candidates("").starts_with("bad_input: "));
  BOOST_TEST(oauth::server_metadata_request("https://as.example/x")->url() == "https://as.example/x");
  BOOST_TEST((oauth::server_metadata_request("http://as.example/x").error().code() == cs::errc::insecure));
}

BOOST_AUTO_TEST_CASE(the_example_of_the_rfc) {  // §3.2
  auto const got = read(R"({
      "issuer": "https://server.example.com",
      "authorization_endpoint": "https://server.example.com/authorize",
      "token_endpoint": "https://server.example.com/token",
      "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
      "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
      "userinfo_endpoint": "https://server.example.com/userinfo",
      "jwks_uri": "https://server.example.com/jwks.json",
      "registration_endpoint": "https://server.example.com/register",
      "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
      "response_types_supported": ["code", "code token"],
      "service_documentation": "http://server.example.com/service_documentation.html",
      "ui_locales_supported": ["en-US", "en-GB", "en-CA", "fr-FR", "fr-CA"]})",
                        "https://server.example.com");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->issuer.view() == "https://server.example.com");
  BOOST_TEST(got->authorization_endpoint.view() == "https://server.example.com/authorize");
  BOOST_TEST(got->token_endpoint.view() == "https://server.example.com/token");
  BOOST_TEST(got->registration_endpoint.view() == "https://server.example.com/register");
  BOOST_TEST(got->revocation_endpoint.empty());
  BOOST_TEST(got->token_endpoint_auth_methods_supported.joined().view() ==
             "client_secret_basic private_key_jwt");
  BOOST_TEST(got->token_endpoint_auth_signing_alg_values_supported.joined().view() == "RS256 ES256");
  BOOST_TEST(got->scopes_supported.size() == 6u);
  BOOST_TEST(got->response_types_supported[1] == "code token");
  BOOST_TEST(got->code_challenge_methods_supported.empty());
  BOOST_TEST(!got->authorization_response_iss_parameter_supported);
  BOOST_TEST(!got->client_id_metadata_document_supported);
}

BOOST_AUTO_TEST_CASE(what_else_is_read) {
  auto const got = read(with(
      R"("revocation_endpoint":"https://as.example/r","device_authorization_endpoint":"https://as.example/d",
      "pushed_authorization_request_endpoint":"https://as.example/p","grant_types_supported":["authorization_code"],
      "code_challenge_methods_supported":["S256"],"dpop_signing_alg_values_supported":["ES256"],
      "authorization_response_iss_parameter_supported":true,"client_id_metadata_document_supported":true,
      "require_pushed_authorization_requests":true,"registration_endpoint":null,"scopes_supported":null)"));
  BOOST_REQUIRE(got);
  BOOST_TEST(got->revocation_endpoint.view() == "https://as.example/r");
  BOOST_TEST(got->device_authorization_endpoint.view() == "https://as.example/d");
  BOOST_TEST(got->pushed_authorization_request_endpoint.view() == "https://as.example/p");
  BOOST_TEST(got->grant_types_supported[0] == "authorization_code");
  BOOST_TEST(got->code_challenge_methods_supported[0] == "S256");
  BOOST_TEST(got->dpop_signing_alg_values_supported[0] == "ES256");
  BOOST_TEST(got->authorization_response_iss_parameter_supported);
  BOOST_TEST(got->client_id_metadata_document_supported);
  BOOST_TEST(got->require_pushed_authorization_requests);
  BOOST_TEST(got->registration_endpoint.empty());
  BOOST_TEST(got->scopes_supported.empty());
}

// RFC 8705 §5
BOOST_AUTO_TEST_CASE(clients_with_a_certificate_have_endpoints_of_their_own) {
  constexpr auto usual =
      R"("token_endpoint":"https://as.example/t","revocation_endpoint":"https://as.example/r",
      "device_authorization_endpoint":"https://as.example/d","pushed_authorization_request_endpoint":"https://as.example/p",
      "authorization_endpoint":"https://as.example/a","registration_endpoint":"https://as.example/n",)"sv;
  auto const shown = [](oauth::server_metadata const& of) {
    std::string all;
    for (auto const* one :
         {&of.token_endpoint, &of.revocation_endpoint, &of.device_authorization_endpoint,
          &of.pushed_authorization_request_endpoint, &of.authorization_endpoint, &of.registration_endpoint})
      all.append(one->view()).append(" ");
    return all;
  };
  constexpr auto as_ever =
      "https://as.example/t https://as.example/r https://as.example/d https://as.example/p "
      "https://as.example/a https://as.example/n ";
  auto const one = read(with(std::string(usual) + R"("tls_client_certificate_bound_access_tokens":true,
      "mtls_endpoint_aliases":{"token_endpoint":"https://mtls.as.example/t","introspection_endpoint":7})"));
  BOOST_REQUIRE(one);
  BOOST_TEST(one->tls_client_certificate_bound_access_tokens);
  BOOST_TEST(shown(*one) == as_ever);
  BOOST_TEST(shown(oauth::for_certificates(*one)) ==
             "https://mtls.as.example/t https://as.example/r https://as.example/d https://as.example/p "
             "https://as.example/a https://as.example/n ");
  auto const all =
      read(with(std::string(usual) + R"("mtls_endpoint_aliases":{"token_endpoint":"https://m.example/t",
      "revocation_endpoint":"https://m.example/r","device_authorization_endpoint":"https://m.example/d",
      "pushed_authorization_request_endpoint":"https://m.example/p","authorization_endpoint":"https://m.example/a",
      "registration_endpoint":"https://m.example/n"})"));
  BOOST_REQUIRE(all);
  BOOST_TEST(!all->tls_client_certificate_bound_access_tokens);
  BOOST_TEST(shown(oauth::for_certificates(*all)) ==
             "https://m.example/t https://m.example/r https://m.example/d https://m.example/p "
             "https://as.example/a https://as.example/n ");
  for (auto const none : {R"("mtls_endpoint_aliases":null)", R"("mtls_endpoint_aliases":{})", R"("x":1)"}) {
    auto const got = read(with(std::string(usual) + none));
    BOOST_REQUIRE(got);
    BOOST_TEST(shown(oauth::for_certificates(*got)) == as_ever);
  }
  struct {
    std::string_view aliases, told;
  } const bad[] = {
      {"[]", "bad_input: oauth: authorization server metadata: mtls_endpoint_aliases is no object"},
      {"true", "bad_input: oauth: authorization server metadata: mtls_endpoint_aliases is no object"},
      {R"({"token_endpoint":7})",
       "bad_input: mtls_endpoint_aliases: oauth: authorization server metadata: token_endpoint is no string"},
      {R"({"token_endpoint":"http://m.example/t"})", "insecure: mtls_endpoint_aliases: "},
      {R"({"token_endpoint":"https://10.0.0.1/t"})", "insecure: mtls_endpoint_aliases: "},
  };
  for (auto const& row : bad)
    BOOST_TEST(refusal(with("\"mtls_endpoint_aliases\":" + std::string(row.aliases))).starts_with(row.told),
               refusal(with("\"mtls_endpoint_aliases\":" + std::string(row.aliases))));
}

// §3.3: "These two values MUST be identical"
BOOST_AUTO_TEST_CASE(the_issuer_is_compared_as_a_string) {
  for (auto const other : {"https://as.example/", "https://AS.example", "https://as.example:443",
                           "https://as.example.", "https://as.exampl", "https://evil.example",
                           "http://as.example", "", " https://as.example", "https://as.example/%20"})
    BOOST_TEST(refusal(std::string(R"({"issuer":")").append(other).append("\"}")) ==
                   "wrong_origin: oauth: authorization server metadata: its issuer is not the one that was "
                   "asked for, of https://as.example; it is not used",
               other);
  BOOST_TEST(refusal("{}").starts_with("wrong_origin: "));
  BOOST_TEST(refusal(R"({"issuer":["https://as.example"]})").starts_with("wrong_origin: "));
  BOOST_TEST(refusal("{}", "").starts_with("wrong_origin") == false);  // then it is no URL either
}

BOOST_AUTO_TEST_CASE(a_final_slash_without_a_path_is_tolerated_where_that_was_asked_for) {
  struct {
    std::string_view expected, found;
    bool tolerated;
  } const cases[] = {
      {"https://a.example", "https://a.example/", true},
      {"https://a.example/", "https://a.example", true},
      {"https://a.example:8443", "https://a.example:8443/", true},
      {"https://a.example/t", "https://a.example/t/", false},
      {"https://a.example/t/", "https://a.example/t", false},
      {"https://a.example", "https://a.example//", false},
      {"https://a.example/", "https://a.example//", false},
      {"https://a.example", "https://b.example/", false},
      {"https://a.example", "https://a.examples", false},
      {"https://a.example", "https://A.example/", false},
  };
  for (auto const& c : cases) {
    auto const body = std::string(R"({"issuer":")").append(c.found).append("\"}");
    BOOST_TEST(read(body, c.expected, {.tolerate_slash = true}).has_value() == c.tolerated,
               c.expected << " and " << c.found);
    BOOST_TEST(!read(body, c.expected).has_value());
  }
  auto const got = read(R"({"issuer":"https://a.example/"})", "https://a.example", {.tolerate_slash = true});
  BOOST_TEST(got->issuer.view() == "https://a.example/");  // and from then on it is compared with that
}

BOOST_AUTO_TEST_CASE(where_the_user_gave_the_url_any_issuer_of_its_origin_is_taken) {
  oauth::metadata_rules const rules{.configured_at = "https://id.example/meta.json"};
  auto const of = [&](std::string_view issuer) {
    return read(std::string(R"({"issuer":")").append(issuer).append("\"}"), "", rules);
  };
  BOOST_TEST(of("https://id.example")->issuer.view() == "https://id.example");
  BOOST_TEST(of("https://ID.example:443/tenant")->issuer.view() == "https://ID.example:443/tenant");
  for (auto const other : {"https://as.example", "http://id.example", "https://id.example:8443",
                           "https://id.example.evil", "https://id.example@evil.example", "id.example", ""})
    BOOST_TEST(said(of(other).error()) ==
                   "wrong_origin: oauth: authorization server metadata: its issuer is not the one that was "
                   "asked for, of https://id.example; it is not used",
               other);
  BOOST_TEST(!read("{}", "", rules).has_value());
}

BOOST_AUTO_TEST_CASE(no_endpoint_is_plain_http_or_within_a_network) {
  for (auto const name :
       {"authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint",
        "device_authorization_endpoint", "pushed_authorization_request_endpoint"}) {
    auto const of = [&](std::string_view url) {
      return with(std::string("\"").append(name).append("\":\"").append(url).append("\""));
    };
    BOOST_TEST(refusal(of("http://as.example/x")) ==
               std::string("insecure: authorization server metadata: oauth: ")
                   .append(name)
                   .append(": http://as.example is plain http; secrets go there, so it must be https"));
    for (auto const url : {"https://169.254.169.254/x", "https://[::ffff:7f00:1]/", "http://localhost/x",
                           "https://2130706433/"})
      BOOST_TEST(refusal(of(url)).starts_with("insecure: "), url);
    for (auto const url : {"javascript:alert(1)", "file:///etc/passwd", "//as.example/x", "/x",
                           "https://u:p@as.example/x", "https://as.example/x#y", "https://as.example/ x"})
      BOOST_TEST(refusal(of(url)).starts_with("bad_input: "), url);
    BOOST_TEST(refusal(with(std::string("\"").append(name).append("\":7"))) ==
               std::string("bad_input: oauth: authorization server metadata: ")
                   .append(name)
                   .append(" is no string"));
    BOOST_TEST(refusal(of("https://elsewhere.example/x")) == "");
  }
  // a server within may name what is within, whatever its issuer is
  auto const within = with(R"("token_endpoint":"http://127.0.0.1:9/token")");
  BOOST_TEST(refusal(within, issuer, {.server = "http://localhost:8080/mcp"}) == "");
  BOOST_TEST(refusal(within, issuer, {.server = "https://mcp.example/mcp"}).starts_with("insecure: "));
}

BOOST_AUTO_TEST_CASE(what_is_no_metadata_is_told_by_kind) {
  constexpr auto good = R"({"issuer":"https://as.example"})"sv;
  struct {
    int status;
    std::string_view refusal;
  } const statuses[] = {
      {404, "not_mine: oauth: authorization server metadata: the server answered 404"},
      {401, "not_mine: oauth: authorization server metadata: the server answered 401"},
      {204, "not_mine: oauth: authorization server metadata: the server answered 204"},
      {302, "not_mine: oauth: authorization server metadata: the server answered 302, a redirect, which is "
            "not followed"},
      {308, "not_mine: oauth: authorization server metadata: the server answered 308, a redirect, which is "
            "not followed"},
      {408, "transient: oauth: authorization server metadata: the server answered 408; it may serve later"},
      {429, "transient: oauth: authorization server metadata: the server answered 429; it may serve later"},
      {500, "transient: oauth: authorization server metadata: the server answered 500; it may serve later"},
      {503, "transient: oauth: authorization server metadata: the server answered 503; it may serve later"},
  };
  for (auto const& c : statuses) BOOST_TEST(refusal(good, issuer, {}, c.status) == c.refusal);
  BOOST_TEST(refusal("<html>") ==
             "bad_input: oauth: authorization server metadata: JSON line 1, column 1: expected a value");
  BOOST_TEST(refusal("").starts_with("bad_input: "));
  BOOST_TEST(refusal("[]") ==
             "bad_input: oauth: authorization server metadata: the answer is no JSON object");
  BOOST_TEST(refusal(R"({"issuer":"https://evil.example","issuer":"https://as.example"})")
                 .starts_with("bad_input: "));
  BOOST_TEST(refusal(std::string(1'000'000, '[')).starts_with("too_large: "));
  BOOST_TEST(refusal(std::string(100'000, '[')).starts_with("too_large: "));  // too deep
  BOOST_TEST(refusal(with(R"("scopes_supported":"a b")")) ==
             "bad_input: oauth: authorization server metadata: scopes_supported is no list");
  BOOST_TEST(refusal(with(R"("scopes_supported":["a",7])")) ==
             "bad_input: oauth: authorization server metadata: scopes_supported lists something that is no "
             "printable text");
  for (auto const item : {R"("")", R"("a\nb")", R"("\u007f")", R"("ü")", "null"})
    BOOST_TEST(refusal(with(std::string(R"("code_challenge_methods_supported":[)").append(item).append("]")))
                   .starts_with("bad_input: "),
               item);
  BOOST_TEST(refusal(with(R"("authorization_response_iss_parameter_supported":"true")")) ==
             "bad_input: oauth: authorization server metadata: "
             "authorization_response_iss_parameter_supported is neither true nor false");
}

BOOST_AUTO_TEST_CASE(sizes_end_somewhere) {
  auto const of_size = [](std::size_t size) {
    return with("\"x\":1").append(size - with("\"x\":1").size(), ' ');
  };
  BOOST_TEST(oauth::max_metadata_size == 256u * 1024);
  BOOST_TEST(refusal(of_size(oauth::max_metadata_size)) == "");
  BOOST_TEST(refusal(of_size(oauth::max_metadata_size + 1)) ==
             "too_large: oauth: authorization server metadata: the answer has more than 262144 bytes");
  auto const listing = [](std::size_t count) {
    std::string all = R"("scopes_supported":[)";
    for (std::size_t i = 0; i < count; ++i) all += i == 0 ? R"("s")" : R"(,"s")";
    return with(all + "]");
  };
  BOOST_TEST(read(listing(oauth::max_listed))->scopes_supported.size() == 1024u);
  BOOST_TEST(refusal(listing(oauth::max_listed + 1)) ==
             "too_large: oauth: authorization server metadata: scopes_supported lists more than 1024");
}

BOOST_AUTO_TEST_CASE(no_error_repeats_what_the_server_wrote) {
  for (auto const body :
       {R"({"issuer":"https://c4nary.example"})",
        R"({"issuer":"https://as.example","token_endpoint":"https://as.example/c4nary#"})",
        R"({"issuer":"https://as.example","token_endpoint":"c4nary"})",
        R"({"issuer":"https://as.example","scopes_supported":["c4nary\n"]})", "c4nary", "{\"c4nary\""})
    BOOST_TEST(refusal(body).find("c4nary") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(wherever_memory_ends_nothing_is_left_out) {
  if (!fake::heap::is_ours) return;
  auto const body = with(
      R"("token_endpoint":"https://as.example/t","scopes_supported":["a","b"],"code_challenge_methods_supported":["S256"],
      "mtls_endpoint_aliases":{"token_endpoint":"https://mtls.as.example/of/some/length"})");
  auto const make = [&] { return read(body); };
  fake::heap::counter const heap;
  BOOST_REQUIRE(make());
  auto const blocks = heap.count();
  for (long block = 0; block < blocks; ++block) {
    auto const got = [&] {
      fake::heap::refused_once const refused(block);
      return make();
    }();
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == cs::errc::no_memory));
  }
}

BOOST_AUTO_TEST_SUITE_END()
