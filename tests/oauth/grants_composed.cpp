// Every grant, written by every formatter that takes tokens, renewed by every strategy: a request goes through.
#include <countersign/oauth.hpp>

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format.hpp>
#include <countersign/refresh.hpp>

#include "fake/context.hpp"
#include "fake/jws_verifier.hpp"
#include "fake/token_endpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {

constexpr auto token_url = "https://id.example/token"sv;
constexpr auto api_url = "https://api.example/things?x=1"sv;

cs::openssl_key const& proof_key() {
  static auto const key = cs::openssl_key::generate().value();
  return key;
}

// One of each grant, for tokens that are bound to a key.
template <class Grant>
Grant grant() {
  oauth::client_identity const client{.id = "app", .secret = cs::secret("s")};
  if constexpr (std::same_as<Grant, oauth::client_credentials>)
    return {.token_endpoint = token_url, .client = client, .dpop_key = proof_key()};
  else if constexpr (std::same_as<Grant, oauth::jwt_bearer>)
    return {.token_endpoint = token_url,
            .client = client,
            .assertion = cs::secret("a.b.c"),
            .dpop_key = proof_key()};
  else if constexpr (std::same_as<Grant, oauth::token_exchange>)
    return {
        .token_endpoint = token_url, .client = client, .subject = cs::secret("u"), .dpop_key = proof_key()};
  else if constexpr (std::same_as<Grant, oauth::enterprise>)
    return {.provider = {.endpoint = "https://idp.example/token", .client = client},
            .id_token = cs::secret("i.d.t"),
            .token_endpoint = token_url,
            .issuer = "https://id.example",
            .client = client,
            .dpop_key = proof_key()};
  else if constexpr (std::same_as<Grant, oauth::refresh_token>)
    return {
        .token_endpoint = token_url, .client = client, .initial = cs::secret("r0"), .dpop_key = proof_key()};
  else {
    oauth::authorization_code made{.client = client, .dpop_key = proof_key()};
    made.server.issuer = "https://id.example";
    made.server.authorization_endpoint = "https://id.example/authorize";
    made.server.token_endpoint = token_url;
    made.server.code_challenge_methods_supported = {"S256"};
    return made;
  }
}

// A strategy of a user's own.
struct stubborn {
  [[nodiscard]] cs::wall_time due(cs::wall_time, cs::wall_time expires, std::uint32_t) const noexcept {
    return expires;
  }
  [[nodiscard]] cs::verdict judge(cs::response_head const& head, cs::tries so_far) const {
    return head.status() != 401  ? cs::verdict::accept
           : so_far.renewals < 3 ? cs::verdict::renew
                                 : cs::verdict::give_up;
  }
  [[nodiscard]] cs::duration back_off(unsigned) const noexcept { return {}; }
};

// Tokens t1, t2, … of one type; the API takes those from `good_from` on, however they are written.
struct world_of_servers {
  explicit world_of_servers(std::string token_type) : type(std::move(token_type)) {
    net.answer = [this](fake::token_post const& asked, std::size_t) {
      if (asked.url.starts_with("https://idp."))
        return fake::token_reply(
            R"({"access_token":"j","token_type":"N_A","issued_token_type":"urn:ietf:params:oauth:token-type:id-jag"})");
      BOOST_TEST(fake::verifies(fake::jws(asked.dpop)));
      auto const n = std::to_string(++given);
      return fake::token_reply("{\"access_token\":\"t" + n + "\",\"token_type\":\"" + type +
                               "\",\"expires_in\":3600,\"refresh_token\":\"r" + n + "\"}");
    };
    net.api = [this](fake::api_call const& made) {
      return fake::reply{.status = takes(made.fields) ? 200 : 401};
    };
  }

