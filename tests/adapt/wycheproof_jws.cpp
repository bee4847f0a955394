// Wycheproof's JSON web signatures: what a verifier that is put together of the toolkit's parts takes, and what it refuses.
// The algorithm is the key's; text is read strictly; a signature is compared whole.

#include <countersign/adapt/openssl_public_key.hpp>

#include <countersign/crypto/signer.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/json.hpp>

#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
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

bool verifies_with_shared(vectors::tree const& jwk, std::string_view alg, std::string_view input,
                          std::string_view signature) {
  auto const hash = cs::hmac_algorithm(alg);
  auto const bytes = cs::decode_base64(jwk.get<std::string>("k"), cs::base64::url);
  if (!hash || !bytes || jwk.get<std::string>("use", "sig") != "sig") return false;
  auto const key = cs::hmac_signer::make(*hash, bytes->reveal());
  cs::secret expected;
  return key && key->sign(input, expected) && cs::equal_in_constant_time(expected.reveal(), signature);
}

// `jwk` is one key, public or shared.
bool verifies(vectors::tree const& jwk, std::string_view compact) {
  auto const one = compact.find('.');
  if (one == compact.npos) return false;
  auto const two = compact.find('.', one + 1);
  if (two == compact.npos || compact.find('.', two + 1) != compact.npos) return false;
  auto header = cs::decode_base64(compact.substr(0, one), cs::base64::url);
  auto const payload = cs::decode_base64(compact.substr(one + 1, two - one - 1), cs::base64::url);
  auto const signature = cs::decode_base64(compact.substr(two + 1), cs::base64::url);
  if (!header || !payload || !signature) return false;
  auto const fields = cs::json_document::parse(std::move(*header));
  if (!fields || !fields->root().is_object() || (*fields)["crit"] || (*fields)["b64"]) return false;
  if (auto const kid = (*fields)["kid"];
      kid && jwk.count("kid") != 0 && kid.string() != jwk.get<std::string>("kid"))
    return false;
  auto const input = compact.substr(0, two);
  // the key's own algorithm, and never one that the text asks for
  auto const named = jwk.get<std::string>("alg", "");
  if (named.empty() || (*fields)["alg"].string() != named) return false;
  if (jwk.get<std::string>("kty") == "oct")
    return verifies_with_shared(jwk, named, input, signature->reveal());
  auto const key = cs::openssl_public_key::from_jwk(text_of(jwk));
  return key && key->verify(input, signature->reveal());
}

// A set of keys is the caller's to choose from, so those with several are no matter of this test.
vectors::tree const* only_key(vectors::tree const& group) {
  auto const& shown = group.get_child(group.count("public") != 0 ? "public" : "private");
  if (shown.count("keys") == 0) return &shown;
  auto const& keys = shown.get_child("keys");
  return keys.size() == 1 ? &keys.front().second : nullptr;
}

// Algorithms that nothing here verifies; RFC 7520's example of PS384, whose key says PS256; encryption; and keys that one
// make of smart cards chose badly, which looks like any other (CVE-2017-15361).
bool left_out(vectors::tree const& key, vectors::tree const& group) {
  static std::set<std::string> const none_here = {"RS384", "RS512",  "PS384",
                                                  "ES521", "A256KW", "ECDH-ES+A128KW"};
  auto const about = group.get<std::string>("comment"), alg = key.get<std::string>("alg", "");
  if (about == "wrong_algorithm" || about == "invalid_aes_kw_key") return false;  // to be refused
  return none_here.count(alg) != 0 || about == "jws_rsa_roca_key" ||
         (about.starts_with("rfc7520") && alg == "PS256");
}

// 367 and 370 are about padding, but hold none, and are valid; 372 and 373 hold a '?', which RFC 7515 §2 allows nowhere,
// and are said to be valid.
std::set<std::size_t> const wrong_in_the_file = {367, 370, 372, 373};

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_wycheproof_jws)

BOOST_AUTO_TEST_CASE(what_is_valid_is_taken_and_what_is_not_is_refused) {
  for (std::string const name : {"signature", "key", "crypto"}) {
    auto const file = "wycheproof/json_web_" + name + "_test.json";
    auto const all = vectors::json(file);
    vectors::tally count(file);
    unsigned taken = 0;
    for (auto const& [_, group] : all.get_child("testGroups")) {
      auto const* key = only_key(group);
      if (key == nullptr || left_out(*key, group)) continue;
      for (auto const& [__, row] : group.get_child("tests")) {
        auto const id = vectors::number(row, "tcId");
        if (name == "signature" && wrong_in_the_file.count(id) != 0) continue;
        bool const valid = row.get<std::string>("result") == "valid";
        BOOST_TEST(verifies(*key, row.get<std::string>("jws")) == valid,
                   file << ", tcId " << id << ": " << row.get<std::string>("comment"));
        taken += valid;
        ++count;
      }
    }
    BOOST_TEST(taken > 1U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
