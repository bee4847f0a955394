// RFC 6750 §2.1 (b64token), RFC 6749 §7.1 and RFC 9449 §5 (token_type).
#include <countersign/format/bearer.hpp>

#include "fake/written.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::header_formatter<cs::bearer, cs::secret> && cs::header_formatter<cs::bearer, cs::token>);
static_assert(!cs::header_formatter<cs::bearer, cs::basic_login>);
static_assert(cs::is_constant<cs::bearer> && !cs::signs_body<cs::bearer>);

namespace {

fake::written bearer(std::string_view token) { return fake::write(cs::bearer(), cs::secret(token)); }
fake::written bearer(std::string_view token, std::string_view type) {
  return fake::write(cs::bearer(), cs::token{.value = cs::secret(token), .type = cs::secret(type)});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(format_bearer)

BOOST_AUTO_TEST_CASE(a_token_is_written_after_the_scheme) {
  BOOST_TEST(bearer("mF_9.B5f-4.1JqM").text() == "Authorization: Bearer mF_9.B5f-4.1JqM");  // RFC 6750 §2.1
  BOOST_TEST(bearer("a").text() == "Authorization: Bearer a");
  BOOST_TEST(bearer("abc==").text() == "Authorization: Bearer abc==");
  BOOST_TEST(bearer("Bearer").text() == "Authorization: Bearer Bearer");
}

BOOST_AUTO_TEST_CASE(only_the_bytes_of_a_b64token_pass) {
  constexpr auto allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"sv;
  for (int byte = 0; byte < 256; ++byte) {
    auto const c = std::string(1, static_cast<char>(byte));
    bool const in_alphabet = allowed.find(c) != std::string_view::npos;
    BOOST_TEST_CONTEXT("byte " << byte) {
      BOOST_TEST(bearer(c).ok() == in_alphabet);
      BOOST_TEST(bearer(c + "abc").ok() == in_alphabet);
      BOOST_TEST(bearer("ab" + c + "cd").ok() == in_alphabet);
      BOOST_TEST(bearer("abc" + c).ok() == (in_alphabet || c == "="));
      BOOST_TEST(bearer("abc" + c + "=").ok() == (in_alphabet || c == "="));
    }
  }
  for (auto const* equals : {"=", "==", "=a"}) BOOST_TEST(!bearer(equals).ok());
}

BOOST_AUTO_TEST_CASE(what_is_no_token_is_refused_with_what_is_probably_wrong) {
  struct {
    std::string_view token, text;
  } const cases[] = {
      {"", "bearer: the token is empty"},
      {"abc\n", "bearer: the token holds a byte that no bearer token has (RFC 6750: letters, digits, -._~+/ "
                "and = at its "
                "end); look for a stray blank, quote or line end"},
      {"\"abc\"",
       "bearer: the token holds a byte that no bearer token has (RFC 6750: letters, digits, -._~+/ and = at "
       "its end); look for a stray blank, quote or line end"},
  };
  for (auto const& c : cases) {
    auto const got = bearer(c.token);
    BOOST_TEST((got.failure.code() == cs::errc::bad_input));
    BOOST_TEST(got.failure.message() == c.text);
    BOOST_TEST(got.fields.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_value_that_brings_the_scheme_along_is_told_as_that_mistake) {
  for (auto const token : {"Bearer abc", "bearer abc", "BEARER abc", "bEaReR ", "Bearer  abc\r\n"}) {
    auto const got = bearer(token);
    BOOST_TEST((got.failure.code() == cs::errc::bad_input));
    BOOST_TEST(
        got.failure.message() ==
        "bearer: the token already begins with \"Bearer \"; give the token alone, the scheme is added here");
  }
}

BOOST_AUTO_TEST_CASE(a_token_is_written_if_it_was_issued_as_bearer) {
  for (auto const type : {"Bearer", "bearer", "BEARER"})
    BOOST_TEST(bearer("abc", type).text() == "Authorization: Bearer abc");
  for (auto const type : {"", "mac", "Bearer ", "Bear", "DPoP "}) {
    auto const got = bearer("abc", type);
    BOOST_TEST((got.failure.code() == cs::errc::fatal));
    BOOST_TEST(got.failure.message() ==
               "bearer: the token was issued with another token_type than Bearer; choose a "
               "formatter that writes that type");
  }
  for (auto const type : {"DPoP", "dpop"}) {
    auto const got = bearer("abc", type);
    BOOST_TEST(got.fields.empty());
    BOOST_TEST((got.failure.code() == cs::errc::fatal));
    BOOST_TEST(got.failure.message() == "bearer: the token is bound to a key (DPoP), and is worth nothing without a "
                                        "proof; write it with bearer_or_dpop");
  }
  BOOST_TEST((bearer("a b", "Bearer").failure.code() == cs::errc::bad_input));
}

BOOST_AUTO_TEST_CASE(a_value_is_as_long_as_a_field_may_be_and_no_longer) {
  auto const longest = cs::max_field_value - "Bearer "sv.size();
  BOOST_TEST(bearer(std::string(longest, 'a')).ok());
  auto const got = bearer(std::string(longest + 1, 'a'));
  BOOST_TEST((got.failure.code() == cs::errc::too_large));
  BOOST_TEST(got.fields.empty());
}

BOOST_AUTO_TEST_CASE(no_error_repeats_the_token) {
  constexpr auto canary = "c4nary-0f-th3-t0ken"sv;
  for (int byte = 0; byte < 256; ++byte)
    for (auto const& token :
         {std::string(canary) + static_cast<char>(byte) + "!", "Bearer " + std::string(canary)})
      BOOST_TEST(!fake::holds_piece(bearer(token).failure.message(), canary));
  BOOST_TEST(!fake::holds_piece(bearer(canary, canary).failure.message(), canary));
}

BOOST_AUTO_TEST_CASE(a_token_that_found_no_memory_is_not_taken_for_an_empty_one) {
  if (!fake::heap::is_ours) return;
  BOOST_TEST((fake::write(cs::bearer(), fake::broken_secret()).failure.code() == cs::errc::no_memory));
  cs::token const untyped{.value = cs::secret("abc"), .type = fake::broken_secret()};
  BOOST_TEST((fake::write(cs::bearer(), untyped).failure.code() == cs::errc::no_memory));
}

BOOST_AUTO_TEST_SUITE_END()
