// RFC 9110 §5.1 (names), §5.5 (values).
#include <countersign/format/as_is.hpp>

#include "fake/written.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::header_formatter<cs::as_is, cs::header_list> &&
              !cs::header_formatter<cs::as_is, cs::secret>);
static_assert(cs::is_constant<cs::as_is>);

BOOST_AUTO_TEST_SUITE(format_as_is)

BOOST_AUTO_TEST_CASE(every_field_is_written_as_it_stands_and_in_order) {
  cs::header_list list;
  BOOST_TEST(fake::write(cs::as_is(), list).text() == "");
  list.append("X-Tenant", "acme").append("Authorization", "Key a, b").append("X-Empty", "");
  BOOST_TEST(fake::write(cs::as_is(), list).text() == "X-Tenant: acme; Authorization: Key a, b; X-Empty: ");
}

BOOST_AUTO_TEST_CASE(a_name_that_stands_twice_is_refused) {
  cs::header_list list;
  list.append("X-Key", "a").append("x-key", "b");
  auto const got = fake::write(cs::as_is(), list);
  BOOST_TEST((got.failure.code() == cs::errc::fatal));
  BOOST_TEST(got.fields.empty());
}

BOOST_AUTO_TEST_CASE(bytes_that_no_field_may_hold_are_refused) {
  for (int byte = 0; byte < 256; ++byte) {
    auto const c = std::string(1, static_cast<char>(byte));
    cs::header_list in_name, in_value;
    in_name.append("X" + c, "v");
    in_value.append("X", "a" + c + "b");
    BOOST_TEST_CONTEXT("byte " << byte) {
      BOOST_TEST(fake::write(cs::as_is(), in_name).ok() == cs::is_token(c));
      BOOST_TEST(fake::write(cs::as_is(), in_value).ok() == (byte == '\t' || (byte >= 0x20 && byte != 0x7f)));
    }
  }
}

BOOST_AUTO_TEST_CASE(one_field_more_than_the_limit_is_refused) {
  cs::header_list list;
  for (unsigned i = 0; i < cs::draft::max_fields; ++i) list.append("X-" + std::to_string(i), "v");
  BOOST_TEST(fake::write(cs::as_is(), list).ok());
  list.append("X-more", "v");
  BOOST_TEST((fake::write(cs::as_is(), list).failure.code() == cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(a_list_that_found_no_memory_is_not_sent_in_part) {
  if (!fake::heap::is_ours) return;
  cs::header_list list;
  list.append("X-Id", "me");
  {
    fake::heap::exhausted const none;
    list.append("X-Key", std::string_view("k3y that is longer than what is left of the block"));
  }
  BOOST_TEST((fake::write(cs::as_is(), list).failure.code() == cs::errc::no_memory));
}

BOOST_AUTO_TEST_SUITE_END()
