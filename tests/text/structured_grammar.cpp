// RFC 9651 §3.1.2, §3.3.3, §3.3.4
#include <countersign/text/structured_grammar.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

static_assert(cs::is_structured_key("sig1") && cs::is_structured_key("*a-b_c.d*") &&
              !cs::is_structured_key(""));
static_assert(cs::is_structured_token("a/b:c") && cs::is_structured_token("*") &&
              !cs::is_structured_token("1a"));
static_assert(cs::is_structured_string("") && cs::is_structured_string("a \"b\\"));

BOOST_AUTO_TEST_SUITE(structured_grammar)

BOOST_AUTO_TEST_CASE(each_byte_stands_where_the_grammar_lets_it) {
  constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz", upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                             digits = "0123456789";
  auto const in = [](std::string_view set, char c) { return set.find(c) != set.npos; };
  for (int i = 0; i < 256; ++i) {
    auto const c = static_cast<char>(i);
    std::string const first(1, c), second{'a', c};
    bool const letter = in(lower, c) || in(upper, c);
    BOOST_TEST(cs::is_structured_key(first) == (in(lower, c) || c == '*'), i);
    BOOST_TEST(cs::is_structured_key(second) == (in(lower, c) || in(digits, c) || in("_-.*", c)), i);
    BOOST_TEST(cs::is_structured_token(first) == (letter || c == '*'), i);
    BOOST_TEST(cs::is_structured_token(second) == (letter || in(digits, c) || in("!#$%&'*+-.^_`|~:/", c)), i);
    BOOST_TEST(cs::is_structured_string(first) == (i >= 0x20 && i <= 0x7e), i);
  }
}

BOOST_AUTO_TEST_SUITE_END()
