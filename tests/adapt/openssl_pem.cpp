#include <countersign/adapt/openssl_pem.hpp>

#include "fake/context.hpp"
#include "fake/jws_verifier.hpp"

#include <countersign/countersign.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

static_assert(cs::immediate_source<cs::pem_file> && cs::versioned_source<cs::pem_file>);
static_assert(cs::immediate_source<cs::pem_key<cs::env>> && !cs::versioned_source<cs::pem_key<cs::env>>);

namespace {
// RFC 8037 A.1
constexpr std::string_view jwk =
    R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",)"
    R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
// The same key.
constexpr std::string_view pem = "-----BEGIN PRIVATE KEY-----\n"
                                 "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                                 "-----END PRIVATE KEY-----\n";

template <class Source>
std::string acquired(Source const& source, fake::world& world) {
  cs::memory_of<Source> memory;
  auto const outside = world.context();
  auto const got = cs::detail::acquire(source, cs::occasion{}, outside, memory);
  return got ? std::string(got->public_jwk())
             : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}
constexpr std::string_view shown =
    R"({"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_openssl_pem)

BOOST_AUTO_TEST_CASE(a_key_is_read_from_a_file_or_a_variable_as_pem_or_jwk) {
  fake::world world;
  world.files["key.pem"] = pem;
  world.files["key.jwk"] = "\n " + std::string(jwk);
  world.variables["KEY"] = pem;
  BOOST_TEST(acquired(cs::pem_file{"key.pem"}, world) == shown);
  BOOST_TEST(acquired(cs::pem_file{"key.jwk"}, world) == shown);
  BOOST_TEST(acquired(cs::pem_key{cs::env{"KEY"}}, world) == shown);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_file_or_key_is_told) {
  fake::world world;
  BOOST_TEST(
      acquired(cs::pem_file{"gone.pem"}, world).starts_with("not_mine: file: there is no file gone.pem"));
  world.files["key.pem"] = pem;
  world.others_read.insert("key.pem");
  BOOST_TEST(acquired(cs::pem_file{"key.pem"}, world)
                 .starts_with("insecure: file: key.pem may be read by every user"));
  BOOST_TEST(acquired(cs::pem_key{cs::file{"key.pem"}.lines().shared()}, world) == shown);
  world.files["bad.pem"] = "-----BEGIN PUBLIC KEY-----\n";
  BOOST_TEST(
      acquired(cs::pem_file{"bad.pem"}, world).starts_with("bad_input: openssl_key: this is a public key"));
  BOOST_TEST(acquired(cs::pem_key{cs::file{"key.pem"}.shared()}, world)
                 .starts_with("bad_input: file: key.pem holds a control byte or a second line"));
  BOOST_TEST(acquired(cs::pem_file{"key.jwk", {.algorithm = cs::jws_algorithm::es256}}, world)
                 .starts_with("not_mine"));
}

BOOST_AUTO_TEST_CASE(tokens_are_minted_with_a_key_from_a_file_that_may_be_swapped) {
  fake::world world;
  world.files["key.pem"] = pem;
  cs::authenticator api{cs::minted_jwt{cs::pem_file{"key.pem"}, cs::jwt_claims{.issuer = "ci"}}, cs::bearer{},
                        cs::only{"https://api.example"}, world.context()};
  cs::request request("GET", "https://api.example/");
  BOOST_REQUIRE(api.authorize(request).has_value());
  fake::jws const token(request.get("Authorization")->substr(7));
  BOOST_TEST(fake::verifies(fake::read_json(shown), "EdDSA", token.input, token.signature));
}

BOOST_AUTO_TEST_SUITE_END()
