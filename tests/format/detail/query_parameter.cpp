// RFC 9421 §2.2.8
#include <countersign/format/detail/query_parameter.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

std::string found(std::string_view query, std::string_view name) {
  auto const raw = cs::detail::query_parameter(query, name);
  if (!raw) return std::string(cs::name(raw.error().code())) + ": " + std::string(raw.error().message());
  auto const made = cs::detail::encoded_anew(*raw);
  return made ? std::string(made->reveal()) : std::string(made.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_parameter)

BOOST_AUTO_TEST_CASE(the_examples_of_the_rfc) {
  constexpr std::string_view plain = "param=value&foo=bar&baz=batman&qux=";
  BOOST_TEST(found(plain, "baz") == "batman");
  BOOST_TEST(found(plain, "qux") == "");
  BOOST_TEST(found(plain, "param") == "value");
  constexpr std::string_view odd =
      "var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something";
  BOOST_TEST(found(odd, "var") == "this%20is%20a%20big%0Amultiline%20value");
  BOOST_TEST(found(odd, "bar") == "with%20plus%20whitespace");
  BOOST_TEST(found(odd, "fa%C3%A7ade%22%3A%20") == "something");
}

BOOST_AUTO_TEST_CASE(a_name_is_compared_by_what_it_means) {
  for (std::string_view const query : {"a%62=1", "ab=1", "x&ab=1&&", "&ab=1", "%61%62=%31"})
    BOOST_TEST(found(query, "ab") == "1", query);
  BOOST_TEST(found("a+b=1", "a%20b") == "1");
  BOOST_TEST(found("a~b=~", "a%7Eb") == "%7E");
  BOOST_TEST(found("a=b=c", "a") == "b%3Dc");
  BOOST_TEST(found("a", "a") == "");
  BOOST_TEST(found("a=100%", "a") == "100%25");
  BOOST_TEST(found("a=%zz%4", "a") == "%25zz%254");
  BOOST_TEST(found("a=\xc3\xa9", "a") == "%C3%A9");
}

BOOST_AUTO_TEST_CASE(one_that_is_missing_or_there_twice_is_none) {
  BOOST_TEST(found("a=1", "b") == "bad_input: the query has no such parameter");
  BOOST_TEST(found("", "b") == "bad_input: the query has no such parameter");
  BOOST_TEST(found("A=1", "a") == "bad_input: the query has no such parameter");
  BOOST_TEST(found("a=1&%61=1", "a") ==
             "bad_input: the query has it several times; cover @query instead (RFC 9421 section 2.2.8)");
  BOOST_TEST(found("a=%ff", "a") == "the query holds what is not UTF-8; cover @query instead");
  BOOST_TEST(found("%ff=1", "a") == "bad_input: the query holds what is not UTF-8; cover @query instead");
}

BOOST_AUTO_TEST_SUITE_END()
