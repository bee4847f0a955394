// RFC 7515 A.3, RFC 7520 §4.1, RFC 8037 A.1–A.4, RFC 7638 §3.1; every signature is checked by OpenSSL's own verification.
#include <countersign/adapt/openssl_key.hpp>

#include "fake/jws_verifier.hpp"
#include "fake/written.hpp"
#include "vectors/read.hpp"

#include <countersign/countersign.hpp>

#include <boost/test/unit_test.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cs = countersign;
using namespace std::literals;
using enum cs::jws_algorithm;

static_assert(cs::public_key_signer<cs::openssl_key> &&
              std::is_nothrow_move_constructible_v<cs::openssl_key>);
static_assert(!cs::public_key_signer<cs::hmac_signer>);

namespace {

constexpr cs::jws_algorithm every[] = {es256, es384, rs256, ps256, ps512, eddsa};

/// What the openssl command prints.
std::string openssl(std::string const& arguments) {
  std::string out;
  auto* const pipe = popen(("openssl " + arguments + " 2>/dev/null").c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::array<char, 4096> part;
  while (auto const size = fread(part.data(), 1, part.size(), pipe)) out.append(part.data(), size);
  pclose(pipe);
  return out;
}

std::string jwk_text(vectors::tree const& key) {
  std::ostringstream out;
  boost::property_tree::write_json(out, key, false);
  return out.str();
}

std::string signature(cs::openssl_key const& key, std::string_view input) {
  cs::secret out;
  auto const ok = key.sign(input, out);
  BOOST_REQUIRE_MESSAGE(ok.has_value(), (ok ? "" : ok.error().c_str()));
  return std::string(out.reveal());
}
bool signs(cs::openssl_key const& key) {
  auto const jwk = fake::read_json(key.public_jwk());
  return fake::verifies(jwk, key.alg(), "what is signed", signature(key, "what is signed"));
}

std::string told(cs::result<cs::openssl_key> const& got) {
  return got ? std::string("a key for ") + std::string(got->alg())
             : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}

std::string const rsa_pem = openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048");
std::string const ec_pem = openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_openssl_key)

BOOST_AUTO_TEST_CASE(every_algorithm_signs_what_openssl_verifies) {
  for (auto const alg : every) {
    auto const key = cs::openssl_key::generate(alg);
    BOOST_REQUIRE(key.has_value());
    BOOST_TEST(key->alg() == cs::detail::properties_of(alg).name);
    auto const jwk = fake::read_json(key->public_jwk());
    for (auto const size : {0u, 1u, 64u, 5000u}) {
      std::string const input(size, 'x');
      auto made = signature(*key, input);
      BOOST_TEST(fake::verifies(jwk, key->alg(), input, made));
      made.back() = static_cast<char>(made.back() ^ 1);
      BOOST_TEST(!fake::verifies(jwk, key->alg(), input, made));
    }
  }
}

// RFC 7518 §3.4: also where R or S begins with zeros, as one in 128 does.
BOOST_AUTO_TEST_CASE(r_and_s_keep_their_size) {
  auto const key = cs::openssl_key::generate(es256);
  BOOST_REQUIRE(key.has_value());
  auto const jwk = fake::read_json(key->public_jwk());
  bool short_one = false;
  for (int i = 0; i < 1500; ++i) {
    auto const made = signature(*key, std::to_string(i));
    BOOST_REQUIRE(made.size() == 64u);
    if (made[0] != 0 && made[32] != 0 && i % 50 != 0) continue;
    short_one = short_one || made[0] == 0 || made[32] == 0;
    BOOST_TEST(fake::verifies(jwk, "ES256", std::to_string(i), made));
  }
  BOOST_TEST(short_one);
}

BOOST_AUTO_TEST_CASE(what_is_no_ecdsa_signature_is_not_taken_apart) {
  char out[64];
  auto const takes = [&](std::string const& der) {
    return cs::detail::der_to_raw(reinterpret_cast<unsigned char const*>(der.data()), der.size(), 32, out);
  };
  auto const good = "\x30\x06\x02\x01\x05\x02\x01\x07"s;
  BOOST_TEST(takes(good));
  BOOST_TEST((out[31] == 5 && out[63] == 7));
  for (std::size_t size = 0; size < good.size(); ++size) BOOST_TEST(!takes(good.substr(0, size)));
  BOOST_TEST(!takes(good + '\0'));
  for (std::size_t at : {0u, 1u, 2u, 3u, 5u, 6u}) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] + 1);
    BOOST_TEST(!takes(bad));
  }
  BOOST_TEST(takes("\x30\x26\x02\x21"s + '\0' + std::string(32, '\x7f') + "\x02\x01\x01"s));
  BOOST_TEST(
      !takes("\x30\x26\x02\x21\x01"s + std::string(32, '\x7f') + "\x02\x01\x01"s));  // more than R can be
}

