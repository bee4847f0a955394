// RFC 7515 A.1
#include <countersign/crypto/compact_jws.hpp>

#include "fake/heap.hpp"
#include "vectors/read.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

namespace {
struct silent {
  std::string_view alg() const { return "ES256"; }
  cs::result<void> sign(std::string_view, cs::secret&) const { return {}; }
};
}  // namespace

BOOST_AUTO_TEST_SUITE(crypto_compact_jws)

BOOST_AUTO_TEST_CASE(the_example_of_rfc_7515_is_made_anew) {
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  auto const& row = all.get_child("rfc7515").front().second;
  auto const key = cs::hmac_signer::make(
      cs::sha2::bits_256, cs::decode_base64(row.get<std::string>("k"), cs::base64::url)->reveal());
  BOOST_REQUIRE(key.has_value());
  auto const made = cs::compact_jws(
      "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
      "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", *key);
  BOOST_REQUIRE(made.has_value());
  BOOST_TEST(made->reveal() == row.get<std::string>("compact"));
}

BOOST_AUTO_TEST_CASE(no_signature_is_no_token) {
  auto const made = cs::compact_jws("{}", "{}", silent());
  BOOST_REQUIRE(!made.has_value());
  BOOST_TEST((made.error().code() == cs::errc::fatal));
}

BOOST_AUTO_TEST_CASE(a_missing_block_is_told) {
  auto const key = cs::hmac_signer::make(cs::sha2::bits_256, std::string(32, 'k'));
  std::string const payload(400, ' ');
  for (long block = 0; block < 3; ++block) {
    auto const made = [&] {
      fake::heap::refused_once const refused(block);
      return cs::compact_jws("{}", payload, *key);
    }();
    BOOST_TEST((made || made.error().code() == cs::errc::no_memory));
  }
}

BOOST_AUTO_TEST_SUITE_END()
