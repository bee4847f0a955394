// RFC 9449 §4.2, §4.3, figures 2 and 13; htu as RFC 3986 §6.2.2 and §6.2.3 normalise it.
#include <countersign/format/dpop_proof.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "fake/jws_verifier.hpp"
#include "vectors/tally.hpp"

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <unordered_set>

namespace cs = countersign;

namespace {

cs::openssl_key const& key() {
  static auto const made = cs::openssl_key::generate();
  return *made;
}

/// Signs nothing, at no cost.
struct nobody {
  std::string_view alg() const { return "ES256"; }
  std::string_view public_jwk() const { return shown; }
  cs::result<void> sign(std::string_view, cs::secret& out) const {
    return out.append("s"), cs::result<void>();
  }
  std::string_view shown = R"({"kty":"EC"})";
};

cs::result<cs::secret> proof(cs::dpop_subject const& about, fake::world& world) {
  auto const outside = world.context();
  return cs::dpop_proof(key(), about, cs::moment(outside));
}
std::string htu(std::string_view origin, std::string_view target) {
  fake::world world;
  auto const made = proof({.method = "GET", .origin = origin, .target = target}, world);
  if (!made) return std::string(cs::name(made.error().code()));
  return fake::jws(made->reveal()).payload().get<std::string>("htu");
}
std::string names(fake::json const& object) {
  std::string all;
  for (auto const& [name, unused] : object) all += (all.empty() ? "" : " ") + name;
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(format_dpop_proof)

BOOST_AUTO_TEST_CASE(a_proof_is_what_rfc_9449_says_and_openssl_verifies_it) {
  fake::world world;
  auto const made =
      proof({.method = "POST", .origin = "https://server.example.com", .target = "/token"}, world);
  BOOST_REQUIRE(made.has_value());
  fake::jws const got(made->reveal());
  BOOST_TEST(fake::verifies(got));
  BOOST_TEST(names(got.header) == "typ alg jwk");
  BOOST_TEST(got.header.get<std::string>("typ") == "dpop+jwt");
  BOOST_TEST(got.header.get<std::string>("alg") == "ES256");
  BOOST_TEST(names(got.header.get_child("jwk")) == "crv kty x y");  // no private member
  auto const claims = got.payload();
  BOOST_TEST(names(claims) == "jti htm htu iat");
  BOOST_TEST(claims.get<std::string>("htm") == "POST");
  BOOST_TEST(claims.get<std::string>("htu") == "https://server.example.com/token");
  BOOST_TEST(claims.get<std::string>("iat") == std::to_string(world.now().wall.ms / 1000));
  BOOST_TEST(fake::base64url(claims.get<std::string>("jti")).size() == cs::dpop_jti_size);
}

BOOST_AUTO_TEST_CASE(the_token_is_hashed_and_the_nonce_repeated) {
  auto const example = vectors::json("rfc-misc/rfc-misc.json").get_child("rfc9449_dpop");
  vectors::tally count("rfc-misc/rfc-misc.json#rfc9449_dpop");
  fake::world world;
  auto const token = example.get<std::string>("access_token");
  auto const made = proof({.method = "GET",
                           .origin = "https://resource.example.org",
                           .target = "/protectedresource",
                           .access_token = token,
                           .nonce = "eyJ7S_zG.eyJH0-Z.HX4w-7v"},
                          world);
  BOOST_REQUIRE(made.has_value());
  fake::jws const got(made->reveal());
  BOOST_TEST(fake::verifies(got));
  auto const claims = got.payload();
  BOOST_TEST(names(claims) == "jti htm htu iat ath nonce");
  BOOST_TEST(claims.get<std::string>("ath") == example.get<std::string>("ath"));
  ++count;
  BOOST_TEST(claims.get<std::string>("nonce") == "eyJ7S_zG.eyJH0-Z.HX4w-7v");
  // The RFC's own proofs have the same members.
  fake::jws const theirs(example.get<std::string>("resource_proof"));
  BOOST_TEST(fake::verifies(theirs));
  BOOST_TEST(names(theirs.header) == names(got.header));
  BOOST_TEST(names(theirs.payload()) == "jti htm htu iat ath");
  BOOST_TEST(theirs.payload().get<std::string>("htu") == claims.get<std::string>("htu"));
}

BOOST_AUTO_TEST_CASE(htu_is_normal_and_has_neither_query_nor_fragment) {
  struct {
    std::string_view origin, target, htu;
  } const rows[] = {
      {"https://a.example", "/x", "https://a.example/x"},
      {"https://a.example", "/x?token=secret", "https://a.example/x"},
      {"https://a.example", "/x?", "https://a.example/x"},
      {"https://a.example", "/x#part", "https://a.example/x"},
      {"https://a.example", "/x?a#b?c", "https://a.example/x"},
      {"https://a.example", "", "https://a.example/"},
      {"https://a.example", "?q", "https://a.example/"},
      {"https://a.example", "*", "https://a.example/"},
      {"https://A.Example:443", "/x", "https://a.example/x"},
      {"https://a.example:8443", "/", "https://a.example:8443/"},
      {"http://a.example:80", "/", "http://a.example/"},
      {"HTTPS://a.example", "/X", "https://a.example/X"},
      {"https://[2001:DB8:0:0::1]", "/", "https://[2001:db8::1]/"},
      {"https://a.example", "/%7euser/%c3%a4", "https://a.example/~user/%C3%A4"},
      {"https://a.example", "/a/./b/../c", "https://a.example/a/c"},
      {"https://a.example", "//x", "https://a.example//x"},
      {"https://user:pw@a.example", "/x", "https://a.example/x"},
      {"wss://a.example", "/mcp", "https://a.example/mcp"},
      {"ws://127.0.0.1:8080", "/mcp", "http://127.0.0.1:8080/mcp"},
      {"https://a.example", "x", "bad_input"},
      {"https://a.example", "http://b.example/", "bad_input"},
      {"https://a.example", "/a b", "bad_input"},
      {"https://a.example", "/%zz", "bad_input"},
      {"ftp://a.example", "/", "bad_input"},
      {"", "/", "bad_input"},
  };
  for (auto const& row : rows)
    BOOST_TEST_CONTEXT(row.origin << " " << row.target) BOOST_TEST(htu(row.origin, row.target) == row.htu);
}

BOOST_AUTO_TEST_CASE(no_two_proofs_have_one_jti) {
  std::unordered_set<std::string> seen;
  cs::moment const now(cs::system_context);
  for (int i = 0; i < 1000000; ++i) {
    auto const made =
        cs::dpop_proof(nobody(), {.method = "GET", .origin = "https://a.example", .target = "/"}, now);
    BOOST_REQUIRE(made.has_value());
    auto const text = made->reveal();
    auto const claims =
        fake::base64url(text.substr(text.find('.') + 1, text.rfind('.') - text.find('.') - 1));
    BOOST_REQUIRE(claims.starts_with("{\"jti\":\""));
    seen.insert(claims.substr(8, claims.find('"', 8) - 8));
  }
  BOOST_TEST(seen.size() == 1000000u);
}

BOOST_AUTO_TEST_CASE(what_can_not_be_proved_is_told) {
  fake::world world;
  cs::dpop_subject const good{.method = "GET", .origin = "https://a.example", .target = "/"};
  auto without_method = good;
  without_method.method = {};
  BOOST_TEST((proof(without_method, world).error().code() == cs::errc::bad_input));
  world.entropy_fails = true;
  BOOST_TEST(proof(good, world).error().message() == "DPoP: entropy: the system gave no random bytes");
  auto const outside = world.context();
  BOOST_TEST(
      (cs::dpop_proof(nobody{.shown = {}}, good, cs::moment(outside)).error().code() == cs::errc::fatal));
  world.entropy_fails = false;
  for (long block = 0; block < 12; ++block) {
    auto const made = [&] {
      fake::heap::refused_once const refused(block);
      return cs::dpop_proof(nobody(), good, cs::moment(outside));
    }();
    BOOST_TEST((made || made.error().code() == cs::errc::no_memory), (made ? "" : made.error().c_str()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
