// The examples of RFC 7515, 7520, 7638, 7797 and 8037, keys and signatures: what is deterministic comes out as printed, the
// rest is verified.

#include <countersign/adapt/openssl_key.hpp>

#include <countersign/crypto/compact_jws.hpp>
#include <countersign/text/base64.hpp>

#include "fake/jws_verifier.hpp"
#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

std::string text_of(vectors::tree const& jwk) {
  std::ostringstream out;
  boost::property_tree::write_json(out, jwk, false);
  return out.str();
}

// The signature of `input` in base64url, by a JWK that is one both sides share or a private one.
std::string signed_with(vectors::tree const& jwk, std::string_view input) {
  cs::secret raw, text;
  if (jwk.get<std::string>("kty") == "oct") {
    BOOST_REQUIRE(jwk.get<std::string>("alg", "HS256") == "HS256");
    auto const bytes = cs::decode_base64(jwk.get<std::string>("k"), cs::base64::url);
    BOOST_REQUIRE(bytes.has_value());
    auto const key = cs::hmac_signer::make(cs::sha2::bits_256, bytes->reveal());
    BOOST_REQUIRE(key.has_value());
    BOOST_REQUIRE(key->sign(input, raw).has_value());
  } else {
    auto const key = cs::openssl_key::from_jwk(text_of(jwk));
    BOOST_REQUIRE_MESSAGE(key.has_value(), (key ? "" : key.error().c_str()));
    BOOST_REQUIRE(key->sign(input, raw).has_value());
  }
  return std::string(cs::append_base64(text, raw.reveal(), cs::base64::url).reveal());
}

struct shown {
  std::string_view jwk;
  [[nodiscard]] std::string_view alg() const { return "RS256"; }
  [[nodiscard]] std::string_view public_jwk() const { return jwk; }
  cs::result<void> sign(std::string_view, cs::secret&) const { return {}; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_jose_examples)

BOOST_AUTO_TEST_CASE(the_signatures_of_rfc_7520) {
  vectors::tally count("jose-cookbook/jws");
  for (std::string const file :
       {"4_1.rsa_v15_signature", "4_4.hmac-sha2_integrity_protection", "4_5.signature_with_detached_content",
        "4_6.protecting_specific_header_fields", "4_7.protecting_content_only"}) {
    auto const all = vectors::json("jose-cookbook/jws/" + file + ".json");
    auto const& with = all.get_child("signing");
    BOOST_TEST(signed_with(all.get_child("input.key"), with.get<std::string>("sig-input")) ==
                   with.get<std::string>("sig"),
               file);
    ++count;
  }
  auto const several = vectors::json("jose-cookbook/jws/4_8.multiple_signatures.json");
  auto key = several.get_child("input.key").begin();
  for (auto const& [_, with] : several.get_child("signing")) {
    if (key->second.get<std::string>("crv", "") != "P-521") {
      BOOST_TEST(signed_with(key->second, with.get<std::string>("sig-input")) ==
                 with.get<std::string>("sig"));
      ++count;
    }
    ++key;
  }
}

// The one that is a compact JWS says something else under "signing" than under "output"; what is put out is right.
BOOST_AUTO_TEST_CASE(the_unencoded_payloads_of_rfc_7797) {
  vectors::tally count("jose-cookbook/rfc7797");
  for (std::string const file : {"4.2.hmac-sha2_b64_false", "hmac-sha2_b64_false"}) {
    auto const all = vectors::json("jose-cookbook/rfc7797/" + file + ".json");
    auto const& made = all.get_child("output.json_flat");
    auto const input = made.get<std::string>("protected") + "." + made.get<std::string>("payload");
    BOOST_TEST(signed_with(all.get_child("input.key"), input) == made.get<std::string>("signature"));
    ++count;
  }
}

BOOST_AUTO_TEST_CASE(the_signatures_of_rfc_8037) {
  auto const book = vectors::json("jose-cookbook/curve25519/jws.json");
  vectors::tally cookbook("jose-cookbook/curve25519/jws.json"), rfc("rfc-misc/rfc-misc.json#rfc8037");
  BOOST_TEST(signed_with(book.get_child("input.key"), book.get<std::string>("signing.sig-input")) ==
             book.get<std::string>("signing.sig"));
  ++cookbook;

  auto const row = vectors::json("rfc-misc/rfc-misc.json").get_child("rfc8037");
  auto const key = cs::openssl_key::from_jwk(text_of(row.get_child("jwk")));
  BOOST_REQUIRE(key.has_value());
  BOOST_TEST(cs::jwk_thumbprint(*key)->reveal() == row.get<std::string>("thumbprint"));
  auto const made = cs::compact_jws(R"({"alg":"EdDSA"})", "Example of Ed25519 signing", *key);
  BOOST_REQUIRE(made.has_value());
  BOOST_TEST(made->reveal() == row.get<std::string>("compact"));
  ++rfc;
}

BOOST_AUTO_TEST_CASE(the_signatures_of_rfc_7515) {
  vectors::tally count("rfc-misc/rfc-misc.json#rfc7515");
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  for (auto const& [_, row] : all.get_child("rfc7515")) {
    auto const compact = row.get<std::string>("compact");
    fake::jws const example(compact);
    if (row.get<std::string>("id") == "A.1") {
      vectors::tree key;
      key.put("kty", "oct");
      key.put("k", row.get<std::string>("k"));
      BOOST_TEST(example.input + "." + signed_with(key, example.input) == compact);
    } else {  // ES256: signed anew, for it is not deterministic
      auto const& jwk = row.get_child("jwk");
      BOOST_TEST(fake::verifies(jwk, "ES256", example.input, example.signature));
      BOOST_TEST(
          fake::verifies(jwk, "ES256", example.input, fake::base64url(signed_with(jwk, example.input))));
    }
    ++count;
  }
}

BOOST_AUTO_TEST_CASE(the_thumbprint_of_rfc_7638) {
  auto const row = vectors::json("rfc-misc/rfc-misc.json").get_child("rfc7638");
  vectors::tally count("rfc-misc/rfc-misc.json#rfc7638");
  auto const jwk = R"({"e":")" + row.get<std::string>("jwk.e") + R"(","kty":"RSA","n":")" +
                   row.get<std::string>("jwk.n") + "\"}";
  BOOST_TEST(cs::jwk_thumbprint(shown{jwk})->reveal() == row.get<std::string>("thumbprint"));
  ++count;
}

