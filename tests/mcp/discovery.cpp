// MCP authorization 2026-07-28, "Authorization Server Discovery"; 2025-03-26, "Fallbacks for Servers without
// Metadata Discovery"; RFC 9728, RFC 8414.
#include <countersign/mcp/discovery.hpp>

#include <countersign/drive/run.hpp>
#include <countersign/oauth/pkce.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "fake/service.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace mcp = countersign::mcp;
namespace oauth = countersign::oauth;
using namespace std::literals;

static_assert(cs::exchange<mcp::discovery>);

namespace {

constexpr auto server = "https://mcp.example/mcp"sv;
constexpr auto below = "https://mcp.example/.well-known/oauth-protected-resource/mcp";
constexpr auto root = "https://mcp.example/.well-known/oauth-protected-resource";
constexpr auto own_metadata = "https://mcp.example/.well-known/oauth-authorization-server";
constexpr auto as_metadata = "https://as.example/.well-known/oauth-authorization-server";
constexpr auto as_openid = "https://as.example/.well-known/openid-configuration";

fake::reply resource(std::string_view of, std::string_view servers = "\"https://as.example\"",
                     std::string_view more = "") {
  return {.body = std::string(R"({"resource":")")
                      .append(of)
                      .append(R"(","authorization_servers":[)")
                      .append(servers)
                      .append("]")
                      .append(more)
                      .append("}")};
}
fake::reply issuer(std::string_view of, std::string_view more = "") {
  std::string const is(of);
  return {.body = R"({"issuer":")" + is + R"(","authorization_endpoint":")" + is +
                  R"(/authorize","token_endpoint":")" + is + R"(/token")" + std::string(more) + "}"};
}
fake::reply lost(cs::lost how) { return {.lost = how}; }

// What lies where; everything else is 404. It keeps what it was asked.
struct web {
  std::map<std::string, fake::reply> at = {};
  std::vector<std::string> asked = {}, named = {};
  bool bare = true;  // GETs of JSON that carry no credential

  cs::result<cs::response> operator()(cs::request const& what) {
    asked.emplace_back(what.url());
    named.emplace_back(what.named_by.reveal());
    bare = bare && what.method() == "GET" && what.get("Accept") == "application/json" &&
           what.get("Accept-Encoding") == "identity" && !what.get("Authorization") && what.body.empty();
    auto const found = at.find(asked.back());
    if (found == at.end()) return cs::response(404);
    auto const& said = found->second;
    if (said.lost)
      return cs::error{*said.lost == cs::lost::not_sent  ? cs::errc::not_sent
                       : *said.lost == cs::lost::refused ? cs::errc::insecure
                                                         : cs::errc::unanswered,
                       "web"};
    cs::response made(said.status, cs::secret(said.body));
    for (auto const& [name, value] : said.fields) made.headers.append(name, value);
    return made;
  }
  std::string urls() const {
    std::string all;
    for (auto const& one : asked) all += all.empty() ? one : " " + one;
    return all;
  }
};

std::string joined(std::initializer_list<std::string_view> all) {
  std::string text;
  for (auto const one : all) text.append(text.empty() ? "" : " ").append(one);
  return text;
}

struct frame {
  fake::world world = {};
  web net = {};
  mcp::discovery_rules rules = {};

  cs::result<mcp::discovered> find(std::string_view challenge = "", std::string_view url = server) {
    auto got =
        cs::run(mcp::discovery(url, challenge, rules, world.context()), net, cs::nobody(), world.context());
    BOOST_TEST(net.bare);
    return got;
  }
  std::string refusal(std::string_view challenge = "", std::string_view url = server) {
    auto const got = find(challenge, url);
    return got ? "found"
               : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  }
};

std::string hint(std::string_view url) {
  return std::string("Bearer resource_metadata=\"").append(url).append("\"");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_discovery)

