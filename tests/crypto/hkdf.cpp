#include <countersign/crypto/hkdf.hpp>

#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>

#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_CASE(two_hundred_and_fifty_five_digests_are_the_most) {
  BOOST_TEST(cs::hkdf<cs::sha256>("key", "", "", 255 * 32).value().size() == 255U * 32);
  BOOST_TEST((cs::hkdf<cs::sha256>("key", "", "", 255 * 32 + 1).error().code() == errc::bad_input));
  BOOST_TEST(cs::hkdf<cs::sha256>("key", "", "", 0).value().empty());
}

BOOST_AUTO_TEST_SUITE_END()
