#include <countersign/crypto/hkdf.hpp>

#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>

#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <cstddef>
#include <random>
#include <string>

namespace cs = countersign;
using cs::errc;

namespace {

template <class Hash>
void holds(std::string const& file) {
  auto const all = vectors::json(file);
  vectors::tally count(file);
  for (auto const& [_, group] : all.get_child("testGroups"))
    for (auto const& [__, row] : group.get_child("tests"))
      BOOST_TEST_CONTEXT("tcId " << vectors::number(row, "tcId") << ": "
                                 << row.template get<std::string>("comment")) {
        auto const made = cs::hkdf<Hash>(vectors::bytes(row, "ikm"), vectors::bytes(row, "salt"),
                                         vectors::bytes(row, "info"), vectors::number(row, "size"));
        bool const valid = row.template get<std::string>("result") == "valid";
        BOOST_TEST(bool(made) == valid);
        if (made) BOOST_TEST((made->reveal() == vectors::bytes(row, "okm")));
        else BOOST_TEST((made.error().code() == errc::bad_input));
        ++count;
      }
}

std::string by_openssl(std::string hash, std::string key, std::string salt, std::string info,
                       std::size_t size) {
  std::string made(size, '\0');
  auto* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  auto* const c = EVP_KDF_CTX_new(algorithm);
  OSSL_PARAM const parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  BOOST_TEST(EVP_KDF_derive(c, reinterpret_cast<unsigned char*>(made.data()), size, parameters) == 1);
  EVP_KDF_CTX_free(c);
  EVP_KDF_free(algorithm);
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hkdf_of_rfc_5869)

BOOST_AUTO_TEST_CASE(the_first_vector_of_the_rfc_holds) {
  auto const row = vectors::json("rfc-misc/rfc-misc.json").get_child("rfc5869_A1");
  vectors::tally count("rfc-misc/rfc-misc.json#rfc5869_A1");
  auto const made = cs::hkdf<cs::sha256>(vectors::bytes(row, "ikm"), vectors::bytes(row, "salt"),
                                         vectors::bytes(row, "info"), vectors::number(row, "L"));
  BOOST_TEST((made.value().reveal() == vectors::bytes(row, "okm")));
  ++count;
}

BOOST_AUTO_TEST_CASE(wycheproof_holds_for_sha_256) { holds<cs::sha256>("wycheproof/hkdf_sha256_test.json"); }
BOOST_AUTO_TEST_CASE(wycheproof_holds_for_sha_512) { holds<cs::sha512>("wycheproof/hkdf_sha512_test.json"); }

BOOST_AUTO_TEST_CASE(it_agrees_with_openssl_on_random_input) {
  std::mt19937 random(5869);
  auto const bytes = [&](std::size_t size) {
    std::string made(size, '\0');
    for (char& c : made) c = static_cast<char>(random());
    return made;
  };
  for (int turn = 0; turn < 300; ++turn) {
    auto const key = bytes(1 + random() % 200), salt = bytes(random() % 200), info = bytes(random() % 100);
    auto const size = 1 + random() % 300;
    BOOST_TEST(cs::hkdf<cs::sha256>(key, salt, info, size).value().reveal() ==
               by_openssl("SHA256", key, salt, info, size));
    BOOST_TEST(cs::hkdf<cs::sha512>(key, salt, info, size).value().reveal() ==
               by_openssl("SHA512", key, salt, info, size));
  }
}

BOOST_AUTO_TEST_CASE(two_hundred_and_fifty_five_digests_are_the_most) {
  BOOST_TEST(cs::hkdf<cs::sha256>("key", "", "", 255 * 32).value().size() == 255U * 32);
  BOOST_TEST((cs::hkdf<cs::sha256>("key", "", "", 255 * 32 + 1).error().code() == errc::bad_input));
  BOOST_TEST(cs::hkdf<cs::sha256>("key", "", "", 0).value().empty());
}

BOOST_AUTO_TEST_SUITE_END()
