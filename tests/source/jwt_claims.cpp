#include <countersign/source/jwt_claims.hpp>

#include "fake/context.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

namespace {
std::string written(cs::jwt_claims const& claims) {
  fake::world w;
  auto const outside = w.context();
  cs::secret out;
  auto const expires = claims.write(out, w.now().wall, outside);
  return expires ? std::string(out.reveal()) : std::string(expires.error().message());
}
std::string mistake(cs::jwt_claims const& claims) {
  auto const ok = claims.check();
  return ok ? "none" : std::string(ok.error().message());
}
}  // namespace

BOOST_AUTO_TEST_SUITE(source_jwt_claims)

BOOST_AUTO_TEST_CASE(what_is_set_is_written_and_nothing_else) {
  BOOST_TEST(written({.unique_id = false}) == R"({"iat":1000000000,"exp":1000000300})");
  BOOST_TEST(written({.issuer = "ci",
                      .subject = "build",
                      .audience = "https://a",
                      .lifetime = cs::seconds(10),
                      .unique_id = false}) ==
             R"({"iss":"ci","sub":"build","aud":"https://a","iat":1000000000,"exp":1000000010})");
  BOOST_TEST(
      written(
          {.audience = {"a", "b"}, .backdate = cs::seconds(60), .not_before = true, .unique_id = false}) ==
      R"({"aud":["a","b"],"iat":999999940,"nbf":999999940,"exp":1000000300})");
  BOOST_TEST(written({.issuer = "a \"b\" \n", .unique_id = false}) ==
             R"({"iss":"a \"b\" \n","iat":1000000000,"exp":1000000300})");
}

BOOST_AUTO_TEST_CASE(the_audience_may_be_known_at_run_time_only) {
  cs::jwt_audience audience;
  for (std::string const& one : {std::string("x"), std::string("y"), std::string("z")}) audience.add(one);
  BOOST_TEST(written({.audience = audience, .unique_id = false}) ==
             R"({"aud":["x","y","z"],"iat":1000000000,"exp":1000000300})");
  BOOST_TEST(written({.audience = std::string("x"), .unique_id = false}) ==
             R"({"aud":"x","iat":1000000000,"exp":1000000300})");
}

BOOST_AUTO_TEST_CASE(the_id_is_128_random_bits) {
  fake::world w;
  w.entropy = std::string("\x00\x01\xfe\xff", 4) + "0123456789ab";
  auto const outside = w.context();
  cs::secret out;
  BOOST_TEST(cs::jwt_claims{}.write(out, w.now().wall, outside).has_value());
  BOOST_TEST(out.reveal() ==
             R"({"iat":1000000000,"exp":1000000300,"jti":"0001feff303132333435363738396162"})");
  BOOST_TEST(w.entropy_bytes() == 16u);
}