BOOST_AUTO_TEST_CASE(every_form_of_pem_is_read) {
  struct {
    std::string arguments;
    cs::jws_algorithm asked;
    std::string_view alg;
  } const rows[] = {
      {"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", of_key, "ES256"},
      {"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384", of_key, "ES384"},
      {"genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", of_key, "RS256"},
      {"genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", ps256, "PS256"},
      {"genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", ps512, "PS512"},
      {"genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", of_key, "PS256"},
      {"genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", ps512, "PS512"},
      {"genpkey -algorithm ED25519", of_key, "EdDSA"},
      {"ecparam -name prime256v1 -genkey", of_key, "ES256"},  // SEC 1, behind its parameters
      {"ecparam -name secp384r1 -genkey -noout", es384, "ES384"},
      {"genrsa -traditional 2048", of_key, "RS256"},  // PKCS #1
  };
  for (auto const& [arguments, asked, alg] : rows) BOOST_TEST_CONTEXT(arguments) {
      auto const pem = openssl(arguments);
      auto const key = cs::openssl_key::from_pem(pem, {.algorithm = asked});
      BOOST_REQUIRE_MESSAGE(key.has_value(), told(key) + pem.substr(0, 40));
      BOOST_TEST(key->alg() == alg);
      BOOST_TEST(signs(*key));
      BOOST_TEST(cs::openssl_key::from_pem("some words before\n" + pem + "and after").has_value());
    }
}

