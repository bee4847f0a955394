// Wycheproof's signatures; every form of key, every algorithm, and what is none.
#include <countersign/adapt/openssl_public_key.hpp>

#include "vectors/tally.hpp"

#include <countersign/adapt/openssl_key.hpp>

#include <boost/test/unit_test.hpp>

#include <openssl/err.h>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
using namespace std::literals;
using enum cs::jws_algorithm;

namespace {

constexpr cs::jws_algorithm every[] = {es256, es384, rs256, ps256, ps512, eddsa};

/// What the openssl command prints; `in` goes into its standard input.
std::string openssl(std::string const& arguments, std::string const& in = {}) {
  std::string out;
  auto* const pipe = popen(("printf %s '" + in + "' | openssl " + arguments + " 2>/dev/null").c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::array<char, 4096> part;
  while (auto const size = fread(part.data(), 1, part.size(), pipe)) out.append(part.data(), size);
  pclose(pipe);
  return out;
}
std::string told(cs::result<cs::openssl_public_key> const& got) {
  return got ? std::string("a key for ") + std::string(got->alg())
             : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}
std::string read(std::string_view text, cs::jws_algorithm alg = of_key) {
  return told(cs::openssl_public_key::from_pem(text, alg));
}

std::string const rsa_pem = openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048");
std::string const ec_pem = openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_openssl_public_key)

BOOST_AUTO_TEST_CASE(what_a_key_signs_its_public_half_verifies_and_nothing_else) {
  for (auto const alg : every) {
    auto const mine = cs::openssl_key::generate(alg), other = cs::openssl_key::generate(alg);
    BOOST_REQUIRE(mine.has_value() && other.has_value());
    auto const key = cs::openssl_public_key::from_jwk(mine->public_jwk(), alg);
    BOOST_TEST_REQUIRE(key.has_value(), told(key));
    BOOST_TEST(key->alg() == mine->alg());
    for (int i = 0; i < (alg == es256 ? 600 : 3); ++i) {  // one in 128 has an R or S that begins with zeros
      auto const input = std::to_string(i);
      cs::secret signature;
      BOOST_REQUIRE(mine->sign(input, signature).has_value());
      BOOST_TEST(key->verify(input, signature.reveal()).has_value());
      if (i > 2) continue;
      BOOST_TEST(!cs::openssl_public_key::from_jwk(other->public_jwk(), alg)
                      ->verify(input, signature.reveal())
                      .has_value());
      BOOST_TEST(!key->verify(input + "x", signature.reveal()).has_value());
      std::string const good(signature.reveal());
      for (std::size_t at = 0; at < good.size(); at += 3) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x40);
        auto const ok = key->verify(input, bad);
        BOOST_TEST((!ok && ok.error().code() == cs::errc::rejected));
      }
      for (auto const& bad :
           {good + "x", good.substr(1), good.substr(0, good.size() - 1), ""s, std::string(good.size(), '\0')})
        BOOST_TEST(!key->verify(input, bad).has_value());
    }
  }
  BOOST_TEST(ERR_peek_error() == 0u);
}

BOOST_AUTO_TEST_CASE(a_signature_of_another_algorithm_is_none) {
  auto const key = cs::openssl_key::from_pem(rsa_pem, {.algorithm = rs256});
  cs::secret signature;
  BOOST_TEST(key->sign("input", signature).has_value());
  for (auto const alg : {rs256, ps256, ps512})
    BOOST_TEST(cs::openssl_public_key::from_jwk(key->public_jwk(), alg)
                   ->verify("input", signature.reveal())
                   .has_value() == (alg == rs256));
}

