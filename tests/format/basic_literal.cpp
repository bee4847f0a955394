#include <countersign/format/basic_literal.hpp>

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/header.hpp>
#include <countersign/source/fixed.hpp>

#include "fake/written.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

namespace cs = countersign;
using namespace cs::literals;

namespace {

// RFC 7617 §2 and §2.1
static_assert("Aladdin:open sesame"_basic.view() == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
static_assert("test:123\xc2\xa3"_basic.view() == "Basic dGVzdDoxMjPCow==");
// one of the two may be empty, and the password may hold colons
static_assert("key:"_basic.view() == "Basic a2V5Og==");
static_assert(":key"_basic.view() == "Basic OmtleQ==");
static_assert("a:b:c"_basic.view() == "Basic YTpiOmM=");

}  // namespace

BOOST_AUTO_TEST_SUITE(format_basic_literal)

BOOST_AUTO_TEST_CASE(it_is_what_the_formatter_writes) {
  auto const by_formatter = fake::write(
      cs::basic(), cs::basic_login{.user = cs::secret("some-client"), .password = cs::secret("")});
  auto const by_compiler = fake::write(cs::header("Authorization"), cs::secret("some-client:"_basic));
  BOOST_TEST(by_compiler.text() == by_formatter.text());
}

BOOST_AUTO_TEST_CASE(a_fixed_source_takes_it) {
  cs::authenticator token_endpoint{cs::fixed{"some-client:"_basic}, cs::header{"Authorization"},
                                   "https://login.example.com"_origin};
  cs::request request("GET", "https://login.example.com/token");
  BOOST_REQUIRE(token_endpoint.authorize(request).has_value());
  BOOST_TEST((request.get("Authorization") == "Basic c29tZS1jbGllbnQ6"));
}

BOOST_AUTO_TEST_SUITE_END()
