#include <countersign/adapt/error_code.hpp>

#include <boost/test/unit_test.hpp>

#include <system_error>

namespace cs = countersign;

BOOST_AUTO_TEST_SUITE(adapt_error_code)

BOOST_AUTO_TEST_CASE(an_errc_converts_to_an_error_code_with_its_name) {
  std::error_code const code = cs::errc::wrong_origin;
  BOOST_TEST(code.value() == static_cast<int>(cs::errc::wrong_origin));
  BOOST_TEST(code.message() == "wrong_origin");
  BOOST_TEST(std::string(code.category().name()) == "countersign");
  BOOST_TEST((code == cs::make_error_code(cs::errc::wrong_origin)));
  BOOST_TEST(!(code == cs::make_error_code(cs::errc::rejected)));
}

BOOST_AUTO_TEST_CASE(no_error_is_false) {
  BOOST_TEST(!std::error_code(cs::errc::none));
  BOOST_TEST(static_cast<bool>(std::error_code(cs::errc::transient)));
}

BOOST_AUTO_TEST_CASE(what_the_standard_has_a_word_for_compares_equal_to_it) {
  BOOST_TEST((std::error_code(cs::errc::no_memory) == std::errc::not_enough_memory));
  BOOST_TEST((std::error_code(cs::errc::rejected) == std::errc::permission_denied));
  BOOST_TEST((std::error_code(cs::errc::bad_field) == std::errc::invalid_argument));
  BOOST_TEST(!(std::error_code(cs::errc::transient) == std::errc::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()
