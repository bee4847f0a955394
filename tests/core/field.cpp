// RFC 9110 §5.1, §5.5, §5.6.2; RFC 6750 §2.1
#include <countersign/core/field.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace countersign;
using namespace std::literals;

namespace {

constexpr auto letters_and_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"sv;

bool among(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

}  // namespace

static_assert(max_field_value == 131072 && max_field_name == 256);
static_assert(is_token("Authorization") && is_field_value("Bearer x") && is_b64token("x"));

BOOST_AUTO_TEST_SUITE(core_field)

BOOST_AUTO_TEST_CASE(a_name_is_made_of_the_77_bytes_of_tchar) {
  int allowed = 0;
  for (int i = 0; i < 256; ++i) {
    char const c = static_cast<char>(i);
    bool const expected = among(letters_and_digits, c) || among("!#$%&'*+-.^_`|~", c);
    BOOST_TEST(is_token(std::string_view(&c, 1)) == expected, i);
    BOOST_TEST(is_token(std::string{'x', c, 'x'}) == expected, i);
    allowed += expected;
  }
  BOOST_TEST(allowed == 77);
  BOOST_TEST(!is_token(""));
}

BOOST_AUTO_TEST_CASE(a_value_is_made_of_visible_bytes_and_inner_blanks) {
  for (int i = 0; i < 256; ++i) {
    char const c = static_cast<char>(i);
    bool const visible = (i >= 0x21 && i <= 0x7e) || i >= 0x80;
    bool const blank = c == ' ' || c == '\t';
    BOOST_TEST(is_field_value(std::string_view(&c, 1)) == visible, i);
    BOOST_TEST(is_field_value(std::string{'x', c, 'x'}) == (visible || blank), i);
    BOOST_TEST(is_field_value(std::string{c, 'x'}) == visible, i);
    BOOST_TEST(is_field_value(std::string{'x', c}) == visible, i);
  }
  BOOST_TEST(is_field_value(""));
  BOOST_TEST(is_field_value("a \t b"));
  BOOST_TEST(!is_field_value("token\r\nX-Evil: 1"));
}

BOOST_AUTO_TEST_CASE(a_bearer_token_is_made_of_the_68_bytes_of_b64token) {
  int allowed = 0;
  for (int i = 0; i < 256; ++i) {
    char const c = static_cast<char>(i);
    bool const expected = among(letters_and_digits, c) || among("-._~+/", c);
    BOOST_TEST(is_b64token(std::string_view(&c, 1)) == expected, i);
    BOOST_TEST(is_b64token(std::string{'x', c, 'x'}) == expected, i);
    BOOST_TEST(is_b64token(std::string{'x', c}) == (expected || c == '='), i);
    allowed += expected;
  }
  BOOST_TEST(allowed == 68);
  for (auto const good : {"a=", "a==", "a===", "mF_9.B5f-4.1JqM"}) BOOST_TEST(is_b64token(good), good);
  for (auto const bad : {"", "=", "==", "=a", "a=b", "a= ", "Bearer a", "a\n"})
    BOOST_TEST(!is_b64token(bad), bad);
}

// Values are looked at several bytes at a time, so every byte has to be told at every place.
BOOST_AUTO_TEST_CASE(a_byte_that_no_value_holds_is_found_wherever_it_stands) {
  for (std::size_t size = 1; size <= 20; ++size)
    for (std::size_t at = 0; at < size; ++at)
      for (int i = 0; i < 256; ++i) {
        std::string value(size, 'v');
        value[at] = static_cast<char>(i);
        bool const end = at == 0 || at + 1 == size;
        bool const allowed = i == ' ' || i == '\t' ? !end : i > 0x20 && i != 0x7f;
        if (is_field_value(value) != allowed)
          BOOST_TEST(is_field_value(value) == allowed, size << " " << at << " " << i);
      }
  BOOST_TEST(is_field_value("\xff\x80 \xc3\xa9\xff\xff\xff\xff\xff"));
}

BOOST_AUTO_TEST_CASE(names_compare_without_the_case_of_ascii_letters) {
  BOOST_TEST(equal_without_case("Authorization", "aUTHORIZATION"));
  BOOST_TEST(equal_without_case("", ""));
  BOOST_TEST(!equal_without_case("a", "ab"));
  for (int i = 0; i < 256; ++i)
    for (int j = 0; j < 256; ++j) {
      char const a = static_cast<char>(i), b = static_cast<char>(j);
      bool const letters = (i | 0x20) == (j | 0x20) && (i | 0x20) >= 'a' && (i | 0x20) <= 'z';
      BOOST_REQUIRE(equal_without_case(std::string_view(&a, 1), std::string_view(&b, 1)) ==
                    (i == j || letters));
    }
}

BOOST_AUTO_TEST_SUITE_END()
