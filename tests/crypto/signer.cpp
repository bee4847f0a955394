#include <countersign/crypto/signer.hpp>

#include "vectors/read.hpp"

#include <countersign/text/base64.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

static_assert(cs::signer<cs::hmac_signer> && !cs::signer<int>);

namespace {
// The last part of a compact JWS, made anew from the first two.
std::string signed_anew(std::string const& compact, std::string const& key, cs::sha2 hash) {
  auto const dot = compact.rfind('.');
  auto const bytes = cs::decode_base64(key, cs::base64::url);
  BOOST_REQUIRE(bytes);
  auto const with = cs::hmac_signer::make(hash, bytes->reveal());
  BOOST_REQUIRE(with);
  cs::secret signature, text;
  BOOST_TEST(with->sign(compact.substr(0, dot), signature).has_value());
  cs::append_base64(text, signature.reveal(), cs::base64::url);
  return compact.substr(0, dot + 1) + std::string(text.reveal());
}
}  // namespace

BOOST_AUTO_TEST_SUITE(crypto_signer)

BOOST_AUTO_TEST_CASE(the_example_of_rfc_7515_holds) {
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  auto const& row = all.get_child("rfc7515").front().second;
  BOOST_TEST(row.get<std::string>("id") == "A.1");
  auto const compact = row.get<std::string>("compact");
  BOOST_TEST(signed_anew(compact, row.get<std::string>("k"), cs::sha2::bits_256) == compact);
}

BOOST_AUTO_TEST_CASE(the_hs256_example_of_the_jose_cookbook_holds) {
  auto const all = vectors::json("jose-cookbook/jws/4_4.hmac-sha2_integrity_protection.json");
  auto const compact = all.get<std::string>("output.compact");
  BOOST_TEST(signed_anew(compact, all.get<std::string>("input.key.k"), cs::sha2::bits_256) == compact);
}

// RFC 7518 §3.2
BOOST_AUTO_TEST_CASE(a_key_is_as_long_as_the_hash_at_least) {
  struct row {
    cs::sha2 hash;
    std::size_t least;
    std::string_view name;
  };
  for (auto const& [hash, least, name] :
       {row{cs::sha2::bits_256, 32, "HS256"}, row{cs::sha2::bits_384, 48, "HS384"},
        row{cs::sha2::bits_512, 64, "HS512"}}) {
    auto const enough = cs::hmac_signer::make(hash, std::string(least, 'k'));
    BOOST_REQUIRE(enough);
    BOOST_TEST(enough->alg() == name);
    auto const short_one = cs::hmac_signer::make(hash, std::string(least - 1, 'k'));
    BOOST_REQUIRE(!short_one);
    BOOST_TEST(short_one.error().message() ==
               std::string(name) + ": the key has " + std::to_string(least - 1) + " bytes, and needs " +
                   std::to_string(least) +
                   " at least (RFC 7518 section 3.2); make one with: openssl rand -base64 " +
                   std::to_string(least));
  }
  BOOST_TEST(!cs::hmac_signer::make(cs::sha2::bits_256, ""));
}

BOOST_AUTO_TEST_CASE(a_signature_is_appended) {
  cs::secret out("before:");
  BOOST_TEST(cs::hmac_signer::make(cs::sha2::bits_512, std::string(64, 'k'))->sign("input", out).has_value());
  BOOST_TEST(out.size() == 7u + 64u);
  BOOST_TEST(out.reveal().substr(0, 7) == "before:");
}

BOOST_AUTO_TEST_CASE(an_algorithm_is_found_by_its_exact_name) {
  BOOST_TEST((*cs::hmac_algorithm("HS256") == cs::sha2::bits_256));
  BOOST_TEST((*cs::hmac_algorithm("HS384") == cs::sha2::bits_384));
  BOOST_TEST((*cs::hmac_algorithm("HS512") == cs::sha2::bits_512));
  struct row {
    std::string_view name, said;
  };
  for (auto const& [name, said] :
       {row{"hs256", "unknown algorithm; did you mean HS256?"},
        row{"HS265", "unknown algorithm; did you mean HS256?"},
        row{"", "unknown algorithm; known are HS256, HS384 and HS512"},
        row{"RS256", "algorithm RS256 signs with a private key, and this is for keys that both sides share "
                     "(HS256, HS384, HS512); give a signer of your own"},
        row{"EdDSA", "algorithm EdDSA signs with a private key, and this is for keys that both sides share "
                     "(HS256, HS384, HS512); give a signer of your own"},
        row{"none",
            "algorithm \"none\" signs nothing, so that anybody could have written the token; use HS256"},
        row{"NONE",
            "algorithm \"none\" signs nothing, so that anybody could have written the token; use HS256"}}) {
    auto const got = cs::hmac_algorithm(name);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == cs::errc::bad_input));
    BOOST_TEST(got.error().message() == said);
  }
}

BOOST_AUTO_TEST_SUITE_END()
