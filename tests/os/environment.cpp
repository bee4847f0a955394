#include <countersign/os/environment.hpp>

#include "os/forked.hpp"

#include <boost/test/unit_test.hpp>

#include <stdlib.h>
#include <string>

using namespace countersign;
using namespace std::literals;

BOOST_AUTO_TEST_SUITE(os_environment)

BOOST_AUTO_TEST_CASE(a_variable_is_read_byte_for_byte) {
  for (auto const& value : {std::string("plain"), std::string(" blanks and \n lines "), std::string("a=b=c"),
                            std::string("\xff\xfe"), std::string(100'000, 'x')}) {
    ::setenv("COUNTERSIGN_TEST", value.c_str(), 1);
    auto const got = os::read_variable("COUNTERSIGN_TEST");
    BOOST_REQUIRE(got);
    BOOST_TEST(got->reveal() == value);
  }
  ::unsetenv("COUNTERSIGN_TEST");
}

BOOST_AUTO_TEST_CASE(an_empty_value_is_a_value) {
  ::setenv("COUNTERSIGN_TEST", "", 1);
  auto const got = os::read_variable("COUNTERSIGN_TEST");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->empty());
  ::unsetenv("COUNTERSIGN_TEST");
}

BOOST_AUTO_TEST_CASE(an_unset_variable_is_not_mine_and_is_named) {
  ::unsetenv("COUNTERSIGN_TEST");
  auto const got = os::read_variable("COUNTERSIGN_TEST");
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == errc::not_mine));
  BOOST_TEST(got.error().message() == "variable COUNTERSIGN_TEST is not set");
}

// getenv("A=B") finds the value of A where that begins with "B=", and a zero byte would cut the name.
BOOST_AUTO_TEST_CASE(a_name_that_no_variable_can_have_is_refused) {
  ::setenv("COUNTERSIGN_TEST", "B=secret", 1);
  for (auto const name :
       {""sv, "="sv, "COUNTERSIGN_TEST="sv, "COUNTERSIGN_TEST=B"sv, "COUNTERSIGN_TEST\0X"sv, "\0"sv}) {
    auto const got = os::read_variable(name);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == errc::bad_input));
  }
  ::unsetenv("COUNTERSIGN_TEST");
}

BOOST_AUTO_TEST_CASE(a_name_need_not_end_in_a_zero) {
  ::setenv("COUNTERSIGN_TEST", "v", 1);
  BOOST_TEST(os::read_variable("COUNTERSIGN_TEST_AND_MORE"sv.substr(0, 16)).value().reveal() == "v");
  ::unsetenv("COUNTERSIGN_TEST");
}

BOOST_AUTO_TEST_CASE(all_variables_are_listed_byte_for_byte) {
  BOOST_TEST(in_child([] {
    ::clearenv();
    if (os::read_environment().value().reveal() != "") return false;
    ::setenv("A", "1", 1);
    ::setenv("B", "x=y \n\xff", 1);
    ::setenv("EMPTY", "", 1);
    return os::read_environment().value().reveal() == "A=1\0B=x=y \n\xff\0EMPTY=\0"sv;
  }));
}

BOOST_AUTO_TEST_SUITE_END()
