#include <countersign/adapt/openssl_proof_keys.hpp>

#include <boost/test/unit_test.hpp>

namespace cs = countersign;

BOOST_AUTO_TEST_SUITE(adapt_openssl_proof_keys)

BOOST_AUTO_TEST_CASE(there_are_keys_where_both_functions_are) {
  BOOST_TEST(bool(cs::openssl_proof_keys));
  BOOST_TEST(!cs::proof_keys{});
  BOOST_TEST(!cs::proof_keys{.make = cs::openssl_proof_keys.make});
}

BOOST_AUTO_TEST_CASE(a_key_that_was_kept_is_the_same_key) {
  auto const jwk = cs::openssl_proof_keys.make();
  BOOST_REQUIRE(jwk);
  auto const one = cs::openssl_proof_keys.read(*jwk), again = cs::openssl_proof_keys.read(*jwk);
  BOOST_REQUIRE(one);
  BOOST_REQUIRE(again);
  BOOST_TEST(one->alg() == "ES256");
  BOOST_TEST(one->public_jwk() == again->public_jwk());
  auto const other = cs::openssl_proof_keys.make();
  BOOST_TEST(cs::openssl_proof_keys.read(*other)->public_jwk() != one->public_jwk());
}

BOOST_AUTO_TEST_CASE(what_is_no_private_key_is_an_error) {
  BOOST_TEST(!cs::openssl_proof_keys.read(cs::secret("{}")));
  BOOST_TEST(!cs::openssl_proof_keys.read({}));
}

BOOST_AUTO_TEST_SUITE_END()