BOOST_AUTO_TEST_CASE(encrypted_keys_open_with_their_passphrase_only) {
  for (auto const* arguments : {"genpkey -algorithm ED25519 -aes-256-cbc -pass pass:correct",
                                "genrsa -traditional -aes128 -passout pass:correct 2048"})
    BOOST_TEST_CONTEXT(arguments) {
      auto const pem = openssl(arguments);
      auto const with = [&](std::string_view words) {
        return told(cs::openssl_key::from_pem(pem, {.passphrase = cs::secret(words)}));
      };
      BOOST_TEST(with("correct").starts_with("a key for "));
      BOOST_TEST(
          with("wrong horse") ==
          "fatal: openssl_key: the key does not open: the passphrase is another, or the text is damaged");
      BOOST_TEST(with("") == "fatal: openssl_key: the key is encrypted, and no passphrase was given");
      BOOST_TEST(with(std::string(cs::max_passphrase, 'p')).starts_with("fatal"));
      BOOST_TEST(with(std::string(cs::max_passphrase + 1, 'p')).starts_with("too_large"));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_private_key_is_told_in_a_sentence) {
  auto const one_line = [](std::string pem) {
    for (auto at = pem.find('\n'); at != pem.npos; at = pem.find('\n', at)) pem.replace(at, 1, "\\n");
    return pem;
  };
  auto damaged = ec_pem;
  damaged[damaged.find('\n') + 20] ^= 3;
  struct {
    std::string text;
    std::string_view says;
  } const rows[] = {
      {"", "bad_input: openssl_key: the key is empty"},
      {"hello", "bad_input: openssl_key: this is no PEM: -----BEGIN PRIVATE KEY----- is missing; convert "
                "another form with: "
                "openssl pkey -in KEY"},
      {" {\"kty\":\"EC\"}", "bad_input: openssl_key: this looks like a JWK; use openssl_key::from_jwk"},
      {openssl("version"), "bad_input: openssl_key: this is no PEM"},
      {"-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n",
       "bad_input: openssl_key: this is a public key"},
      {"-----BEGIN CERTIFICATE-----\nMFkw\n", "bad_input: openssl_key: this is a certificate"},
      {"-----BEGIN X-----\n", "bad_input: openssl_key: this is PEM, but no private key"},
      {"-----BEGIN ", "bad_input: openssl_key: this is PEM, but no private key"},
      {"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n",
       "bad_input: openssl_key: the key is in OpenSSH's own form"},
      {"-----BEGIN PRIVATE KEY-----\nMFkw\n-----END PRIVATE KEY-----\n",
       "bad_input: openssl_key: the key is damaged"},
      {"-----BEGIN PRIVATE KEY-----", "bad_input: openssl_key: the key is damaged"},
      {ec_pem.substr(0, ec_pem.size() / 2), "bad_input: openssl_key: the key is damaged"},
      {damaged, "bad_input: openssl_key: "},
      {one_line(ec_pem), "bad_input: openssl_key: the key's line breaks are written as \\n"},
      {openssl("ecparam -name secp256k1 -genkey -noout"),
       "bad_input: openssl_key: the key is of a type that signs no token here"},
      {openssl("genpkey -algorithm X25519"),
       "bad_input: openssl_key: the key is of a type that signs no token here"},
      {openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2047"),
       "bad_input: openssl_key: the RSA key has 2047 bits, and needs 2048"},
  };
  for (auto const& [text, says] : rows) BOOST_TEST_CONTEXT(says) {
      auto const got = told(cs::openssl_key::from_pem(text));
      BOOST_TEST(got.substr(0, says.size()) == says);
      for (std::size_t at = text.find('\n'); at < text.size(); at = text.find('\n', at + 1))
        if (text.size() > at + 20) BOOST_TEST(got.find(text.substr(at + 1, 8)) == got.npos);
    }
}

BOOST_AUTO_TEST_CASE(a_key_and_an_algorithm_that_do_not_go_together_are_told) {
  auto const with = [](std::string const& pem, cs::jws_algorithm alg) {
    return told(cs::openssl_key::from_pem(pem, {.algorithm = alg}));
  };
  BOOST_TEST(with(rsa_pem, es256) == "bad_input: openssl_key: ES256 needs an EC key on P-256, and this is an "
                                     "RSA key, which signs with RS256");
  BOOST_TEST(with(ec_pem, es384) == "bad_input: openssl_key: ES384 needs an EC key on P-384, and this is an "
                                    "EC key on P-256, which signs with ES256");
  BOOST_TEST(with(ec_pem, rs256).starts_with("bad_input: openssl_key: RS256 needs an RSA key"));
  BOOST_TEST(with(ec_pem, eddsa).starts_with("bad_input: openssl_key: EdDSA needs an Ed25519 key"));
  BOOST_TEST(with(openssl("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048"), rs256)
                 .starts_with("bad_input: openssl_key: RS256 needs an RSA key, and this is an RSA-PSS key"));
  BOOST_TEST(
      with(openssl(
               "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha512"),
           ps256)
          .starts_with("bad_input: openssl_key: what the key signs, its public half does not confirm"));
}

BOOST_AUTO_TEST_CASE(a_text_of_any_size_is_answered) {
  auto const padded = [](std::size_t size) { return std::string(size - ec_pem.size(), '\n') + ec_pem; };
  BOOST_TEST(cs::openssl_key::from_pem(padded(cs::max_key_text)).has_value());
  BOOST_TEST((cs::openssl_key::from_pem(padded(cs::max_key_text + 1)).error().code() == cs::errc::too_large));
  auto const key = cs::openssl_key::generate(es256);
  auto const jwk = std::string(key->private_jwk()->reveal());
  BOOST_TEST(cs::openssl_key::from_jwk(std::string(cs::max_key_text - jwk.size(), ' ') + jwk).has_value());
  BOOST_TEST(
      (cs::openssl_key::from_jwk(std::string(cs::max_key_text - jwk.size() + 1, ' ') + jwk).error().code() ==
       cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(a_private_jwk_is_written_and_read) {
  for (auto const alg : every) {
    auto const key = cs::openssl_key::generate(alg);
    BOOST_REQUIRE(key.has_value());
    auto const jwk = key->private_jwk();
    BOOST_REQUIRE(jwk.has_value());
    auto const again = cs::openssl_key::from_jwk(jwk->reveal());
    BOOST_REQUIRE_MESSAGE(again.has_value(), told(again));
    BOOST_TEST(again->alg() == key->alg());
    BOOST_TEST(again->public_jwk() == key->public_jwk());
    BOOST_TEST(signs(*again));
    auto const shown = fake::read_json(key->public_jwk());
    for (auto const* member : {"d", "p", "q", "dp", "dq", "qi"})
      BOOST_TEST(!shown.get_optional<std::string>(member));
    // RSA without its primes (RFC 7518 §6.3.2)
    auto bare = fake::read_json(jwk->reveal());
    for (auto const* member : {"p", "q", "dp", "dq", "qi"}) bare.erase(member);
    auto const poor = cs::openssl_key::from_jwk(jwk_text(bare));
    BOOST_REQUIRE_MESSAGE(poor.has_value(), told(poor));
    BOOST_TEST(signs(*poor));
    BOOST_TEST(cs::openssl_key::from_jwk(poor->private_jwk()->reveal()).has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_bad_jwk_is_told_in_a_sentence) {
  auto const good = fake::read_json(cs::openssl_key::generate(es256)->private_jwk()->reveal());
  auto const other = fake::read_json(cs::openssl_key::generate(es256)->private_jwk()->reveal());
  auto const ed = fake::read_json(cs::openssl_key::generate(eddsa)->private_jwk()->reveal());
  auto const with = [](fake::json key, char const* member, std::string const& value) {
    key.put(member, value);
    return told(cs::openssl_key::from_jwk(jwk_text(key)));
  };
  auto const without = [](fake::json key, char const* member) {
    key.erase(member);
    return told(cs::openssl_key::from_jwk(jwk_text(key)));
  };
  BOOST_TEST(told(cs::openssl_key::from_jwk("")).starts_with("bad_input: openssl_key: JWK: JSON"));
  BOOST_TEST(told(cs::openssl_key::from_jwk("[]")) == "bad_input: openssl_key: JWK: it is no JSON object");
  BOOST_TEST(told(cs::openssl_key::from_jwk(R"({"keys":[]})")) ==
             "bad_input: openssl_key: JWK: this is a set of keys; give one of them");
  BOOST_TEST(with(good, "use", "enc").starts_with("bad_input: openssl_key: JWK: its use is not"));
  BOOST_TEST(with(good, "use", "sig") == "a key for ES256");
  BOOST_TEST(with(good, "kty", "oct").ends_with("use hs256 for it"));
  BOOST_TEST(with(good, "kty", "XX").ends_with("kty must be EC, RSA or OKP"));
  BOOST_TEST(without(good, "d").find("this is the public half") != std::string::npos);
  BOOST_TEST(without(good, "x").ends_with("the member x is missing, or no string"));
  BOOST_TEST(without(good, "alg") == "a key for ES256");
  BOOST_TEST(with(good, "alg", "ES512").find("none that this key signs with") != std::string::npos);
  BOOST_TEST(with(good, "alg", "ES384").find("ES384 needs an EC key on P-384") != std::string::npos);
  BOOST_TEST(with(good, "crv", "P-521").ends_with("crv must be P-256 or P-384"));
  BOOST_TEST(with(good, "crv", "P-384").find("has 32 bytes, and must have 48") != std::string::npos);
  BOOST_TEST(with(good, "x", good.get<std::string>("y")).find("its members make no EC key") !=
             std::string::npos);
  BOOST_TEST(with(good, "y", "AAAA").find("the member y has 3 bytes") != std::string::npos);
  BOOST_TEST(with(good, "y", "A A").find("the member y: base64url") != std::string::npos);
  BOOST_TEST(with(good, "d", other.get<std::string>("d")).find("its public half does not confirm") !=
             std::string::npos);
  BOOST_TEST(with(ed, "crv", "X25519").ends_with("crv must be Ed25519"));
  BOOST_TEST(with(ed, "x", good.get<std::string>("x")).find("its members make no Ed25519 key") !=
             std::string::npos);
  BOOST_TEST(with(ed, "alg", "Ed25519") == "a key for EdDSA");  // RFC 9864
  auto const asked = cs::openssl_key::from_jwk(jwk_text(good), es384);
  BOOST_TEST(told(asked).ends_with("it is for ES256, and asked to sign with ES384"));
  for (auto const* member : {"d", "x", "y"})
    BOOST_TEST(!fake::holds_piece(with(good, "kty", "RSA"), good.get<std::string>(member)));
}

BOOST_AUTO_TEST_CASE(the_error_queue_is_left_as_it_was_found) {
  ERR_clear_error();
  static_cast<void>(
      cs::openssl_key::from_pem("-----BEGIN PRIVATE KEY-----\nMFkw\n-----END PRIVATE KEY-----\n"));
  BOOST_TEST(ERR_peek_error() == 0ul);
  ERR_raise(ERR_LIB_USER, 7);
  auto const ours = ERR_peek_last_error();
  static_cast<void>(
      cs::openssl_key::from_pem("-----BEGIN PRIVATE KEY-----\nMFkw\n-----END PRIVATE KEY-----\n"));
  static_cast<void>(signature(*cs::openssl_key::from_pem(ec_pem), "x"));
  BOOST_TEST(ERR_get_error() == ours);
  BOOST_TEST(ERR_get_error() == 0ul);
}

BOOST_AUTO_TEST_CASE(many_threads_sign_with_one_key) {
  for (auto const alg : {es256, eddsa, ps256}) {
    auto const key = cs::openssl_key::generate(alg);
    BOOST_REQUIRE(key.has_value());
    auto const jwk = fake::read_json(key->public_jwk());
    std::vector<int> good(8);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < good.size(); ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 40; ++i) {
          auto const input = std::to_string(t) + "/" + std::to_string(i);
          cs::secret out;
          good[t] +=
              key->sign(input, out) && fake::verifies(jwk, key->alg(), input, std::string(out.reveal()));
        }
      });
    for (auto& each : threads) each.join();
    for (int const each : good) BOOST_TEST(each == 40);
  }
}

BOOST_AUTO_TEST_CASE(copies_are_the_same_key_and_outlive_each_other) {
  auto made = cs::openssl_key::generate(es256);
  BOOST_REQUIRE(made.has_value());
  cs::openssl_key const copy = *made;
  BOOST_TEST(copy.native_handle() == made->native_handle());
  cs::openssl_key moved = std::move(*made);
  cs::secret none;
  BOOST_TEST((made->sign("x", none).error().code() == cs::errc::fatal));
  BOOST_TEST((made->alg().empty() && made->public_jwk().empty() && !made->private_jwk()));
  moved = *cs::openssl_key::generate(eddsa);
  BOOST_TEST(signs(copy));
  BOOST_TEST(signs(moved));
}

BOOST_AUTO_TEST_CASE(a_signature_is_appended_and_a_missing_block_is_told) {
  auto const key = cs::openssl_key::generate(es256);
  BOOST_REQUIRE(key.has_value());
  cs::secret out("before");
  BOOST_TEST(key->sign("x", out).has_value());
  BOOST_TEST(out.size() == 6u + 64u);
  BOOST_TEST(out.reveal().starts_with("before"));
  if (!fake::heap::is_ours) return;
  cs::secret nothing;
  auto const done = [&] {
    fake::heap::refused_once const refused(0);
    return key->sign("x", nothing);
  }();
  BOOST_REQUIRE(!done.has_value());
  BOOST_TEST((done.error().code() == cs::errc::no_memory));
}

BOOST_AUTO_TEST_CASE(tokens_are_minted_with_it) {
  fake::world world;
  for (auto const alg : every) {
    auto const key = cs::openssl_key::generate(alg);
    BOOST_REQUIRE(key.has_value());
    cs::authenticator api{
        cs::minted_jwt{*key, cs::jwt_claims{.issuer = "ci"}, cs::jwt_header{.key_id = "k1"}}, cs::bearer{},
        cs::only{"https://api.example"}, world.context()};
    cs::request request("GET", "https://api.example/");
    BOOST_REQUIRE(api.authorize(request).has_value());
    fake::jws const token(request.get("Authorization")->substr(7));
    BOOST_TEST(token.header.get<std::string>("alg") == key->alg());
    BOOST_TEST(token.payload().get<std::string>("iss") == "ci");
    BOOST_TEST(fake::verifies(fake::read_json(key->public_jwk()), key->alg(), token.input, token.signature));
  }
}

BOOST_AUTO_TEST_SUITE_END()