BOOST_AUTO_TEST_CASE(the_keys_of_rfc_7520) {
  vectors::tally count("jose-cookbook/jwk");
  auto const jwk = [&](std::string const& file) {
    ++count;
    return vectors::json("jose-cookbook/jwk/" + file + ".json");
  };
  auto const refused = [&](std::string const& file) {
    auto const key = cs::openssl_key::from_jwk(text_of(jwk(file)));
    BOOST_REQUIRE(!key.has_value());
    BOOST_TEST((key.error().code() == cs::errc::bad_input));
    return std::string(key.error().message());
  };
  BOOST_TEST(refused("3_1.ec_public_key").find("private") != std::string::npos);
  BOOST_TEST(refused("3_2.ec_private_key") == "openssl_key: JWK: crv must be P-256 or P-384");
  BOOST_TEST(refused("3_6.symmetric_key_encryption").starts_with("openssl_key: JWK: its use is not \"sig\""));
  BOOST_TEST(refused("3_5.symmetric_key_mac_computation").find("both sides share") != std::string::npos);
  auto const shared = vectors::json("jose-cookbook/jwk/3_5.symmetric_key_mac_computation.json");
  BOOST_TEST(cs::decode_base64(shared.get<std::string>("k"), cs::base64::url).value().size() == 32u);

  auto const key = cs::openssl_key::from_jwk(text_of(jwk("3_4.rsa_private_key")));
  BOOST_REQUIRE(key.has_value());
  auto const half = jwk("3_3.rsa_public_key");
  BOOST_TEST(key->public_jwk() == R"({"e":")" + half.get<std::string>("e") + R"(","kty":"RSA","n":")" +
                                      half.get<std::string>("n") + "\"}");
  BOOST_TEST(!cs::openssl_key::from_jwk(text_of(half)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