  bool takes(std::map<std::string, std::string> const& fields) const {
    auto const field = [&](char const* name) { return fields.contains(name) ? fields.at(name) : ""s; };
    bool good = false;
    for (int n = good_from; n <= given; ++n) {
      auto const token = "t" + std::to_string(n);
      bool const bearer = field("Authorization") == "Bearer " + token || field("X-Token") == token;
      bool const bound = field("Authorization") == "DPoP " + token;
      if (bound) {
        fake::jws const proof(field("DPoP"));
        auto const claims = proof.payload();
        BOOST_TEST(fake::verifies(proof));
        BOOST_TEST(claims.get<std::string>("htu") == "https://api.example/things");
        BOOST_TEST(claims.get<std::string>("ath") != "");
      }
      good = good || (type == "DPoP" ? bound : bearer);
    }
    return good;
  }

  std::string type;
  fake::token_endpoint net;
  fake::signer_in person;
  int given = 0, good_from = 1;
};

template <class Grant, class Formatter, class Strategy>
void compose(Formatter const& writes, Strategy const& renews, std::string const& names) {
  constexpr bool proves = std::same_as<Formatter, cs::bearer_or_dpop> ||
                          std::same_as<Formatter, cs::with_fields<cs::bearer_or_dpop>>;
  for (auto const* const type : {"Bearer", "DPoP"}) BOOST_TEST_CONTEXT(names << " of type " << type) {
      fake::world world;
      world_of_servers servers(type);
      cs::authenticator auth(grant<Grant>(), writes, renews, cs::only("https://api.example"),
                             world.context());
      cs::request const call("GET", api_url);
      auto const send = [&] {
        auto const got = cs::send(auth, call, servers.net, servers.person);
        return got ? std::to_string(got->status())
                   : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
      };
      auto const first = send();
      if (!proves && type == "DPoP"sv) {
        BOOST_TEST(first.starts_with("fatal: "));
        BOOST_TEST(first.find("write it with bearer_or_dpop") != std::string::npos);
        BOOST_TEST(servers.net.calls.empty());
        continue;
      }
      BOOST_TEST(first == "200");
      BOOST_TEST(send() == "200");
      BOOST_TEST(servers.given == 1);
      // The server wants a newer one.
      servers.good_from = 2;
      auto const refused = send();
      if (std::same_as<Strategy, cs::never>) BOOST_TEST(refused.starts_with("rejected: "));
      else BOOST_TEST(refused == "200");
      // It has expired.
      world.advance(cs::seconds(4000));
      BOOST_TEST(send() == "200");
      BOOST_TEST(servers.person.pages.size() == (std::same_as<Grant, oauth::authorization_code> ? 1u : 0u));
    }
}

template <class Grant, class Formatter>
void compose_strategies(Formatter const& writes, std::string const& names) {
  compose<Grant>(writes, cs::renewal(), names + ", renewal");
  compose<Grant>(writes, cs::never(), names + ", never");
  compose<Grant>(writes, stubborn(), names + ", a strategy of the user's");
}

template <class Grant>
void compose_with_all(std::string const& name) {
  compose_strategies<Grant>(cs::bearer(), name + ", bearer");
  compose_strategies<Grant>(cs::header("X-Token"), name + ", header");
  compose_strategies<Grant>(cs::bearer_or_dpop(), name + ", bearer_or_dpop");
  compose_strategies<Grant>(cs::with_fields(cs::bearer_or_dpop(), {{"X-Tenant", "acme"}}),
                            name + ", with_fields");
  compose_strategies<Grant>(cs::each_of(cs::bearer(), cs::header("X-Token")), name + ", each_of");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_grants_composed)

BOOST_AUTO_TEST_CASE(client_credentials) {
  compose_with_all<oauth::client_credentials>("client_credentials");
}
BOOST_AUTO_TEST_CASE(jwt_bearer) { compose_with_all<oauth::jwt_bearer>("jwt_bearer"); }
BOOST_AUTO_TEST_CASE(token_exchange) { compose_with_all<oauth::token_exchange>("token_exchange"); }
BOOST_AUTO_TEST_CASE(enterprise) { compose_with_all<oauth::enterprise>("enterprise"); }
BOOST_AUTO_TEST_CASE(refresh_token) { compose_with_all<oauth::refresh_token>("refresh_token"); }
BOOST_AUTO_TEST_CASE(authorization_code) {
  compose_with_all<oauth::authorization_code>("authorization_code");
}

BOOST_AUTO_TEST_SUITE_END()
