// RFC 9110 §5.1 (names), §5.5 (values).
#include <countersign/format/header.hpp>

#include "fake/written.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::header_formatter<cs::header, cs::secret> && cs::header_formatter<cs::header, cs::token>);
static_assert(!cs::header_formatter<cs::header, cs::basic_login>);
static_assert(cs::is_constant<cs::header>);

namespace {

std::string text_of(cs::header const& formatter, std::string_view value) {
  return fake::write(formatter, cs::secret(value)).text();
}
cs::errc code_of(cs::header const& formatter, std::string_view value) {
  return fake::write(formatter, cs::secret(value)).failure.code();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(format_header)

BOOST_AUTO_TEST_CASE(prefix_value_and_suffix_stand_in_a_row) {
  BOOST_TEST(text_of(cs::header("X-API-Key"), "k3y") == "X-API-Key: k3y");
  BOOST_TEST(text_of(cs::header("Authorization", "Token "), "k3y") == "Authorization: Token k3y");
  BOOST_TEST(text_of(cs::header("Authorization", "Token token=\"", "\""), "k3y") ==
             "Authorization: Token token=\"k3y\"");
  BOOST_TEST(text_of(cs::header("X-Tenant", "", "@example"), "acme") == "X-Tenant: acme@example");
  BOOST_TEST(text_of(cs::header("X"), "a b\tc") == "X: a b\tc");
}

BOOST_AUTO_TEST_CASE(a_token_is_written_whatever_its_type_unless_it_needs_a_proof) {
  for (auto const type : {"DPoP", "dpop"}) {
    cs::token const token{.value = cs::secret("abc"), .type = cs::secret(type)};
    auto const got = fake::write(cs::header("PRIVATE-TOKEN"), token);
    BOOST_TEST(got.fields.empty());
    BOOST_TEST((got.failure.code() == cs::errc::fatal));
    BOOST_TEST(got.failure.message() == "header PRIVATE-TOKEN: the token is bound to a key (DPoP), and is worth nothing "
                                        "without a proof; write it with bearer_or_dpop");
  }
  for (auto const type : {"Bearer", ""}) {
    cs::token const token{.value = cs::secret("abc"), .type = cs::secret(type)};
    BOOST_TEST(fake::write(cs::header("PRIVATE-TOKEN"), token).text() == "PRIVATE-TOKEN: abc");
  }
}

BOOST_AUTO_TEST_CASE(an_empty_credential_is_refused_and_the_header_named) {
  BOOST_TEST(text_of(cs::header("X-API-Key", "prefix ", " suffix"), "") ==
             "bad_input: header X-API-Key: the credential is empty");
}

BOOST_AUTO_TEST_CASE(it_owns_its_texts) {
  std::string name = "X-API-Key", prefix = "Key ", suffix = " end";
  cs::header const formatter(name, prefix, suffix);
  for (auto* text : {&name, &prefix, &suffix}) text->assign(text->size(), '!');
  BOOST_TEST(formatter.name() == "X-API-Key");
  BOOST_TEST(text_of(formatter, "k") == "X-API-Key: Key k end");
}

// All 256 bytes in each place: what RFC 9110 does not allow is refused, never stripped.
BOOST_AUTO_TEST_CASE(only_the_bytes_of_a_name_and_a_value_pass) {
  constexpr auto tchar = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"sv;
  for (int byte = 0; byte < 256; ++byte) {
    auto const c = std::string(1, static_cast<char>(byte));
    bool const in_name = tchar.find(c) != std::string_view::npos;
    bool const in_value = byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    bool const blank = byte == ' ' || byte == '\t';
    BOOST_TEST_CONTEXT("byte " << byte) {
      auto const name = "X" + c + "Y";
      BOOST_TEST((code_of(cs::header(name), "v") == (in_name ? cs::errc::none : cs::errc::bad_field)));
      BOOST_TEST(
          (code_of(cs::header("X"), "a" + c + "b") == (in_value ? cs::errc::none : cs::errc::bad_field)));
      BOOST_TEST(
          (code_of(cs::header("X", "a" + c), "b") == (in_value ? cs::errc::none : cs::errc::bad_field)));
      BOOST_TEST(
          (code_of(cs::header("X", "a", c + "b"), "v") == (in_value ? cs::errc::none : cs::errc::bad_field)));
      BOOST_TEST(
          (code_of(cs::header("X"), "a" + c) == (in_value && !blank ? cs::errc::none : cs::errc::bad_field)));
      BOOST_TEST(
          (code_of(cs::header("X"), c + "a") == (in_value && !blank ? cs::errc::none : cs::errc::bad_field)));
    }
  }
  BOOST_TEST((code_of(cs::header(""), "v") == cs::errc::bad_field));
}

BOOST_AUTO_TEST_CASE(name_and_value_are_as_long_as_allowed_and_no_longer) {
  BOOST_TEST((code_of(cs::header(std::string(cs::max_field_name, 'n')), "v") == cs::errc::none));
  BOOST_TEST((code_of(cs::header(std::string(cs::max_field_name + 1, 'n')), "v") == cs::errc::too_large));
  auto const most = cs::max_field_value - 2;
  BOOST_TEST((code_of(cs::header("X", "p", "s"), std::string(most, 'v')) == cs::errc::none));
  BOOST_TEST((code_of(cs::header("X", "p", "s"), std::string(most + 1, 'v')) == cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(no_error_repeats_the_credential) {
  constexpr auto canary = "c4nary-0f-th3-key"sv;
  for (int byte = 0; byte < 256; ++byte) {
    auto const value = std::string(canary) + static_cast<char>(byte) + "\n";
    BOOST_TEST(!fake::holds_piece(text_of(cs::header("X-API-Key"), value), canary));
  }
}

BOOST_AUTO_TEST_CASE(what_found_no_memory_is_not_left_out) {
  if (!fake::heap::is_ours) return;
  BOOST_TEST((fake::write(cs::header("X"), fake::broken_secret()).failure.code() == cs::errc::no_memory));
  auto const broken = [] {
    fake::heap::exhausted const none;
    return cs::owned_text("text");
  };
  BOOST_TEST((code_of(cs::header(broken()), "v") == cs::errc::no_memory));
  BOOST_TEST((code_of(cs::header("X", broken()), "v") == cs::errc::no_memory));
  BOOST_TEST((code_of(cs::header("X", "p", broken()), "v") == cs::errc::no_memory));
}

BOOST_AUTO_TEST_SUITE_END()
