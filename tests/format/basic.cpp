// RFC 7617 (Basic), RFC 3629 (UTF-8).
#include <countersign/format/basic.hpp>

#include <countersign/source/all_of.hpp>
#include <countersign/source/env.hpp>

#include "fake/written.hpp"
#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::header_formatter<cs::basic, cs::basic_login>);
static_assert(cs::header_formatter<cs::basic, std::tuple<cs::secret, cs::secret>>);
static_assert(!cs::header_formatter<cs::basic, cs::secret>);
static_assert(cs::is_constant<cs::basic> && !cs::signs_body<cs::basic>);

namespace {

cs::basic_login login(std::string_view user, std::string_view password) {
  return {.user = cs::secret(user), .password = cs::secret(password)};
}
fake::written basic(std::string_view user, std::string_view password) {
  auto const one = fake::write(cs::basic(), login(user, password));
  // A pair is written as the login that it stands for.
  auto const pair = fake::write(cs::basic(), std::tuple(cs::secret(user), cs::secret(password)));
  BOOST_TEST(one.text() == pair.text());
  return one;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(format_basic)

BOOST_AUTO_TEST_CASE(the_examples_of_the_rfc) {
  // §2 and §2.1
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  vectors::tally count("rfc-misc/rfc-misc.json#rfc7617");
  for (auto const& [_, row] : all.get_child("rfc7617")) {
    BOOST_TEST(basic(row.get<std::string>("user"), row.get<std::string>("password")).text() ==
               "Authorization: " + row.get<std::string>("header"));
    ++count;
  }
}

BOOST_AUTO_TEST_CASE(one_of_the_two_may_be_empty) {
  BOOST_TEST(basic("", "key").text() == "Authorization: Basic OmtleQ==");
  BOOST_TEST(basic("key", "").text() == "Authorization: Basic a2V5Og==");
  auto const got = basic("", "");
  BOOST_TEST((got.failure.code() == cs::errc::bad_input));
  BOOST_TEST(got.failure.message() == "basic: user id and password are both empty");
}

BOOST_AUTO_TEST_CASE(a_colon_is_refused_in_the_user_id_and_written_in_the_password) {
  for (auto const user : {":", "a:b", ":a", "a:"}) {
    auto const got = basic(user, "p");
    BOOST_TEST((got.failure.code() == cs::errc::bad_input));
    BOOST_TEST(got.failure.message() ==
               "basic: the user id holds a colon, which RFC 7617 does not allow; the password may");
  }
  BOOST_TEST(basic("a", "b:c:").text() == "Authorization: Basic YTpiOmM6");
}

// RFC 7617 §2: "user-id and password MUST NOT contain any control characters (see CTL in RFC 5234)".
BOOST_AUTO_TEST_CASE(every_control_character_is_refused_and_no_other_ascii_byte) {
  for (int byte = 0; byte < 128; ++byte) {
    bool const control = byte < 0x20 || byte == 0x7f;
    auto const with = "ab" + std::string(1, static_cast<char>(byte)) + "cd";
    BOOST_TEST_CONTEXT("byte " << byte) {
      auto const user = basic(with, "p"), password = basic("u", with);
      BOOST_TEST(user.ok() == (!control && byte != ':'));
      BOOST_TEST(password.ok() == !control);
      if (!control) continue;
      BOOST_TEST(user.text() ==
                 "bad_input: basic: the user id holds a control character; look for a stray line end");
      BOOST_TEST(password.text() ==
                 "bad_input: basic: the password holds a control character; look for a stray line end");
    }
  }
  BOOST_TEST(basic("", "line\n").text() ==
             "bad_input: basic: the password holds a control character; look for a stray line end");
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_is_refused) {
  for (auto const bytes :
       {"\xa3"sv, "a\xc2"sv, "\xc0\xaf"sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "\xff"sv}) {
    BOOST_TEST(basic(bytes, "p").text() == "bad_input: basic: the user id is not UTF-8");
    BOOST_TEST(basic("u", bytes).text() == "bad_input: basic: the password is not UTF-8");
  }
  BOOST_TEST(basic("J\xc3\xbcrgen", "\xf0\x9f\x94\x91").ok());
}

BOOST_AUTO_TEST_CASE(a_pair_of_variables_is_a_login) {
  fake::world w;
  w.variables = {{"USER_ID", "Aladdin"}, {"PASSWORD", "open sesame"}};
  cs::all_of const pair{cs::env("USER_ID"), cs::env("PASSWORD")};
  cs::memory_of<decltype(pair)> memory;
  auto const got = pair.acquire({}, w.context(), memory);
  BOOST_REQUIRE(got);
  BOOST_TEST(fake::write(cs::basic(), got->credential).text() ==
             "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

BOOST_AUTO_TEST_CASE(a_value_is_as_long_as_a_field_may_be_and_no_longer) {
  // "Basic " and 4 characters for each 3 bytes
  auto const most = (cs::max_field_value - "Basic "sv.size()) / 4 * 3;
  BOOST_TEST(basic("u", std::string(most - 2, 'p')).ok());
  BOOST_TEST((basic("u", std::string(most - 1, 'p')).failure.code() == cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(no_error_repeats_user_or_password) {
  constexpr auto canary = "c4nary-0f-th3-passw0rd"sv;
  for (int byte = 0; byte < 256; ++byte) {
    auto const with = std::string(canary) + static_cast<char>(byte) + "\xff";
    for (auto const& got : {basic(with, canary), basic(canary, with)}) {
      BOOST_TEST(!got.ok());
      BOOST_TEST(!fake::holds_piece(got.failure.message(), canary));
    }
  }
}

// "user:" alone would be another login.
BOOST_AUTO_TEST_CASE(what_found_no_memory_is_not_left_out) {
  if (!fake::heap::is_ours) return;
  for (auto const& [user, password] :
       {std::pair(cs::secret("u"), fake::broken_secret()), std::pair(fake::broken_secret(), cs::secret("p"))})
    BOOST_TEST(
        (fake::write(cs::basic(), cs::basic_login{user, password}).failure.code() == cs::errc::no_memory));
  // A short one needs none.
  BOOST_TEST(fake::write_without_block(0, cs::basic(), login("Aladdin", "open sesame")) ==
             "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  auto const long_one = login("Aladdin", std::string(2000, 's'));
  for (long block = 0; block < 2; ++block)  // the pair, and the draft's larger room
    BOOST_TEST(fake::write_without_block(block, cs::basic(), long_one) == "no_memory");
  BOOST_TEST(fake::write_without_block(2, cs::basic(), long_one).starts_with("Basic QWxhZGRpbjpzc3"));
}

BOOST_AUTO_TEST_CASE(nothing_of_the_password_stays_in_freed_memory) {
  constexpr auto password = "c4nary-passw0rd-in-basic"sv, encoded = "YzRuYXJ5LXBhc3N3MHJkLWluLWJhc2lj"sv;
  for (auto const canary : {password, encoded}) {
    fake::heap::watch const watch(canary);
    fake::world w;
    auto const outside = w.context();
    {
      cs::draft out;
      BOOST_TEST(cs::basic()
                     .format(login("us", password), cs::blank_request(), out, cs::moment(outside))
                     .has_value());
      out.set("X-Long", std::string(2000, 'x'));  // moves the draft to the heap
      BOOST_TEST(out.bytes().find(encoded) != std::string_view::npos);
    }
    BOOST_TEST(watch.found() == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_login_of_any_size_is_written) {
  // 64 and 65: where the pair leaves the stack.
  for (std::size_t const size : {2u, 63u, 64u, 65u, 1023u, 1024u, 1025u, 2000u, 9000u}) {
    std::string const user(size / 2, 'u'), password(size - size / 2 - 1, 'p');
    cs::secret expected;
    cs::append_base64(expected, user + ":" + password);
    BOOST_TEST(basic(user, password).text() == "Authorization: Basic " + std::string(expected.reveal()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