BOOST_AUTO_TEST_CASE(custom_claims_keep_their_numbers_as_written) {
  BOOST_TEST(
      written(
          {.unique_id = false,
           .custom =
               R"( {"n": 1.50e+03, "big":12345678901234567890, "o":{"a":[1,null,true,"é\u0041"]}, "x":{} } )"}) ==
      R"({"n":1.50e+03,"big":12345678901234567890,"o":{"a":[1,null,true,"éA"]},"x":{},"iat":1000000000,"exp":1000000300})");
  BOOST_TEST(written({.unique_id = false, .custom = "{}"}) == R"({"iat":1000000000,"exp":1000000300})");
  BOOST_TEST(written({.unique_id = false, .custom = R"({"a":"{"})"}) ==
             R"({"a":"{","iat":1000000000,"exp":1000000300})");
  BOOST_TEST(written({.audience = {""}, .unique_id = false}) == R"({"aud":"","iat":1000000000,"exp":1000000300})");
}

BOOST_AUTO_TEST_CASE(a_custom_claim_may_be_a_registered_one_that_is_not_set) {
  BOOST_TEST(written({.unique_id = false, .custom = R"({"iss":"c","aud":["x"],"jti":"7","nbf":1})"}) ==
             R"({"iss":"c","aud":["x"],"jti":"7","nbf":1,"iat":1000000000,"exp":1000000300})");
  struct row {
    cs::jwt_claims claims;
    std::string_view name;
  };
  for (auto const& [claims, name] :
       {row{{.issuer = "i", .custom = R"({"iss":1})"}, "iss"},
        row{{.subject = "s", .custom = R"({"sub":1})"}, "sub"},
        row{{.audience = "a", .custom = R"({"aud":1})"}, "aud"}, row{{.custom = R"({"exp":1})"}, "exp"},
        row{{.custom = R"({"iat":1})"}, "iat"}, row{{.custom = R"({"jti":1})"}, "jti"},
        row{{.not_before = true, .custom = R"({"nbf":1})"}, "nbf"}}) {
    auto const expected = "claims: custom: line 1, column 2: \"" + std::string(name) +
                          "\" is set already; leave it out of one of the two";
    BOOST_TEST(mistake(claims) == "minted_jwt: " + expected);
  }
  BOOST_TEST(
      mistake({.custom = "{\n  \"role\": 1,\n  \"e\\u0078p\": 1}"}) ==
      "minted_jwt: claims: custom: line 3, column 3: \"exp\" is set already; leave it out of one of the two");
}

BOOST_AUTO_TEST_CASE(custom_claims_that_are_no_object_are_told_with_their_place) {
  BOOST_TEST(
      mistake({.custom = "{\"a\":1,}"}).starts_with("minted_jwt: claims: custom: JSON line 1, column 8: "));
  BOOST_TEST(
      mistake({.custom = "[1]"}) ==
      "minted_jwt: claims: custom: JSON line 1, column 1: expected an object of claims, found an array");
  BOOST_TEST(mistake({.custom = "{\"a\":1,\"a\":2}"})
                 .starts_with("minted_jwt: claims: custom: JSON line 1, column 8: "));
  BOOST_TEST(mistake({.custom = " "}).starts_with("minted_jwt: claims: custom: JSON line 1, column 2: "));
  BOOST_TEST(mistake({.issuer = "\xff"}) ==
             "minted_jwt: claims: JSON cannot be written: a string that is not UTF-8");
}

BOOST_AUTO_TEST_CASE(custom_claims_are_as_long_as_the_limit_and_no_longer) {
  auto const of = [](std::size_t size) { return "{\"a\":\"" + std::string(size - 8, 'x') + "\"}"; };
  BOOST_TEST(of(100).size() == 100u);
  BOOST_TEST(mistake({.custom = of(cs::max_custom_claims)}) == "none");
  BOOST_TEST(mistake({.custom = of(cs::max_custom_claims + 1)}) ==
             "minted_jwt: claims: custom: longer than 32768 bytes");
}

BOOST_AUTO_TEST_CASE(a_lifetime_is_in_its_limits) {
  BOOST_TEST(mistake({.lifetime = cs::min_jwt_lifetime}) == "none");
  BOOST_TEST(mistake({.lifetime = cs::max_jwt_lifetime}) == "none");
  BOOST_TEST(mistake({.lifetime = cs::duration(cs::min_jwt_lifetime.ms - 1)}) ==
             "minted_jwt: the lifetime is 0 s; it may be from 1 to 31622400 s");
  BOOST_TEST(mistake({.lifetime = cs::duration(cs::max_jwt_lifetime.ms + 1000)}) ==
             "minted_jwt: the lifetime is 31622401 s; it may be from 1 to 31622400 s");
  BOOST_TEST(mistake({.backdate = cs::seconds(-1)}) ==
             "minted_jwt: backdate is -1 s; it may be from 0 to 31622400 s");
  BOOST_TEST(mistake({.backdate = cs::max_jwt_lifetime}) == "none");
  BOOST_TEST(!cs::jwt_claims{.backdate = cs::duration(cs::max_jwt_lifetime.ms + 1)}.check());
  BOOST_TEST(written({.lifetime = cs::milliseconds(1999), .unique_id = false}) ==
             R"({"iat":1000000000,"exp":1000000001})");
}

BOOST_AUTO_TEST_CASE(the_header_says_what_is_set) {
  auto const header = [](cs::jwt_header const& how) {
    cs::secret out;
    BOOST_TEST(how.write(out, "HS256").has_value());
    return std::string(out.reveal());
  };
  BOOST_TEST(header({}) == R"({"alg":"HS256","typ":"JWT"})");
  BOOST_TEST(header({.type = "at+jwt", .key_id = "7"}) == R"({"alg":"HS256","typ":"at+jwt","kid":"7"})");
  BOOST_TEST(header({.type = ""}) == R"({"alg":"HS256"})");
}

BOOST_AUTO_TEST_SUITE_END()
