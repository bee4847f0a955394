#include <countersign/crypto/verifier.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

static_assert(cs::verifier<cs::hmac_verifier> && cs::verifier<cs::verifier_ref>);
static_assert(!cs::verifier<cs::hmac_signer>);

BOOST_AUTO_TEST_SUITE(verifier)

BOOST_AUTO_TEST_CASE(what_a_signer_signs_is_good_and_nothing_else_is) {
  std::string const key(64, 'k');
  for (auto const hash : {cs::sha2::bits_256, cs::sha2::bits_384, cs::sha2::bits_512}) {
    auto const signer = cs::hmac_signer::make(hash, key);
    auto const checks = cs::hmac_verifier::make(hash, key);
    BOOST_TEST_REQUIRE(checks.has_value());
    BOOST_TEST(checks->alg() == signer->alg());
    cs::secret signature;
    BOOST_TEST(signer->sign("input", signature).has_value());
    std::string const good(signature.reveal());
    BOOST_TEST(checks->verify("input", good).has_value());
    BOOST_TEST((checks->verify("inpuT", good).error().code() == cs::errc::rejected));
    for (std::size_t at = 0; at < good.size(); ++at) {
      auto bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      BOOST_TEST(!checks->verify("input", bad).has_value());
    }
    for (std::size_t size = 0; size < good.size(); ++size)
      BOOST_TEST(!checks->verify("input", good.substr(0, size)).has_value());
    BOOST_TEST(!checks->verify("input", good + "x").has_value());
    BOOST_TEST(!cs::hmac_verifier::make(hash, "another key")->verify("input", good).has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_key_may_have_any_size_but_none) {
  BOOST_TEST(cs::hmac_verifier::make(cs::sha2::bits_256, "k").has_value());
  BOOST_TEST(cs::hmac_verifier::make(cs::sha2::bits_256, "").error().message() ==
             "hmac_verifier: the key is empty");
}

BOOST_AUTO_TEST_CASE(a_reference_is_the_key_or_nothing) {
  auto const key = *cs::hmac_verifier::make(cs::sha2::bits_384, "k");
  cs::verifier_ref const some(key), none;
  BOOST_TEST(static_cast<bool>(some));
  BOOST_TEST(some.alg() == "HS384");
  BOOST_TEST(some.verify("", cs::any_hmac(cs::sha2::bits_384, "k").finish("").view()).has_value());
  BOOST_TEST(!static_cast<bool>(none));
  BOOST_TEST(none.alg() == "");
  BOOST_TEST((none.verify("", "").error().code() == cs::errc::rejected));
}

BOOST_AUTO_TEST_SUITE_END()