BOOST_AUTO_TEST_CASE(wycheproofs_signatures_are_told_apart) {
  for (auto const& [name, alg] : {std::pair("ecdsa_secp256r1_sha256_p1363", es256),
                                  {"ecdsa_secp384r1_sha384_p1363", es384},
                                  {"ed25519", eddsa},
                                  {"rsa_pss_2048_sha256_mgf1_32", ps256},
                                  {"rsa_signature_2048_sha256", rs256}}) {
    auto const file = "wycheproof/" + std::string(name) + "_test.json";
    auto const all = vectors::json(file);
    vectors::tally count(file);
    for (auto const& [_, group] : all.get_child("testGroups")) {
      auto const key = cs::openssl_public_key::from_pem(group.get<std::string>("publicKeyPem"), alg);
      BOOST_TEST_REQUIRE(key.has_value(), told(key));
      for (auto const& [__, row] : group.get_child("tests")) {
        bool const good = key->verify(vectors::bytes(row, "msg"), vectors::bytes(row, "sig")).has_value();
        auto const result = row.get<std::string>("result");
        if (result != "acceptable")
          BOOST_TEST(good == (result == "valid"), file << " " << row.get<std::string>("tcId"));
        ++count;
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_form_of_pem_is_read) {
  auto const spki = openssl("pkey -pubout", ec_pem), pkcs1 = openssl("rsa -RSAPublicKey_out", rsa_pem);
  BOOST_TEST(read(spki) == "a key for ES256");
  BOOST_TEST(read("words\n" + spki + "words") == "a key for ES256");
  BOOST_TEST(read(ec_pem + spki) == "a key for ES256");
  BOOST_TEST(pkcs1.starts_with("-----BEGIN RSA PUBLIC KEY-----"));
  BOOST_TEST(read(pkcs1) == "a key for RS256");
  BOOST_TEST(read(pkcs1, ps512) == "a key for PS512");
  BOOST_TEST(read(openssl("pkey -pubout", openssl("genpkey -algorithm ED25519"))) == "a key for EdDSA");
  BOOST_TEST(
      read(openssl("pkey -pubout", openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384"))) ==
      "a key for ES384");
  BOOST_TEST(
      read(openssl("pkey -pubout", openssl("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048"))) ==
      "a key for PS256");
  auto const certificate = openssl("req -x509 -key /dev/stdin -subj /CN=a -days 1", ec_pem);
  BOOST_TEST_REQUIRE(certificate.starts_with("-----BEGIN CERTIFICATE-----"));
  BOOST_TEST(read(certificate) == "a key for ES256");
}

BOOST_AUTO_TEST_CASE(what_is_no_public_key_is_told_in_words) {
  BOOST_TEST(
      read("") ==
      "bad_input: openssl_public_key: this is no public key in PEM: -----BEGIN PUBLIC KEY----- is missing");
  BOOST_TEST(read(ec_pem) == "bad_input: openssl_public_key: this is a private key, and verifying needs the "
                             "public one; make it with: "
                             "openssl pkey -pubout -in KEY");
  auto const spki = openssl("pkey -pubout", ec_pem);
  BOOST_TEST(
      read(spki.substr(0, 80)) ==
      "bad_input: openssl_public_key: the key is damaged: OpenSSL can't read what is between BEGIN and END");
  for (std::size_t at = 30; at < spki.size() - 30; at += 11) {
    auto bad = spki;
    bad[at] = bad[at] == 'A' ? 'B' : 'A';
    static_cast<void>(read(bad));
  }
  BOOST_TEST(
      read(spki, eddsa)
          .starts_with(
              "bad_input: openssl_public_key: EdDSA needs an Ed25519 key, and this is an EC key on P-256"));
  BOOST_TEST(
      read(openssl("pkey -pubout", openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1")))
          .starts_with("bad_input: openssl_public_key: the key is of a type that signs no token here"));
  BOOST_TEST(
      read(openssl("pkey -pubout", openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024")))
          .starts_with("bad_input: openssl_public_key: the RSA key has 1024 bits, and needs 2048 at least"));
  auto const padded = [&](std::size_t size) { return std::string(size - spki.size(), '\n') + spki; };
  BOOST_TEST(read(padded(cs::max_key_text)) == "a key for ES256");
  BOOST_TEST(read(padded(cs::max_key_text + 1)) ==
             "too_large: openssl_public_key: the text is longer than 65536 bytes");
}

BOOST_AUTO_TEST_CASE(a_jwk_must_be_the_public_half_and_on_its_curve) {
  auto const jwk = [](std::string_view text, cs::jws_algorithm alg = of_key) {
    return told(cs::openssl_public_key::from_jwk(text, alg));
  };
  auto const key = *cs::openssl_key::generate(es256);
  std::string const good(key.public_jwk());
  BOOST_TEST(jwk(good) == "a key for ES256");
  BOOST_TEST(jwk(key.private_jwk()->reveal()) ==
             "bad_input: openssl_public_key: JWK: this is the private key (a member d), and verifying needs "
             "the public half alone");
  BOOST_TEST(jwk(R"({"kty":"oct","k":"AAAA"})").starts_with("bad_input: openssl_public_key: JWK: kty oct"));
  auto off = good;
  auto const x = off.find("\"x\":\"") + 10;
  off[x] = off[x] == 'A' ? 'B' : 'A';
  BOOST_TEST(jwk(off) ==
             "bad_input: openssl_public_key: JWK: its members make no EC key; was one of them changed?");
  BOOST_TEST(jwk(good.substr(0, good.size() - 1) + ",\"alg\":\"ES384\"}")
                 .starts_with("bad_input: openssl_public_key: ES384 needs"));
  BOOST_TEST(jwk(good.substr(0, good.size() - 1) + ",\"alg\":\"ES256\"}", es384) ==
             "bad_input: openssl_public_key: JWK: it is for ES256, and asked to verify ES384");
  BOOST_TEST(jwk(std::string(cs::max_key_text + 1, ' ')).starts_with("too_large"));
}

BOOST_AUTO_TEST_CASE(copies_share_the_key_and_a_moved_one_says_so) {
  auto const mine = *cs::openssl_key::generate(eddsa);
  cs::secret signature;
  BOOST_TEST(mine.sign("x", signature).has_value());
  auto key = *cs::openssl_public_key::from_jwk(mine.public_jwk());
  auto copy = key;
  auto const moved = std::move(key);
  BOOST_TEST(copy.verify("x", signature.reveal()).has_value());
  BOOST_TEST(moved.verify("x", signature.reveal()).has_value());
  BOOST_TEST((key.verify("x", signature.reveal()).error().code() == cs::errc::fatal));
  copy = moved;
  BOOST_TEST(copy.verify("x", signature.reveal()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
