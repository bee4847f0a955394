// RFC 9449 §7.1, §8, §9
#include <countersign/format/bearer_or_dpop.hpp>

#include "fake/jws_verifier.hpp"
#include "fake/written.hpp"

#include <countersign/adapt/openssl_key.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cs = countersign;

static_assert(cs::header_formatter<cs::bearer_or_dpop, cs::bound_token>);
static_assert(!cs::header_formatter<cs::bearer_or_dpop, cs::secret>);
static_assert(!cs::is_constant<cs::bearer_or_dpop> && cs::max_learned_of<cs::bearer_or_dpop> == 1);

namespace {

cs::any_signer const& key() {
  static cs::any_signer const made = *cs::openssl_key::generate();
  return made;
}
cs::bound_token token(std::string_view type, std::string_view value = "at.1~x", bool with_key = true) {
  return {{cs::secret(value), cs::secret(type)}, with_key ? key() : cs::any_signer()};
}
cs::request const request("GET", "https://api.example/things?q=1");

struct answer {
  int code;
  std::vector<std::pair<std::string, std::string>> values = {};
  [[nodiscard]] int status() const { return code; }
  void fields(auto&& f) const {
    for (auto const& [name, value] : values) f(name, value);
  }
};
std::string const asks = "DPoP error=\"use_dpop_nonce\", error_description=\"nonce\"";

struct bench {
  cs::bearer_or_dpop formatter;
  cs::dpop_nonces memory;
  fake::written write(cs::bound_token const& with = token("DPoP"), cs::request const& what = request) {
    return fake::write(formatter, with, what, memory);
  }
  cs::heard hear(answer const& said, cs::stamp sent, cs::bound_token const& with = token("DPoP")) {
    return formatter.learn(with, request, cs::response_head(said), sent, memory);
  }
  std::optional<std::string> nonce() {
    auto const claims = fake::jws(write().fields.at(1).second).payload();
    auto const found = claims.get_optional<std::string>("nonce");
    return found ? std::optional<std::string>(*found) : std::nullopt;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(format_bearer_or_dpop)

BOOST_AUTO_TEST_CASE(the_tokens_type_decides) {
  bench b;
  BOOST_TEST(b.write(token("Bearer")).text() == "Authorization: Bearer at.1~x");
  BOOST_TEST(b.write(token("bEARER", "at", false)).text() == "Authorization: Bearer at");
  for (auto const* type : {"DPoP", "dpop", "DPOP"}) {
    auto const got = b.write(token(type));
    BOOST_REQUIRE(got.fields.size() == 2u);
    BOOST_TEST(got.fields[0].first == "Authorization");
    BOOST_TEST(got.fields[0].second == "DPoP at.1~x");
    BOOST_TEST(got.fields[1].first == "DPoP");
    BOOST_TEST(got.sent == 0u);
    fake::jws const proof(got.fields[1].second);
    BOOST_TEST(fake::verifies(proof));
    auto const claims = proof.payload();
    BOOST_TEST(claims.get<std::string>("htm") == "GET");
    BOOST_TEST(claims.get<std::string>("htu") == "https://api.example/things");
    BOOST_TEST(!claims.get_optional<std::string>("nonce"));
    // printf at.1~x | openssl dgst -sha256 -binary | basenc --base64url
    BOOST_TEST(claims.get<std::string>("ath").size() == 43u);
  }
}

BOOST_AUTO_TEST_CASE(what_can_not_be_written_is_refused_in_a_sentence) {
  bench b;
  for (auto const* type : {"", "MAC", "N_A", "DPoP "})
    BOOST_TEST(b.write(token(type))
                   .text()
                   .starts_with("fatal: bearer_or_dpop: the token was issued with another token_type"));
  BOOST_TEST(b.write(token("DPoP", "at", false))
                 .text()
                 .starts_with(
                     "fatal: bearer_or_dpop: the token is bound to a key, and the key did not come with it"));
  for (auto const* value : {"", "a b", "a\n", "="})
    BOOST_TEST(b.write(token("DPoP", value))
                   .text()
                   .starts_with("bad_input: bearer_or_dpop: the token is empty, or holds"));
  BOOST_TEST(b.write(token("Bearer", "a b")).text().starts_with("bad_input: bearer: "));
  b.formatter.require_dpop = true;
  BOOST_TEST(
      b.write(token("Bearer")).text().starts_with("fatal: bearer_or_dpop: the server issued a bearer token"));
  BOOST_TEST(b.write(token("DPoP")).ok());
  if (!fake::heap::is_ours) return;
  auto broken = token("DPoP");
  broken.access.value = fake::broken_secret();
  BOOST_TEST(b.write(broken).text().starts_with("no_memory"));
}

BOOST_AUTO_TEST_CASE(each_attempt_has_a_jti_of_its_own) {
  bench b;
  auto const jti = [&] { return fake::jws(b.write().fields.at(1).second).payload().get<std::string>("jti"); };
  fake::world outside;
  auto const context = outside.context();
  std::vector<std::string> seen;
  for (int i = 0; i < 3; ++i) {
    cs::draft out;
    BOOST_REQUIRE(b.formatter.format(token("DPoP"), request, out, cs::moment(context), b.memory).has_value());
    seen.push_back(fake::jws(*out.get("DPoP")).payload().get<std::string>("jti"));
  }
  BOOST_TEST((seen[0] != seen[1] && seen[1] != seen[2] && seen[0] != seen[2]));
  BOOST_TEST(!jti().empty());
}

BOOST_AUTO_TEST_CASE(a_nonce_is_heard_from_any_response_and_used_next) {
  bench b;
  BOOST_TEST(!b.nonce());
  int n = 0;
  for (int status : {200, 204, 301, 400, 401, 403, 404, 500}) {
    auto const given = "n" + std::to_string(++n);
    BOOST_TEST((b.hear({status, {{"DPoP-Nonce", given}}}, 0) == cs::heard::nothing));
    BOOST_TEST(b.nonce().value_or("") == given);
  }
  BOOST_TEST((b.hear({200, {{"DPoP-Nonce", "other"}}}, 0, token("Bearer")) == cs::heard::nothing));
  BOOST_TEST(b.nonce().value_or("") == "n8");  // a bearer token has no nonces
  cs::request const elsewhere("GET", "https://other.example/");
  auto const claims = fake::jws(b.write(token("DPoP"), elsewhere).fields.at(1).second).payload();
  BOOST_TEST(!claims.get_optional<std::string>("nonce"));
}

BOOST_AUTO_TEST_CASE(a_401_that_asks_for_a_nonce_is_judged_by_what_the_attempt_carried) {
  bench b;
  auto const bare = b.write().sent;
  BOOST_TEST(bare == 0u);
  BOOST_TEST((b.hear({401, {{"WWW-Authenticate", asks}}}, bare) ==
              cs::heard::give_up));  // none given: nothing to try with
  BOOST_TEST(
      (b.hear({401, {{"WWW-Authenticate", asks}, {"DPoP-Nonce", "one"}}}, bare) == cs::heard::try_again));
  auto const first = b.write().sent;
  BOOST_TEST(first != 0u);
  // Another thread that also left without one, and was given none: the first thread's will do.
  BOOST_TEST((b.hear({401, {{"WWW-Authenticate", asks}}}, bare) == cs::heard::try_again));
  // The same nonce again: the newest was refused.
  BOOST_TEST(
      (b.hear({401, {{"WWW-Authenticate", asks}, {"DPoP-Nonce", "one"}}}, first) == cs::heard::give_up));
  BOOST_TEST(
      (b.hear({401, {{"WWW-Authenticate", asks}, {"DPoP-Nonce", "two"}}}, first) == cs::heard::try_again));
  auto const second = b.write().sent;
  BOOST_TEST(second != first);
  // Late for the first nonce: the second is there already.
  BOOST_TEST(
      (b.hear({401, {{"WWW-Authenticate", asks}, {"DPoP-Nonce", "two"}}}, first) == cs::heard::try_again));
}

BOOST_AUTO_TEST_CASE(only_a_dpop_challenge_of_a_401_asks_for_a_nonce) {
  bench b;
  auto const heard = [&](int status, std::string const& challenge) {
    return b.hear({status, {{"WWW-Authenticate", challenge}, {"DPoP-Nonce", "n"}}}, 0);
  };
  for (auto const* other :
       {"DPoP error=\"invalid_token\"", "DPoP error=\"invalid_dpop_proof\"", "DPoP algs=\"ES256\"",
        "Bearer error=\"use_dpop_nonce\"", "DPoP", "DPoP error=\"use_dpop_nonce", "x use_dpop_nonce"})
    BOOST_TEST((heard(401, other) == cs::heard::nothing));
  BOOST_TEST((heard(400, asks) == cs::heard::nothing));
  BOOST_TEST((heard(403, asks) == cs::heard::nothing));
  BOOST_TEST((heard(401, "dpop error=use_dpop_nonce") == cs::heard::try_again));
  BOOST_TEST((heard(401, "Bearer realm=\"x\", DPoP algs=\"ES256\", error=\"use_dpop_nonce\"") ==
              cs::heard::try_again));
  BOOST_TEST(
      (b.hear({401, {{"WWW-Authenticate", "Bearer"}, {"WWW-Authenticate", asks}, {"DPoP-Nonce", "n2"}}}, 0) ==
       cs::heard::try_again));
}

BOOST_AUTO_TEST_CASE(many_threads_write_and_learn_at_once) {
  bench b;
  auto const with = token("DPoP");
  std::vector<int> good(8);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < good.size(); ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        auto const got = b.write(with);
        auto const proof = fake::jws(got.fields.at(1).second);
        bool const carries = proof.payload().get_optional<std::string>("nonce").has_value();
        b.hear({200, {{"DPoP-Nonce", std::to_string(t) + "-" + std::to_string(i)}}}, got.sent, with);
        good[t] += fake::verifies(proof) && carries == (got.sent != 0);
      }
    });
  for (auto& each : threads) each.join();
  for (int const each : good) BOOST_TEST(each == 50);
}

BOOST_AUTO_TEST_SUITE_END()