// One row per scenario of the conformance suite that is about discovery.
BOOST_AUTO_TEST_CASE(each_layout_of_metadata_is_found_by_these_requests_and_no_others) {
  struct row {
    std::string_view name;
    std::string challenge;
    std::map<std::string, fake::reply> at;
    std::string asked, resource, issuer;
  };
  auto const tenant = "https://as.example/tenant1";
  row const rows[] = {
      {"metadata-default",
       hint(below),
       {{below, resource(server)}, {as_metadata, issuer("https://as.example")}},
       joined({below, as_metadata}),
       std::string(server),
       "https://as.example"},
      {"metadata-var1",
       "Bearer",
       {{below, resource(server)}, {as_openid, issuer("https://as.example")}},
       joined({below, as_metadata, as_openid}),
       std::string(server),
       "https://as.example"},
      {"metadata-var2",
       "",
       {{root, resource("https://mcp.example", "\"https://as.example/tenant1\"")},
        {"https://as.example/.well-known/oauth-authorization-server/tenant1", issuer(tenant)}},
       joined({below, root, "https://as.example/.well-known/oauth-authorization-server/tenant1"}),
       "https://mcp.example",
       tenant},
      {"metadata-var3",
       "Bearer resource_metadata=https://mcp.example/custom/place.json, scope=a",
       {{"https://mcp.example/custom/place.json", resource(server, "\"https://as.example/tenant1\"")},
        {"https://as.example/tenant1/.well-known/openid-configuration", issuer(tenant)}},
       joined({"https://mcp.example/custom/place.json",
               "https://as.example/.well-known/oauth-authorization-server/tenant1",
               "https://as.example/.well-known/openid-configuration/tenant1",
               "https://as.example/tenant1/.well-known/openid-configuration"}),
       std::string(server),
       tenant},
      {"2025-03-26-oauth-metadata-backcompat",
       "",
       {{own_metadata,
         issuer("https://mcp.example", R"(,"registration_endpoint":"https://mcp.example/oauth/register")")}},
       joined({below, root, own_metadata}),
       "",
       "https://mcp.example"},
      {"2025-03-26-oauth-endpoint-fallback",
       "",
       {},
       joined({below, root, own_metadata}),
       "",
       "https://mcp.example"},
      {"pre-registration, client-credentials, basic-cimd",
       hint(root),
       {{root, resource("https://mcp.example/")}, {as_metadata, issuer("https://as.example")}},
       joined({root, as_metadata}),
       "https://mcp.example/",
       "https://as.example"},
      {"a resource without authorization servers",
       "",
       {{below, resource(server, "")}, {own_metadata, issuer("https://mcp.example")}},
       joined({below, own_metadata}),
       std::string(server),
       "https://mcp.example"},
  };
  for (auto const& one : rows) {
    BOOST_TEST_CONTEXT(one.name) {
      frame f;
      f.net.at = one.at;
      auto const got = f.find(one.challenge);
      BOOST_TEST(f.net.urls() == one.asked);
      BOOST_REQUIRE_MESSAGE(got, got.error().message());
      BOOST_TEST(got->resource.resource.view() == one.resource);
      BOOST_TEST(got->server.issuer.view() == one.issuer);
      BOOST_TEST(got->server.token_endpoint.view() == one.issuer + "/token");
      BOOST_TEST(got->assumed == (one.name == "2025-03-26-oauth-endpoint-fallback"));
    }
  }
}

BOOST_AUTO_TEST_CASE(without_any_metadata_the_default_endpoints_stand_at_the_origin) {
  frame f;
  auto const got = f.find("", "https://MCP.example:443/a/mcp");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->assumed);
  BOOST_TEST(got->server.authorization_endpoint.view() == "https://mcp.example/authorize");
  BOOST_TEST(got->server.token_endpoint.view() == "https://mcp.example/token");
  BOOST_TEST(got->server.registration_endpoint.view() == "https://mcp.example/register");
  BOOST_TEST(oauth::check_pkce(got->server).has_value());
  BOOST_TEST(!got->server.authorization_response_iss_parameter_supported);
  BOOST_TEST(got->resource.resource.empty());
}

BOOST_AUTO_TEST_CASE(what_the_challenge_and_the_resource_say_is_kept) {
  frame f;
  f.net.at = {{below, resource(server, "\"https://as.example\"", R"(,"scopes_supported":["a","b"])")},
              {as_metadata, issuer("https://as.example")}};
  auto const plain = f.find(R"(Bearer scope="mcp:basic x")");
  BOOST_REQUIRE(plain);
  BOOST_TEST(plain->challenged_scope.view() == "mcp:basic x");
  BOOST_TEST(plain->resource.scopes_supported.joined().view() == "a b");
  BOOST_TEST(!plain->dpop_wanted);
  BOOST_TEST(f.find("DPoP " + hint(below).substr(7))->dpop_wanted);
  BOOST_TEST(!f.find("DPoP algs=ES256, Bearer scope=a")->dpop_wanted);
  f.net.at[below] =
      resource(server, "\"https://as.example\"", R"(,"dpop_bound_access_tokens_required":true)");
  BOOST_TEST(f.find("Bearer")->dpop_wanted);
}

BOOST_AUTO_TEST_CASE(a_challenge_that_cannot_be_read_counts_as_none) {
  frame f;
  f.net.at = {{below, resource(server)}, {as_metadata, issuer("https://as.example")}};
  BOOST_REQUIRE(f.find("Bearer scope=\"no end"));
  BOOST_TEST(f.net.urls() == joined({below, as_metadata}));
  BOOST_TEST(f.world.trace_text().find("discovery https://mcp.example challenge, byte") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(where_the_challenge_says_nothing_is_nowhere_else_is_asked) {
  for (int const status : {404, 302, 401, 410}) {
    frame f;
    f.net.at = {
        {root, {.status = status}}, {below, resource(server)}, {as_metadata, issuer("https://as.example")}};
    BOOST_TEST(f.refusal(hint(root))
                   .starts_with("fatal: discovery: https://mcp.example: oauth: protected resource metadata: "
                                "the server answered " +
                                std::to_string(status)));
    BOOST_TEST(f.net.urls() == root);
  }
}

BOOST_AUTO_TEST_CASE(metadata_of_another_resource_ends_it_and_of_another_issuer_too) {
  frame f;  // resource-mismatch
  f.net.at = {{below, resource("https://evil.example.com/mcp")},
              {root, resource("https://mcp.example")},
              {as_metadata, issuer("https://as.example")}};
  BOOST_TEST(f.refusal().starts_with(
      "wrong_origin: discovery: https://mcp.example: oauth: protected resource metadata: its resource"));
  BOOST_TEST(f.net.urls() == below);

  for (auto const other :
       {"https://evil.example", "https://as.example/", "https://as.example/x", "HTTPS://as.example", ""}) {
    frame g;  // metadata-issuer-mismatch
    g.net.at = {{below, resource(server)},
                {as_metadata, issuer(other)},
                {as_openid, issuer("https://as.example")},
                {own_metadata, issuer("https://mcp.example")}};
    BOOST_TEST(
        g.refusal().starts_with(
            "wrong_origin: discovery: https://as.example: oauth: authorization server metadata: its issuer"),
        other);
    BOOST_TEST(g.net.urls() == joined({below, as_metadata}), other);
  }

  frame h;  // the fallback's own
  h.net.at = {{own_metadata, issuer("https://evil.example")}};
  BOOST_TEST(h.refusal().starts_with("wrong_origin: discovery: https://mcp.example: "));
  BOOST_TEST(h.net.urls() == joined({below, root, own_metadata}));
}

BOOST_AUTO_TEST_CASE(a_final_slash_of_an_issuer_is_tolerated_where_that_is_asked_for_or_nobody_named_one) {
  frame f;
  f.net.at = {{below, resource(server)}, {as_metadata, issuer("https://as.example/")}};
  BOOST_TEST(f.refusal().starts_with("wrong_origin: "));
  f.rules.tolerate_slash = true;
  BOOST_TEST(f.find()->server.issuer.view() == "https://as.example/");

  frame g;
  g.net.at = {{own_metadata, issuer("https://mcp.example/")}};
  auto const got = g.find();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->server.issuer.view() == "https://mcp.example/");
  BOOST_TEST(!got->assumed);
}

BOOST_AUTO_TEST_CASE(the_next_authorization_server_is_asked_only_if_the_first_cannot_be_reached) {
  constexpr auto two = R"("https://one.example","https://as.example")"sv;
  constexpr auto one_metadata = "https://one.example/.well-known/oauth-authorization-server";
  constexpr auto one_openid = "https://one.example/.well-known/openid-configuration";
  for (auto const how : {cs::lost::not_sent, cs::lost::unanswered}) {
    frame f;
    f.net.at = {{below, resource(server, two)},
                {one_metadata, lost(how)},
                {as_metadata, issuer("https://as.example")}};
    auto const got = f.find();
    BOOST_REQUIRE(got);
    BOOST_TEST(got->server.issuer.view() == "https://as.example");
    BOOST_TEST(f.net.urls() == joined({below, one_metadata, as_metadata}));
    // It answered before, so it is there.
    f.net.at[one_metadata] = {.status = 404};
    f.net.at[one_openid] = lost(how);
    f.net.asked.clear();
    BOOST_TEST(f.refusal().starts_with("transient: discovery: https://one.example: "));
    BOOST_TEST(f.net.urls() == joined({below, one_metadata, one_openid}));
  }
  struct row {
    fake::reply said;
    std::string_view refusal;
  };
  for (auto const& [said, refusal] :
       {row{{.status = 503}, "transient: discovery: https://one.example: "},
        row{{.body = "<html>"}, "bad_input: discovery: https://one.example: "},
        row{issuer("https://as.example"), "wrong_origin: discovery: https://one.example: "}}) {
    frame f;
    f.net.at = {
        {below, resource(server, two)}, {one_metadata, said}, {as_metadata, issuer("https://as.example")}};
    BOOST_TEST(f.refusal().starts_with(refusal));
    BOOST_TEST(f.net.urls() == joined({below, one_metadata}));
  }
  frame g;  // it is there and has no metadata
  g.net.at = {{below, resource(server, two)}, {as_metadata, issuer("https://as.example")}};
  BOOST_TEST(g.refusal() ==
             "fatal: discovery: https://one.example: oauth: authorization server metadata: the server "
             "answered 404; it was the last place, and there is no signing in without");
  frame h;  // none can be reached
  h.net.at = {{below, resource(server, two)},
              {one_metadata, lost(cs::lost::not_sent)},
              {as_metadata, lost(cs::lost::not_sent)}};
  BOOST_TEST(h.refusal() == "transient: discovery: https://as.example: could not be reached; it is needed to "
                            "sign in: try again later");
}

BOOST_AUTO_TEST_CASE(what_may_pass_is_transient_and_names_who_did_not_answer) {
  struct row {
    fake::reply said;
    std::string_view refusal;
  };
  row const rows[] = {
      {lost(cs::lost::not_sent), "transient: discovery: https://mcp.example: could not be reached; it is "
                                 "needed to sign in: try again later"},
      {lost(cs::lost::unanswered),
       "transient: discovery: https://mcp.example: did not answer; it is needed to sign in: try again later"},
      {{.status = 502, .body = "<html>"},
       "transient: discovery: https://mcp.example: oauth: protected resource metadata: the server answered "
       "502; it may serve later"},
      {{.status = 429},
       "transient: discovery: https://mcp.example: oauth: protected resource metadata: the server answered "
       "429; it may serve later"},
  };
  for (auto const& [said, refusal] : rows) {
    frame f;
    f.net.at = {{below, said}, {root, resource("https://mcp.example")}};
    BOOST_TEST(f.refusal() == refusal);
    BOOST_TEST(f.net.urls() == below);
  }
  frame g;
  g.net.at = {{own_metadata, {.status = 500}}};
  BOOST_TEST(g.refusal().starts_with(
      "transient: discovery: https://mcp.example: oauth: authorization server metadata: "));
  g.net.at = {{own_metadata, lost(cs::lost::not_sent)}};
  BOOST_TEST(g.refusal().starts_with("transient: discovery: https://mcp.example: could not be reached"));
}

BOOST_AUTO_TEST_CASE(documents_that_are_none_end_it) {
  struct row {
    fake::reply said;
    std::string_view refusal;
  };
  std::string const good = resource(server).body;
  row const rows[] = {
      {{.body = "<!doctype html>"}, "bad_input"},
      {{.body = "[]"}, "bad_input"},
      {{.body = R"({"resource":7})"}, "bad_input"},
      {{.body = ""}, "bad_input"},
      {{.body = good + std::string(oauth::max_metadata_size - good.size() + 1, ' ')}, "too_large"},
      {{.body = R"({"resource":"https://mcp.example","resource":"https://mcp.example"})"}, "bad_input"},
  };
  for (auto const& [said, kind] : rows) {
    frame f;
    f.net.at = {
        {below, said}, {root, resource("https://mcp.example")}, {as_metadata, issuer("https://as.example")}};
    BOOST_TEST(f.refusal().starts_with(std::string(kind) + ": discovery: https://mcp.example: "),
               said.body.substr(0, 60));
    BOOST_TEST(f.net.urls() == below);
    if (kind == "bad_input"sv && said.body.starts_with("{")) continue;  // it is of the resource
    frame g;
    g.net.at = {{below, resource(server)}, {as_metadata, said}, {as_openid, issuer("https://as.example")}};
    BOOST_TEST(g.refusal().starts_with(kind == "too_large"sv ? "too_large: discovery: https://as.example: "
                                                             : "bad_input: discovery: https://as.example: "));
    BOOST_TEST(g.net.urls() == joined({below, as_metadata}));
  }
  frame h;
  h.net.at = {{below, resource(server)}, {as_metadata, {.body = R"({"issuer":"https://as.example"})"}}};
  BOOST_TEST(
      h.refusal() ==
      "fatal: discovery: https://as.example: the authorization server's metadata names no token_endpoint");
}

BOOST_AUTO_TEST_CASE(a_redirect_is_no_answer) {
  frame f;
  f.net.at = {{below, {.status = 307, .fields = {{"Location", "https://evil.example/m"}}}},
              {root, resource("https://mcp.example")},
              {as_metadata, {.status = 301, .fields = {{"Location", "http://169.254.169.254/"}}}},
              {as_openid, issuer("https://as.example")}};
  BOOST_REQUIRE(f.find());
  BOOST_TEST(f.net.urls() == joined({below, root, as_metadata, as_openid}));
}

BOOST_AUTO_TEST_CASE(no_url_in_the_clear_or_more_private_than_the_server_is_asked) {
  constexpr std::string_view places[] = {"http://as.example",
                                         "http://localhost:8080",
                                         "https://localhost",
                                         "https://127.0.0.1",
                                         "https://169.254.169.254",
                                         "https://10.1.2.3",
                                         "https://172.16.0.1",
                                         "https://192.168.1.1",
                                         "https://100.64.0.1",
                                         "https://[::1]",
                                         "https://[::ffff:169.254.169.254]",
                                         "https://[::ffff:a01:203]",
                                         "https://[fd00:ec2::254]",
                                         "https://[fe80::1]",
                                         "https://2852039166",
                                         "https://0xa9fea9fe",
                                         "https://0251.0376.0251.0376",
                                         "https://0251.254.169.254",
                                         "https://127.1",
                                         "https://0",
                                         "https://metadata.google.internal",
                                         "https://intranet",
                                         "https://printer.local",
                                         "https://0300.0250.1"};
  for (auto const place : places) {
    frame hinted;
    BOOST_TEST(hinted.refusal(hint(std::string(place) + "/m")).starts_with("insecure: discovery: "), place);
    BOOST_TEST(hinted.net.urls() == "", place);
    frame listed;
    listed.net.at = {{below, resource(server, "\"" + std::string(place) + "\"")}};
    BOOST_TEST(listed.refusal().starts_with("insecure: discovery: https://mcp.example: "), place);
    BOOST_TEST(listed.net.urls() == below, place);
    for (auto const endpoint :
         {"authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"}) {
      frame named;
      auto const text = R"({"issuer":"https://as.example",")" + std::string(endpoint) + R"(":")" +
                        std::string(place) + R"(/x"})";
      named.net.at = {{below, resource(server)}, {as_metadata, {.body = text}}};
      BOOST_TEST(named.refusal().starts_with("insecure: discovery: https://as.example: "), place);
      BOOST_TEST(named.net.urls() == joined({below, as_metadata}), place);
    }
  }
  for (auto const place : {"file:///etc/passwd", "javascript:alert(1)", "/relative",
                           "https://u:p@as.example/", "https://as.example/#f", "ftp://as.example/"}) {
    frame f;
    BOOST_TEST(f.refusal(hint(place)).starts_with("bad_input: discovery: "), place);
    BOOST_TEST(f.net.urls() == "", place);
  }
}

BOOST_AUTO_TEST_CASE(a_server_on_this_machine_may_name_its_neighbours) {
  frame f;
  f.net.at = {
      {"http://localhost:9000/.well-known/oauth-protected-resource/mcp",
       resource("http://localhost:9000/mcp", "\"http://127.0.0.1:9001\"")},
      {"http://127.0.0.1:9001/.well-known/oauth-authorization-server", issuer("http://127.0.0.1:9001")}};
  BOOST_REQUIRE(f.find("", "http://localhost:9000/mcp"));
}

// The measure is the server that the user chose to trust, whoever names the URL.
BOOST_AUTO_TEST_CASE(a_server_within_a_network_may_be_served_from_there_and_no_deeper) {
  frame f;
  f.net.at = {
      {"https://tools.internal/.well-known/oauth-protected-resource/mcp",
       resource("https://tools.internal/mcp")},
      {as_metadata, {.body = R"({"issuer":"https://as.example","token_endpoint":"https://10.0.0.1/t"})"}}};
  BOOST_TEST(f.refusal("", "https://tools.internal/mcp") == "found");
  f.net.at[as_metadata].body =
      R"({"issuer":"https://as.example","token_endpoint":"https://169.254.169.254/t"})";
  BOOST_TEST(
      f.refusal("", "https://tools.internal/mcp").starts_with("insecure: discovery: https://as.example: "));
}

BOOST_AUTO_TEST_CASE(the_servers_own_url_must_be_one_that_may_be_asked) {
  frame f;
  BOOST_TEST(f.refusal("", "http://mcp.example/mcp").starts_with("insecure: discovery: "));
  BOOST_TEST(
      f.refusal(hint(root), "http://mcp.example/mcp").starts_with("insecure: discovery: oauth: server: "));
  BOOST_TEST(f.refusal("", "https://u:p@mcp.example/").starts_with("bad_input: discovery: "));
  BOOST_TEST(f.refusal("", "").starts_with("bad_input: discovery: "));
  BOOST_TEST(f.net.urls() == "");
}

BOOST_AUTO_TEST_CASE(configured_metadata_is_taken_from_there_and_the_resource_is_still_asked) {
  constexpr auto place = "https://id.corp.example/meta.json";
  frame f;
  f.rules.metadata_url = place;
  f.net.at = {{place, issuer("https://id.corp.example/tenant")},
              {below, resource(server, "\"https://as.example\"", R"(,"scopes_supported":["a"])")}};
  auto const got = f.find();
  BOOST_REQUIRE(got);
  BOOST_TEST(f.net.urls() == joined({below, place}));
  BOOST_TEST(got->server.issuer.view() == "https://id.corp.example/tenant");
  BOOST_TEST(got->resource.scopes_supported.joined().view() == "a");

  frame without;
  without.rules.metadata_url = place;
  without.net.at = {{place, issuer("https://id.corp.example")}};
  BOOST_TEST(without.find()->resource.resource.empty());
  BOOST_TEST(without.net.urls() == joined({below, root, place}));
  without.net.asked.clear();
  BOOST_REQUIRE(without.find(hint(root)));
  BOOST_TEST(without.net.urls() == joined({root, place}));

  // It could speak for a server that never heard of it: RFC 9207 would then be no guard.
  for (auto const other : {"https://as.example", "https://id.corp.example.evil", "http://id.corp.example",
                           "https://id.corp.example:8443", ""}) {
    frame g;
    g.rules.metadata_url = place;
    g.net.at = {{place, issuer(other)}};
    BOOST_TEST(g.refusal().starts_with("wrong_origin: discovery: https://id.corp.example: "), other);
    BOOST_TEST(g.net.urls() == joined({below, root, place}), other);
  }
  frame mismatch;
  mismatch.rules.metadata_url = place;
  mismatch.net.at = {{place, issuer("https://id.corp.example")}, {below, resource("https://evil.example")}};
  BOOST_TEST(mismatch.refusal().starts_with("wrong_origin: "));
  BOOST_TEST(mismatch.net.urls() == below);
  frame absent;
  absent.rules.metadata_url = place;
  BOOST_TEST(absent.refusal() == "fatal: discovery: https://id.corp.example: oauth: authorization server "
                                 "metadata: the server answered 404; check oauth.authServerMetadataUrl");
  frame silent;  // what the user said is not replaced by what a stranger lists
  silent.rules.metadata_url = place;
  silent.net.at = {{place, lost(cs::lost::not_sent)},
                   {below, resource(server)},
                   {as_metadata, issuer("https://as.example")}};
  BOOST_TEST(
      silent.refusal().starts_with("transient: discovery: https://id.corp.example: could not be reached"));
  BOOST_TEST(silent.net.urls() == joined({below, place}));
  frame clear;
  clear.rules.metadata_url = "http://id.corp.example/meta.json";
  BOOST_TEST(clear.refusal().starts_with("insecure: discovery: oauth: authServerMetadataUrl: "));
  BOOST_TEST(clear.net.urls() == "");
}

BOOST_AUTO_TEST_CASE(a_configured_server_may_be_more_private_than_the_mcp_server) {
  constexpr auto place = "https://id.internal/meta.json";
  frame f;
  f.rules.metadata_url = place;
  f.net.at = {{place, issuer("https://id.internal")}};
  BOOST_REQUIRE(f.find());
  f.net.at = {
      {place, {.body = R"({"issuer":"https://id.internal","token_endpoint":"https://169.254.169.254/t"})"}}};
  BOOST_TEST(f.refusal().starts_with("insecure: discovery: https://id.internal: "));
}

BOOST_AUTO_TEST_CASE(no_more_requests_than_the_limit_are_sent) {
  // One for the resource, then one for each server that can't be reached, until one answers.
  for (unsigned const unreached : {mcp::max_discovery_requests - 2, mcp::max_discovery_requests - 1}) {
    frame f;
    std::string servers;
    for (unsigned i = 0; i < unreached; ++i) {
      auto const name = "https://as" + std::to_string(i) + ".example";
      servers += "\"" + name + "\",";
      f.net.at[name + "/.well-known/oauth-authorization-server"] = lost(cs::lost::not_sent);
    }
    f.net.at[below] = resource(server, servers + "\"https://as.example\"");
    f.net.at[as_metadata] = issuer("https://as.example");
    bool const within = unreached + 2 <= mcp::max_discovery_requests;
    BOOST_TEST(f.refusal() == (within ? "found"
                                      : "transient: discovery: https://as6.example: no end after 8 requests; "
                                        "see which authorization servers the server lists"));
    BOOST_TEST(f.net.asked.size() == mcp::max_discovery_requests);
  }
}

BOOST_AUTO_TEST_CASE(wherever_memory_ends_nothing_is_left_out) {
  if (!fake::heap::is_ours) return;
  fake::world world;
  auto const outside = world.context();
  mcp::discovery_rules const rules{.metadata_url = "https://id.example/meta.json"};
  auto const challenge = "DPoP scope=\"a b\", resource_metadata=\"https://mcp.example/custom\""sv;
  for (auto const* const which : {&rules, static_cast<mcp::discovery_rules const*>(nullptr)}) {
    auto const first = which != nullptr ? "https://id.example" : "https://as.example";
    for (int phase = 0; phase < 3; ++phase) {
      bool complete = false;
      for (long block = 0; !complete && block < 300; ++block) {
        cs::response of_resource(200, cs::secret(resource(server).body));
        cs::response of_server(200, cs::secret(issuer(first).body));
        auto const rest = which != nullptr ? *which : mcp::discovery_rules();
        auto const made = [&] { return mcp::discovery(server, challenge, rest, outside); };
        auto const during = [&](int now, auto&& act) {
          if (now != phase) return act();
          fake::heap::refused_once const refused(block);
          act();
          complete = fake::heap::now.left >= 0;
        };
        std::optional<mcp::discovery> talk;
        during(0, [&] { talk.emplace(made()); });
        during(1, [&] { talk->supply(std::move(of_resource), world.now()); });
        during(2, [&] { talk->supply(std::move(of_server), world.now()); });
        auto const got = std::move(*talk).outcome();
        if (!got) {
          BOOST_TEST((got.error().code() == cs::errc::no_memory), got.error().message());
          continue;
        }
        BOOST_TEST(got->server.issuer.view() == first);
        BOOST_TEST(got->server.token_endpoint.view() == std::string(first) + "/token");
        BOOST_TEST(got->resource.resource.view() == server);
        BOOST_TEST(got->challenged_scope.view() == "a b");
        BOOST_TEST(got->dpop_wanted);
      }
      BOOST_TEST(complete);
    }
  }
}

// Its name may resolve to anything: that is for the transport, which has to know whose word it is.
BOOST_AUTO_TEST_CASE(the_transport_is_told_whose_word_a_url_is) {
  frame f;
  f.net.at = {{below, resource(server)}, {as_metadata, issuer("https://as.example")}};
  auto const got = f.find();
  BOOST_REQUIRE(got);
  BOOST_TEST((f.net.named == std::vector{""s, "https://mcp.example"s}));
  BOOST_TEST(got->server.named_by.view() == server);

  frame inside;
  inside.net.at = {{below, resource(server, "\"https://as.example\",\"https://other.example\"")},
                   {as_metadata, lost(cs::lost::refused)}};
  BOOST_TEST(inside.refusal() == "insecure: discovery: https://as.example: oauth: metadata: its name leads "
                                 "to an address within a network, and the server "
                                 "that named it is not there; nothing was sent");
  BOOST_TEST(inside.net.urls() == joined({below, as_metadata}));

  frame hinted;
  hinted.net.at = {{"https://cdn.example/m", lost(cs::lost::refused)}};
  BOOST_TEST(hinted.refusal(hint("https://cdn.example/m"))
                 .starts_with("insecure: discovery: https://cdn.example: "));
  BOOST_TEST((hinted.net.named == std::vector{"https://mcp.example"s}));

  frame known;  // the user's own word
  known.rules.metadata_url = "https://id.corp.example/meta.json";
  known.net.at = {{below, resource(server)},
                  {"https://id.corp.example/meta.json", issuer("https://id.corp.example")}};
  auto const said = known.find();
  BOOST_REQUIRE(said);
  BOOST_TEST((known.net.named == std::vector{""s, ""s}));
  BOOST_TEST(said->server.named_by.view() == "https://id.corp.example/meta.json");

  frame old;  // 2025-03-26
  BOOST_TEST(old.find()->server.named_by.view() == server);
}

BOOST_AUTO_TEST_SUITE_END()
