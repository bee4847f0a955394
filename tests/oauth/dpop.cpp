// RFC 9449 §5, §8
#include <countersign/oauth/dpop.hpp>

#include "fake/context.hpp"
#include "fake/jws_verifier.hpp"

#include <countersign/adapt/openssl_key.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

namespace {
constexpr std::string_view endpoint = "https://id.example/token";

cs::response answered(int status, std::string_view body, std::string_view nonce = {}) {
  cs::response made(status, cs::secret(body));
  if (!nonce.empty()) made.headers.append("DPoP-Nonce", nonce);
  return made;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_dpop)

BOOST_AUTO_TEST_CASE(a_token_request_is_proved_without_ath) {
  fake::world world;
  auto const outside = world.context();
  auto const key = cs::openssl_key::generate();
  cs::dpop_nonces nonces;
  cs::request to("POST", "https://id.example/token?tenant=1");
  auto const bare = cs::oauth::add_dpop_proof(to, *key, nonces, cs::moment(outside));
  BOOST_REQUIRE(bare.has_value());
  BOOST_TEST(*bare == 0u);
  fake::jws const first(*to.get("DPoP"));
  BOOST_TEST(fake::verifies(first));
  BOOST_TEST(first.payload().get<std::string>("htm") == "POST");
  BOOST_TEST(first.payload().get<std::string>("htu") == "https://id.example/token");
  BOOST_TEST(!first.payload().get_optional<std::string>("ath"));
  BOOST_TEST(!first.payload().get_optional<std::string>("nonce"));

  BOOST_TEST(
      (cs::oauth::learn_dpop_nonce(nonces, to.url(), answered(400, R"({"error":"use_dpop_nonce"})", "n1"),
                                   *bare) == cs::heard::try_again));
  auto const again = cs::oauth::add_dpop_proof(to, *key, nonces, cs::moment(outside));
  BOOST_REQUIRE(again.has_value());
  fake::jws const second(*to.get("DPoP"));  // in place of the first
  BOOST_TEST(second.payload().get<std::string>("nonce") == "n1");
  BOOST_TEST(second.payload().get<std::string>("jti") != first.payload().get<std::string>("jti"));
  int count = 0;
  to.fields([&](std::string_view name, std::string_view) { count += name == "DPoP"; });
  BOOST_TEST(count == 1);

  cs::request nowhere("POST", "token");
  BOOST_TEST((cs::oauth::add_dpop_proof(nowhere, *key, nonces, cs::moment(outside)).error().code() ==
              cs::errc::bad_input));
}

BOOST_AUTO_TEST_CASE(what_an_answer_says_of_nonces) {
  struct {
    int status;
    std::string body, nonce;
    cs::heard told;
    std::string_view known;
  } const rows[] = {
      {200, R"({"access_token":"t"})", "n1", cs::heard::nothing, "n1"},
      {400, R"({"error":"use_dpop_nonce"})", "n1", cs::heard::try_again, "n1"},
      {401, R"({"error":"use_dpop_nonce"})", "n1", cs::heard::try_again, "n1"},
      {400, R"({"error":"use_dpop_nonce"})", "", cs::heard::give_up, ""},
      {400, R"({"error":"use_dpop_nonce"})", "not one", cs::heard::give_up, ""},
      {400, R"({"error":"invalid_grant"})", "n1", cs::heard::nothing, "n1"},
      {400, R"({"error":"invalid_dpop_proof"})", "n1", cs::heard::nothing, "n1"},
      {400, "use_dpop_nonce", "n1", cs::heard::nothing, "n1"},
      {400, "", "", cs::heard::nothing, ""},
      {200, R"({"error":"use_dpop_nonce"})", "n1", cs::heard::nothing, "n1"},
      {500, R"({"error":"use_dpop_nonce"})", "n1", cs::heard::nothing, "n1"},
      {400, R"({"error":"use_dpop_nonce"})" + std::string(cs::oauth::max_dpop_error - 26, ' '), "n1",
       cs::heard::try_again, "n1"},
      {400, R"({"error":"use_dpop_nonce"})" + std::string(cs::oauth::max_dpop_error - 25, ' '), "n1",
       cs::heard::nothing, "n1"},
  };
  for (auto const& row : rows)
    BOOST_TEST_CONTEXT(row.status << " " << row.body.substr(0, 40) << " " << row.nonce) {
      cs::dpop_nonces nonces;
      BOOST_TEST((cs::oauth::learn_dpop_nonce(nonces, endpoint, answered(row.status, row.body, row.nonce),
                                              0) == row.told));
      BOOST_TEST(nonces.get("https://id.example").view() == row.known);
    }
}

BOOST_AUTO_TEST_CASE(the_newest_nonce_refused_is_given_up) {
  cs::dpop_nonces nonces;
  auto const asks = [&](std::string_view nonce, cs::stamp sent) {
    return cs::oauth::learn_dpop_nonce(nonces, endpoint,
                                       answered(400, R"({"error":"use_dpop_nonce"})", nonce), sent);
  };
  BOOST_TEST((asks("n1", 0) == cs::heard::try_again));
  auto const first = nonces.get("https://id.example").number();
  BOOST_TEST((asks("n1", first) == cs::heard::give_up));
  BOOST_TEST((asks("n2", first) == cs::heard::try_again));
  BOOST_TEST((asks("", first) == cs::heard::try_again));  // another request has learned since
  BOOST_TEST((cs::oauth::learn_dpop_nonce(nonces, "no url", answered(400, "{}"), 0) == cs::heard::nothing));
}

BOOST_AUTO_TEST_SUITE_END()
