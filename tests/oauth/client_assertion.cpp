// RFC 7523 §2.2, §3; RFC 7519 §4.1.
#include <countersign/oauth/client_assertion.hpp>

#include <countersign/crypto/any_hmac.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/json.hpp>

#include "fake/context.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {

// A key that can't be copied, as one that holds a private key may be.
struct own_key {
  own_key() = default;
  own_key(own_key&&) = default;
  std::string_view alg() const { return "ES256"; }
  cs::result<void> sign(std::string_view input, cs::secret& signature) const {
    if (fails) return cs::error{cs::errc::fatal, "no key"};
    signature.append(cs::any_hmac(cs::sha2::bits_256, "stands for a private key").finish(input).view());
    return {};
  }
  bool fails = false;
};
static_assert(cs::signer<own_key>);

cs::json_document part(std::string_view token, int index) {
  for (; index > 0; --index) token.remove_prefix(token.find('.') + 1);
  return cs::json_document::parse(
             cs::decode_base64(token.substr(0, token.find('.')), cs::base64::url).value())
      .value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_client_assertion)

BOOST_AUTO_TEST_CASE(it_says_who_to_whom_and_for_how_long) {
  fake::world w;
  w.set_wall({1'800'000'000'500});
  own_key const key;
  auto const token =
      oauth::client_assertion(key, "s6BhdRkqt3", "https://as.example", w.context(), {.key_id = "k1"});
  BOOST_REQUIRE(token);
  auto const header = part(token->reveal(), 0), claims = part(token->reveal(), 1);
  BOOST_TEST(header["alg"].string() == "ES256");
  BOOST_TEST(header["kid"].string() == "k1");
  BOOST_TEST(claims["iss"].string() == "s6BhdRkqt3");
  BOOST_TEST(claims["sub"].string() == "s6BhdRkqt3");
  BOOST_TEST(claims["aud"].string() == "https://as.example");  // one string: some servers take no list
  BOOST_TEST(claims["iat"].integer().value() == 1'800'000'000);
  BOOST_TEST(claims["exp"].integer().value() == 1'800'000'060);
  BOOST_TEST(claims["jti"].string().size() == 32u);
  // signed over header and claims as they stand
  auto const text = token->reveal();
  auto const dot = text.rfind('.');
  cs::secret signature;
  BOOST_TEST(key.sign(text.substr(0, dot), signature).has_value());
  BOOST_TEST((cs::decode_base64(text.substr(dot + 1), cs::base64::url).value() == signature));
}

BOOST_AUTO_TEST_CASE(no_two_have_the_same_id) {
  fake::world w;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i)
    seen.emplace(
        part(oauth::client_assertion(own_key(), "c", "https://as.example", w.context())->reveal(), 1)["jti"]
            .string());
  BOOST_TEST(seen.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(its_times_are_chosen) {
  fake::world w;
  w.set_wall({1'800'000'000'000});
  auto const token = oauth::client_assertion(own_key(), "c", "https://as.example/token", w.context(),
                                             {.lifetime = cs::seconds(300), .backdate = cs::seconds(10)});
  BOOST_REQUIRE(token);
  auto const claims = part(token->reveal(), 1);
  BOOST_TEST(claims["exp"].integer().value() == 1'800'000'300);
  BOOST_TEST(claims["iat"].integer().value() == 1'799'999'990);
  BOOST_TEST(!part(token->reveal(), 0)["kid"]);
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_told) {
  fake::world w;
  auto const told = [&](std::string_view id, std::string_view audience, own_key const& key = {}) {
    auto const got = oauth::client_assertion(key, id, audience, w.context());
    return got ? std::string() : std::string(got.error().message());
  };
  BOOST_TEST(told("", "a") == "oauth: client assertion: the client has no id");
  BOOST_TEST(told("c", "") == "oauth: client assertion: no audience; give the authorization server's issuer");
  own_key failing;
  failing.fails = true;
  BOOST_TEST(told("c", "a", failing) == "oauth: client assertion: minted_jwt: no key");
  w.entropy_fails = true;
  BOOST_TEST(told("c", "a").starts_with("oauth: client assertion: minted_jwt: claims: entropy"));
}

// RFC 7518 §3.2
BOOST_AUTO_TEST_CASE(a_secret_signs_if_it_is_as_long_as_the_hash) {
  fake::world w;
  cs::secret const shared(std::string(32, 's'));
  auto const token = oauth::client_secret_assertion(shared, "c", "https://as.example", w.context());
  BOOST_REQUIRE(token);
  BOOST_TEST(part(token->reveal(), 0)["alg"].string() == "HS256");
  BOOST_TEST(part(token->reveal(), 1)["aud"].string() == "https://as.example");
  auto const text = token->reveal();
  auto const dot = text.rfind('.');
  BOOST_TEST(cs::decode_base64(text.substr(dot + 1), cs::base64::url)->reveal() ==
             cs::as_chars(cs::hmac_sha256(shared.reveal(), text.substr(0, dot))));
  auto const refused = oauth::client_secret_assertion(cs::secret(std::string(31, 's')), "c",
                                                      "https://as.example", w.context());
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code() == cs::errc::bad_input));
  BOOST_TEST(refused.error().message().starts_with("oauth: client assertion: the client's secret: "));
}

BOOST_AUTO_TEST_SUITE_END()
