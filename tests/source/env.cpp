#include <countersign/source/env.hpp>

#include "fake/context.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::immediate_source<cs::env> && !cs::is_renewable<cs::env> && !cs::knows_origin<cs::env>);

BOOST_AUTO_TEST_SUITE(source_env)

BOOST_AUTO_TEST_CASE(a_value_is_yielded_byte_for_byte) {
  fake::world w;
  for (auto const& value :
       {"token"s, " a b "s, "line\n"s, "\"quoted\""s, "a=b"s, "\xc2\xa3\xff"s, "Bearer x"s}) {
    w.variables["API_TOKEN"] = value;
    auto const got = cs::env("API_TOKEN").acquire({}, w.context());
    BOOST_REQUIRE(got);
    BOOST_TEST(got->reveal() == value);
  }
}

BOOST_AUTO_TEST_CASE(an_unset_variable_is_not_mine_and_named_with_what_to_do) {
  fake::world w;
  auto const got = cs::env("API_TOKEN").acquire({}, w.context());
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == cs::errc::not_mine));
  BOOST_TEST(got.error().message() == "env: variable API_TOKEN is not set; export it, then start again");
}

BOOST_AUTO_TEST_CASE(an_empty_variable_is_not_mine_and_told_from_an_unset_one) {
  fake::world w;
  w.variables["API_TOKEN"] = "";
  auto const got = cs::env("API_TOKEN").acquire({}, w.context());
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == cs::errc::not_mine));
  BOOST_TEST(got.error().message() ==
             "env: variable API_TOKEN is set but empty; give it a value, then start again");
}

// A chain must not go on to another identity because this one could not be read.
BOOST_AUTO_TEST_CASE(any_other_failure_is_passed_on_as_it_is) {
  fake::world w;
  auto outside = w.context();
  outside.read_variable = [](void*, std::string_view) noexcept -> cs::result<cs::secret> {
    return cs::error(cs::errc::bad_input, "variable: the name is empty");
  };
  auto const got = cs::env("").acquire({}, outside);
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error() == cs::error(cs::errc::bad_input, "variable: the name is empty")));
}

BOOST_AUTO_TEST_CASE(it_owns_its_name) {
  fake::world w;
  w.variables["API_TOKEN"] = "value";
  std::string name = "API_TOKEN";
  cs::env const source{name};
  name.assign(9, '!');
  BOOST_TEST(source.variable() == "API_TOKEN");
  BOOST_TEST(source.acquire({}, w.context())->reveal() == "value");
}

BOOST_AUTO_TEST_CASE(the_variable_is_read_when_it_is_asked_for_and_not_before) {
  fake::world w;
  cs::env const source{"API_TOKEN"};
  BOOST_TEST(w.variable_reads() == 0u);
  w.variables["API_TOKEN"] = "one";
  BOOST_TEST(source.acquire({}, w.context())->reveal() == "one");
  w.variables["API_TOKEN"] = "two";
  BOOST_TEST(source.acquire({}, w.context())->reveal() == "two");
}

BOOST_AUTO_TEST_SUITE_END()
