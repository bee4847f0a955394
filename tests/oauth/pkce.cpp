// RFC 7636 §4.1, §4.2, appendix B.
#include <countersign/oauth/pkce.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

BOOST_AUTO_TEST_SUITE(oauth_pkce)

BOOST_AUTO_TEST_CASE(the_example_of_the_rfc) {
  fake::world w;
  constexpr unsigned char octets[] = {116, 24,  223, 180, 151, 153, 224, 37,  79,  250, 96,
                                      125, 216, 173, 187, 186, 22,  212, 37,  77,  105, 214,
                                      191, 240, 91,  88,  5,   88,  83,  132, 141, 121};
  w.entropy.assign(reinterpret_cast<char const*>(octets), sizeof octets);
  auto const proof = oauth::make_code_proof(w.context());
  BOOST_REQUIRE(proof);
  auto const row = vectors::json("rfc-misc/rfc-misc.json").get_child("rfc7636_B");
  vectors::tally count("rfc-misc/rfc-misc.json#rfc7636_B");
  BOOST_TEST(proof->code_verifier.reveal() == row.get<std::string>("verifier"));
  BOOST_TEST(proof->code_challenge.view() == row.get<std::string>("challenge_S256"));
  ++count;
  BOOST_TEST(w.entropy_bytes() == 32u);
}

BOOST_AUTO_TEST_CASE(no_two_are_alike) {
  fake::world w;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.emplace(oauth::make_code_proof(w.context())->code_verifier.reveal());
  BOOST_TEST(seen.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(without_randomness_there_is_none) {
  fake::world w;
  w.entropy_fails = true;
  auto const proof = oauth::make_code_proof(w.context());
  BOOST_REQUIRE(!proof);
  BOOST_TEST(
      (proof.error() == cs::error(cs::errc::fatal, "oauth: entropy: the system gave no random bytes")));
}

BOOST_AUTO_TEST_CASE(a_verifier_is_as_the_rfc_has_it) {
  BOOST_TEST(oauth::s256_challenge(std::string(43, 'a')).has_value());
  BOOST_TEST(oauth::s256_challenge(std::string(128, '~')).has_value());
  BOOST_TEST(!oauth::s256_challenge(std::string(42, 'a')).has_value());
  auto const long_one = oauth::s256_challenge(std::string(129, 'a'));
  BOOST_REQUIRE(!long_one);
  BOOST_TEST(
      (long_one.error() ==
       cs::error(cs::errc::bad_input,
                 "oauth: a code_verifier is 43 to 128 letters, digits, or any of -._~ (RFC 7636 §4.1)")));
  for (int byte = 0; byte < 256; ++byte) {
    auto const c = static_cast<char>(byte);
    bool const wanted = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                        "-._~"sv.find(c) != std::string_view::npos;
    BOOST_TEST(oauth::s256_challenge(std::string(43, 'a') + c).has_value() == wanted);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_announce_it_is_refused_in_a_sentence) {
  BOOST_TEST(oauth::check_pkce({.code_challenge_methods_supported = {"plain", "S256"}}).has_value());
  for (auto const& methods :
       {oauth::text_list{}, oauth::text_list{"plain"}, oauth::text_list{"s256"}, oauth::text_list{"S2567"}})
    BOOST_TEST(
        !oauth::check_pkce({.issuer = "https://as.example", .code_challenge_methods_supported = methods})
             .has_value());
  auto const refused = oauth::check_pkce({.issuer = "https://as.example/tenant"});
  BOOST_TEST((refused.error() == cs::error(cs::errc::fatal,
                                           "oauth: https://as.example does not say that it supports PKCE "
                                           "with S256 (code_challenge_methods_supported); "
                                           "signing in there would not be safe")));
}

BOOST_AUTO_TEST_CASE(the_verifier_does_not_stay_in_freed_memory) {
  fake::heap::watch const watch("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  static_cast<void>(
      oauth::s256_challenge(cs::secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").reveal()));
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
