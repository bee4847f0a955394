// Whatever a server answers, each credential goes to its own origin alone, and what is sent for one request of the user's has
// an end. RFC 9110 §15.4, RFC 9207, RFC 9728 §3.3, RFC 6749 §10.
#include "mcp/hostile.hpp"

#include <countersign/drive/send.hpp>
#include <countersign/format/as_is.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/digest.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/format/hmac_signature.hpp>
#include <countersign/format/http_signature.hpp>
#include <countersign/format/sigv4.hpp>
#include <countersign/format/with_fields.hpp>
#include <countersign/source/fixed.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace mcp = countersign::mcp;
using hostile::journey;
using namespace std::literals;

namespace {

cs::response says(int status, std::string_view body) { return cs::response(status, cs::secret(body)); }

// Where a redirect of https://mcp.example may lead, and whether that is the same origin.
struct place {
  std::string_view url;
  bool same;
};
constexpr place places[] = {
    {"http://mcp.example/mcp", false},
    {"https://evil.example/mcp", false},
    {"https://mcp.example:8443/mcp", false},
    {"https://api.mcp.example/mcp", false},
    {"https://mcp.example@evil.example/", false},
    {"https://mcp.example./mcp", false},
    {"https://mcp.\xd0\xb5xample/mcp", false},
    {"https://xn--mcp-example.test/", false},
    {"https://mcp.example.evil.test/", false},
    {"wss://mcp.example/mcp", false},
    {"https://MCP.Example/elsewhere", true},
    {"https://mcp.example:443/mcp", true},
};
constexpr int statuses[] = {301, 302, 303, 307, 308};

// A client of the user's that follows redirects, as many do, and authorizes each request anew.
template <class Auth>
void follow_everywhere(std::string_view name, Auth& auth, std::string_view hidden) {
  for (auto const& first : places)
    for (auto const& second : places)
      for (auto const& third : places) {
        std::string_view const hops[] = {"https://mcp.example/mcp", first.url, second.url, third.url};
        bool const same[] = {true, first.same, second.same, third.same};
        for (int hop = 0; hop < 4; ++hop) {
          cs::request what("POST", hops[hop], cs::secret("{}"));
          bool const written = auth.authorize(what).has_value();
          std::string carried;
          what.fields([&](std::string_view field, std::string_view value) {
            carried += std::string(field) + ": " + std::string(value) + "\n";
          });
          if (written != same[hop] || carried.empty() == same[hop] ||
              (!same[hop] && hostile::leaks(carried, hidden)))
            BOOST_ERROR(name << " at " << hops[hop] << ": " << carried);
        }
      }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_hostile)

BOOST_AUTO_TEST_CASE(no_redirect_of_any_server_is_followed) {
  struct row {
    std::string_view name, prefix;  // of "METHOD URL"
  };
  for (auto const& [name, prefix] : {row{"the server", "POST https://mcp.example/mcp"},
                                     row{"its metadata", "GET https://mcp.example/.well-known"},
                                     row{"the issuer's metadata", "GET https://id.example/.well-known"},
                                     row{"registration", "POST https://id.example/register"},
                                     row{"the token endpoint", "POST https://id.example/token"},
                                     row{"revocation", "POST https://id.example/revoke"}})
    for (int const status : statuses)
      for (auto const& to : places) {
        BOOST_TEST_CONTEXT(name << " answers " << status << " to " << to.url) {
          for (bool const later : {false, true}) {  // from the first request on, or with a login at hand
            journey j;
            j.there.turn.auth_method = "client_secret_basic";
            if (later) {
              auto auth = j.client();
              BOOST_TEST(j.call(auth) == 200);
              j.there.forget_access();
            }
            int hops = 0;
            j.instead = [&, prefix = prefix](cs::request const& what,
                                             std::size_t) -> std::optional<cs::result<cs::response>> {
              if (!(std::string(what.method()) + " " + std::string(what.url())).starts_with(prefix))
                return std::nullopt;
              ++hops;
              auto made = says(status, "");
              made.headers.append("Location", to.url);
              return made;
            };
            auto auth = j.client();
            static_cast<void>(j.call(auth));
            j.leave();
            j.all_is_where_it_belongs();
            if (name == "revocation" ? later : name != "registration" || !later) BOOST_TEST(hops > 0);
            for (auto const& one : j.record)
              BOOST_TEST((one.url != to.url || one.url == fake::oauth_server::mcp));
          }
        }
      }
}

BOOST_AUTO_TEST_CASE(no_formatter_writes_for_another_origin_than_the_credentials) {
  std::string const hidden(hostile::canary);
  cs::only const here{"https://mcp.example"};
  auto const token = [&] { return cs::fixed{std::string_view(hidden)}; };
  auto const play = [&](std::string_view name, auto source, auto formatter) {
    cs::authenticator auth{std::move(source), std::move(formatter), here};
    follow_everywhere(name, auth, hidden);
  };
  play("bearer", token(), cs::bearer{});
  play("header", token(), cs::header{"X-API-Key"});
  play("with a prefix", token(), cs::header{"X-Token", "Key "});
  play("basic", cs::fixed{cs::basic_login{cs::secret("user"), cs::secret(hidden)}}, cs::basic{});
  play("hmac", cs::fixed{cs::key_pair{.id = cs::secret(hidden), .key = cs::secret(hidden)}},
       cs::hmac_signature{});
  play("each_of", token(), cs::each_of{cs::bearer{}, cs::header{"X-API-Key"}});
  play("with_fields", token(), cs::with_fields{cs::bearer{}, {{"X-Custom", std::string_view(hidden)}}});
  play("http_signature", cs::fixed{cs::key_pair{.id = cs::secret(hidden), .key = cs::secret(hidden)}},
       cs::http_signature{});
  play("sigv4",
       cs::fixed{cs::aws_credentials{.access_key_id = cs::secret(hidden),
                                     .secret_access_key = cs::secret(hidden),
                                     .session_token = cs::secret(hidden)}},
       cs::sigv4{{.region = "eu-west-1", .service = "sqs"}});
  play("bearer_or_dpop",
       cs::fixed{cs::bound_token{.access = {.value = cs::secret(hidden), .type = cs::secret("Bearer")}}},
       cs::bearer_or_dpop{});
  // Once it has been asked, by a server that would like other origins to be answered too.
  cs::authenticator digest{cs::fixed{cs::basic_login{cs::secret("user"), cs::secret(hidden)}}, cs::digest{}, here};
  auto const asks = [](cs::request const& sent) -> cs::result<cs::response> {
    if (sent.get("Authorization")) return cs::response(200);
    cs::response challenge(401);
    challenge.headers.append("WWW-Authenticate",
                             "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", "
                             "domain=\"/ https://evil.example/ //evil.example/ http://mcp.example/\"");
    return challenge;
  };
  BOOST_REQUIRE(cs::send(digest, cs::request("POST", "https://mcp.example/mcp"), asks).has_value());
  follow_everywhere("digest", digest, hidden);
  auto key = cs::openssl_proof_keys.read(cs::openssl_proof_keys.make().value());
  play("dpop",
       cs::fixed{cs::bound_token{.access = {.value = cs::secret(hidden), .type = cs::secret("DPoP")},
                                 .key = std::move(*key)}},
       cs::bearer_or_dpop{});
}

// Two authorization servers, one of which means no good: it has the browser of a person who signs in there come back with a
// code of the other, or the other way round.
BOOST_AUTO_TEST_CASE(a_code_of_another_server_is_redeemed_nowhere) {
  struct row {
    std::string_view iss;
    bool announced, redeemed;
  };
  for (auto const& [iss, announced, redeemed] :
       {row{"&iss=https://id.example", true, true}, row{"", true, false},
        row{"&iss=https://evil.example", true, false}, row{"&iss=https://id.example/", true, false},
        row{"&iss=https://ID.example", true, false}, row{"&iss=https://id.example:443", true, false},
        row{"&iss=http://id.example", true, false}, row{"&iss=", true, false},
        row{"&iss=https://id.example&iss=https://id.example", true, false},
        row{"&iss=https://id.example&iss=https://evil.example", true, false}, row{"", false, true},
        row{"&iss=https://id.example", false, false}, row{"&iss=https://evil.example", false, false}}) {
    BOOST_TEST_CONTEXT(iss << (announced ? "" : ", not announced")) {
      journey j;
      j.instead = [&, announced = announced](cs::request const& what,
                                             std::size_t) -> std::optional<cs::result<cs::response>> {
        if (announced || what.url() != "https://id.example/.well-known/oauth-authorization-server")
          return std::nullopt;
        auto made = j.there.transport()(what);
        std::string text(made->body.reveal());
        constexpr auto member = R"("authorization_response_iss_parameter_supported":true,)"sv;
        text.erase(text.find(member), member.size());
        return says(200, text);
      };
      j.person_says = [&, iss = iss](cs::question const& what) -> std::optional<cs::result<cs::secret>> {
        if (what.what != cs::question::kind::page) return std::nullopt;
        std::string back(j.there.person()(what)->reveal());
        auto const from = back.find("&iss="), to = back.find('&', from + 1);
        back.replace(from, to - from, iss);
        return cs::secret(back);
      };
      auto auth = j.client();
      BOOST_TEST(j.call(auth) == (redeemed ? 200 : 0));
      BOOST_TEST(j.there.count("POST https://id.example/token") == (redeemed ? 1 : 0));
      j.nothing_is_told();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_says_again_what_it_was_sent_is_not_quoted) {
  journey j;
  j.person_says = [&](cs::question const& what) -> std::optional<cs::result<cs::secret>> {
    if (what.what != cs::question::kind::page) return std::nullopt;
    std::string const url(what.url.reveal());
    auto const at = url.find("state=") + 6;
    auto const state = url.substr(at, url.find('&', at) - at);
    return cs::secret("http://127.0.0.1:7777/callback?state=" + state +
                      "&iss=https://id.example&error=access_denied&error_description=" + state);
  };
  auto auth = j.client();
  BOOST_TEST(j.call(auth) == 0);
  BOOST_TEST(j.errors.back().find("access_denied") != std::string::npos, j.errors.back());
  j.nothing_is_told();
}

BOOST_AUTO_TEST_CASE(for_another_resource_nobody_is_sent_to_a_page) {
  for (std::string_view resource :
       {"https://evil.example/mcp", "https://mcp.example.evil.test/mcp", "https://mcp.example:8443/mcp",
        "http://mcp.example/mcp", "https://mcp.example/mcp/more", "https://mcp.example/mc",
        "https://mcp.example/other", "https://mcp.example/mcp?tenant=1", "https://mcp.example/mcp#part",
        "https://user@mcp.example/mcp", "https://mcp.example/mcp/../other", "mcp.example", ""}) {
    BOOST_TEST_CONTEXT(resource) {
      journey j;
      j.instead = [&](cs::request const& what, std::size_t) -> std::optional<cs::result<cs::response>> {
        if (!what.url().starts_with("https://mcp.example/.well-known/oauth-protected-resource"))
          return std::nullopt;
        return says(200, R"({"resource":")" + std::string(resource) +
                             R"(","authorization_servers":["https://id.example"]})");
      };
      auto auth = j.client();
      BOOST_TEST(j.call(auth) == 0);
      BOOST_TEST(j.pages == 0);
      BOOST_TEST(j.record.size() == 2u);
      BOOST_TEST(j.errors.back().find("its resource is not https://mcp.example") != std::string::npos,
                 j.errors.back());
    }
  }
}

// The documents that a login came of say something else now.
BOOST_AUTO_TEST_CASE(a_refresh_token_stays_with_the_endpoint_that_gave_it) {
  struct row {
    std::string_view what, with;
  };
  for (auto const& [what, with] : {row{R"("token_endpoint":"https://id.example/token")",
                                       R"("token_endpoint":"https://evil.example/token")"},
                                   row{R"("token_endpoint":"https://id.example/token")",
                                       R"("token_endpoint":"https://id.example/token2")"},
                                   row{R"(["https://id.example"])", R"(["https://evil.example"])"}}) {
    BOOST_TEST_CONTEXT(with) {
      journey j;
      j.settings.interactive = true;
      auto auth = j.client();
      BOOST_TEST(j.call(auth) == 200);
      j.there.forget_access();
      j.settings.interactive = false;
      auto next = j.client();
      auto const before = j.record.size();
      j.instead = [&, what = what, with = with](cs::request const& asked,
                                                std::size_t) -> std::optional<cs::result<cs::response>> {
        if (asked.url().starts_with("https://evil.example/.well-known"))
          return says(
              200,
              R"({"issuer":"https://evil.example","authorization_endpoint":"https://evil.example/a","token_endpoint":"https://evil.example/token"})");
        auto made = j.there.transport()(asked);
        std::string text(made->body.reveal());
        if (auto const at = text.find(what); asked.method() == "GET" && at != std::string::npos)
          made->body = cs::secret(text.replace(at, what.size(), with));
        return made;
      };
      BOOST_TEST(j.call(next) == 0);
      for (auto at = before; at < j.record.size(); ++at) {
        auto const& one = j.record[at];
        BOOST_TEST((one.method == "GET" || one.url == fake::oauth_server::mcp), one.url);
        BOOST_TEST((one.url == fake::oauth_server::mcp || !hostile::leaks(one.text(), hostile::canary)),
                   one.url);
      }
      j.nothing_is_told();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_clock_that_jumps_costs_one_refresh) {
  constexpr long long hour = 3600, years = 10LL * 365 * 24 * 3600;
  for (long long const jump : {hour, -hour, years, -years}) {
    BOOST_TEST_CONTEXT(jump) {
      journey j;
      auto auth = j.client();
      BOOST_TEST(j.call(auth) == 200);
      for (int epoch = 1; epoch <= 3; ++epoch) {
        j.world.jump_wall(cs::seconds(epoch % 2 == 1 ? jump : -jump));
        for (int turn = 0; turn < 5; ++turn) BOOST_TEST(j.call(auth) == 200);
        BOOST_TEST(j.there.count("refresh_token") <= epoch);
      }
      // The machine says it is good for years; the server knows better.
      auto const before = j.there.count("refresh_token");
      j.there.forget_access();
      for (int turn = 0; turn < 5; ++turn) BOOST_TEST(j.call(auth) == 200);
      BOOST_TEST(j.there.count("refresh_token") == before + 1);
      BOOST_TEST(j.there.count("reuse") == 0);
      BOOST_TEST(j.pages == 1);
    }
  }
}

// -- no end

BOOST_AUTO_TEST_CASE(a_server_that_always_refuses_is_not_asked_without_end) {
  journey j;
  int number = 0;
  j.instead = [&](cs::request const& what, std::size_t) -> std::optional<cs::result<cs::response>> {
    if (what.url() == fake::oauth_server::mcp) {
      auto made = says(401, "");
      made.headers.append(
          "WWW-Authenticate",
          "Bearer resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/mcp?" +
              std::to_string(++number) + "\"");
      return made;
    }
    // Another issuer each time.
    if (what.url().starts_with("https://mcp.example/.well-known"))
      return says(200,
                  R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://id.example/)" +
                      std::to_string(number) + "\"]}");
    auto const path = "https://id.example/" + std::to_string(number);
    if (what.method() == "GET")
      return says(200, R"({"issuer":")" + path + R"(","authorization_endpoint":")" + path +
                           R"(/a","token_endpoint":")" + path + R"(/t","registration_endpoint":")" + path +
                           R"(/r","code_challenge_methods_supported":["S256"]})");
    if (what.url().ends_with("/r"))
      return says(
          201,
          R"({"client_id":"c","token_endpoint_auth_method":"none","redirect_uris":["https://evil.example/"]})");
    return says(200, R"({"access_token":"at-)" + std::to_string(number) +
                         R"(","token_type":"Bearer","expires_in":3600,"refresh_token":"rt"})");
  };
  j.person_says = [&](cs::question const& what) -> std::optional<cs::result<cs::secret>> {
    if (what.what != cs::question::kind::page) return std::nullopt;
    std::string const url(what.url.reveal());
    BOOST_TEST(url.find("redirect_uri=http%3A%2F%2F127.0.0.1%3A7777%2Fcallback") !=
               std::string::npos);  // ours, whatever the server registered
    auto const at = url.find("state=") + 6;
    return cs::secret("http://127.0.0.1:7777/callback?code=c&state=" +
                      url.substr(at, url.find('&', at) - at));
  };
  auto auth = j.client();
  BOOST_TEST(j.call(auth) == 0);
  BOOST_TEST(j.pages == 2);            // for the refusal of a bare request, and for that of the token
  BOOST_TEST(j.record.size() == 11u);  // three calls; twice two documents, a registration, a token
  // Others of the user's soon after are not each worth a page.
  for (int turn = 0; turn < 20; ++turn) BOOST_TEST(j.call(auth) == 0);
  BOOST_TEST(j.pages <= 3);
  BOOST_TEST(j.record.size() < 60u);
}

BOOST_AUTO_TEST_CASE(a_thousand_authorization_servers_cost_eight_requests) {
  journey j;
  std::string list;
  for (int i = 0; i < 1000; ++i)
    list += (i == 0 ? "\"https://as" : ",\"https://as") + std::to_string(i) + ".example\"";
  j.instead = [&](cs::request const& what, std::size_t) -> std::optional<cs::result<cs::response>> {
    if (what.url().starts_with("https://mcp.example/.well-known"))
      return says(200, R"({"resource":"https://mcp.example/mcp","authorization_servers":[)" + list + "]}");
    if (what.url() == fake::oauth_server::mcp) return std::nullopt;
    return cs::error{cs::errc::unanswered, "silence"};
  };
  auto auth = j.client();
  BOOST_TEST(j.call(auth) == 0);
  BOOST_TEST(j.record.size() == 1 + mcp::max_discovery_requests);
}

BOOST_AUTO_TEST_CASE(what_a_challenge_says_is_used_as_far_as_it_makes_sense) {
  struct row {
    std::string challenge;
    std::string_view said;  // by the error; empty: a sign-in
    std::size_t requests;
  };
  std::string many;
  for (int i = 0; i < 129; ++i) many += "scope" + std::to_string(i) + " ";
  for (auto const& [challenge, said, requests] :
       {// Too long to be read: it counts as none.
        row{"Bearer scope=\"" + std::string(1 << 20, 'x') + "\"", "", 6},
        row{"Bearer scope=\"" + std::string(5000, 'x') + "\"", "more than 128 scopes or 4096 bytes", 3},
        row{"Bearer scope=\"" + many + "\"", "more than 128 scopes", 3},
        row{"Bearer " + std::string(1 << 20, ','), "", 6}, row{std::string(1 << 20, '"'), "", 6},
        row{"Bearer resource_metadata=\"https://user:word@mcp.example/m\"",
            "with a user in front of the host", 1},
        row{"Bearer resource_metadata=\"https://mcp.example/m#f\"", "fragment", 1},
        row{"Bearer resource_metadata=\"http://mcp.example/m\"", "plain http", 1},
        row{"Bearer resource_metadata=\"https://169.254.169.254/m\"", "within a network", 1},
        row{"Bearer resource_metadata=\"https://2852039166/m\"", "within a network", 1},
        row{"Bearer resource_metadata=\"https://[::ffff:10.0.0.1]/m\"", "within a network", 1},
        row{"Bearer resource_metadata=\"https://mcp.\xd0\xb5xample/m\"", "within a network", 1},
        row{"Bearer resource_metadata=\"file:///etc/passwd\"", "oauth: resource_metadata", 1},
        row{"Bearer resource_metadata=\"\"", "", 6}}) {
    BOOST_TEST_CONTEXT(challenge.substr(0, 80)) {
      journey j;
      j.instead = [&, challenge = challenge](cs::request const& what,
                                             std::size_t) -> std::optional<cs::result<cs::response>> {
        if (what.url() != fake::oauth_server::mcp || what.get("Authorization")) return std::nullopt;
        auto made = says(401, "");
        made.headers.append("WWW-Authenticate", challenge);
        return made;
      };
      auto auth = j.client();
      BOOST_TEST(j.call(auth) == (said.empty() ? 200 : 0));
      BOOST_TEST(j.record.size() == requests);
      if (!said.empty())
        BOOST_TEST((!j.errors.empty() && j.errors.back().find(said) != std::string::npos),
                   (j.errors.empty() ? "" : j.errors.back()));
      BOOST_TEST(j.pages == (said.empty() ? 1 : 0));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
