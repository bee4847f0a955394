#include <countersign/text/percent.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cs = countersign;
using namespace std::literals;

namespace {

using append = cs::secret& (*)(cs::secret&, std::string_view);
using decode = cs::result<cs::secret> (*)(std::string_view);

std::string encoded(append encode, std::string_view bytes) {
  cs::secret out;
  encode(out, bytes);
  BOOST_TEST(out.ok());
  return std::string(out.reveal());
}

struct coding {
  char const* name;
  append encode;
  decode read;
  std::string_view unchanged;
  std::string_view space;
};
constexpr std::string_view alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
coding const codings[] = {
    {"RFC 3986 section 2.3", cs::append_percent, cs::decode_percent, "-._~", "%20"},
    {"WHATWG URL, application/x-www-form-urlencoded", cs::append_form, cs::decode_form, "*-._", "+"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(percent)

BOOST_AUTO_TEST_CASE(every_byte_is_kept_or_encoded_as_its_standard_says_and_survives) {
  for (auto const& coding : codings) BOOST_TEST_CONTEXT(coding.name) for (int i = 0; i < 256; ++i) {
      char const c = static_cast<char>(i);
      constexpr char digits[] = "0123456789ABCDEF";
      std::string expected = {'%', digits[i / 16], digits[i % 16]};
      if (c == ' ') expected = coding.space;
      else if (alphanumeric.find(c) != alphanumeric.npos || coding.unchanged.find(c) != coding.unchanged.npos)
        expected = c;
      auto const text = encoded(coding.encode, {&c, 1});
      BOOST_TEST(text == expected);
      BOOST_TEST(coding.read(text).value().reveal() == std::string_view(&c, 1));
    }
}

// RFC 6749 appendix B
BOOST_AUTO_TEST_CASE(the_example_of_oauth_is_encoded_as_printed) {
  BOOST_TEST(encoded(cs::append_form, " %&+\xc2\xa3\xe2\x82\xac") == "+%25%26%2B%C2%A3%E2%82%AC");
  BOOST_TEST(cs::decode_form("+%25%26%2B%C2%A3%E2%82%AC").value().reveal() == " %&+\xc2\xa3\xe2\x82\xac");
}

BOOST_AUTO_TEST_CASE(a_plus_is_a_space_in_forms_alone) {
  BOOST_TEST(cs::decode_percent("a+b").value().reveal() == "a+b");
  BOOST_TEST(cs::decode_form("a+b").value().reveal() == "a b");
}

BOOST_AUTO_TEST_CASE(digits_of_either_case_are_read) {
  BOOST_TEST(cs::decode_percent("%c3%A9%Ff%00").value().reveal() == "\xc3\xa9\xff\0"sv);
}

BOOST_AUTO_TEST_CASE(a_percent_sign_without_two_digits_is_refused_wherever_it_stands) {
  for (auto const text : {"%", "%4", "a%", "a%4", "%%", "%%41", "%4%41", "%g0", "%0g", "%-1", "% 1", "%+1",
                          "%0x41", "%u0041", "%41%", "%41%4"})
    for (auto const& coding : codings) {
      auto const read = coding.read(text);
      BOOST_TEST_CONTEXT(text) BOOST_TEST(!read);
      BOOST_TEST((read.error().code() == cs::errc::bad_input));
    }
  for (std::string_view const text : {"%41", "a%41"})
    for (auto const& coding : codings) {
      BOOST_TEST(!coding.read(text.substr(0, text.size() - 1)));  // the digit behind the end is not read
      BOOST_TEST(!coding.read(text.substr(0, text.size() - 2)));
    }
  BOOST_TEST(
      cs::decode_form("secret%4x").error().message() ==
      "form-encoding: '%' at offset 6 is not followed by two hexadecimal digits; '%' itself is written %25");
}

BOOST_AUTO_TEST_CASE(it_is_appended_behind_what_was_there) {
  cs::secret out("https://api.example.com/");
  cs::append_percent(out, "a/b c");
  BOOST_TEST(out.reveal() == "https://api.example.com/a%2Fb%20c");
}

BOOST_AUTO_TEST_CASE(fields_of_a_form_are_joined) {
  cs::secret form;
  cs::append_form_field(form, "grant_type", "client_credentials");
  cs::append_form_field(form, "scope", "a b");
  cs::append_form_field(form, "x=&y", "");
  BOOST_TEST(form.reveal() == "grant_type=client_credentials&scope=a+b&x%3D%26y=");
}

BOOST_AUTO_TEST_CASE(nothing_stays_nothing) {
  for (auto const& coding : codings) {
    BOOST_TEST(encoded(coding.encode, "") == "");
    BOOST_TEST(coding.read("").value().empty());
  }
}

BOOST_AUTO_TEST_CASE(an_input_of_a_size_that_would_overflow_is_an_error) {
  for (auto const& coding : codings) {
    cs::secret out("kept");
    BOOST_TEST(!coding.encode(out, {"x", cs::detail::encoded_input_max + 1}).ok());
    BOOST_TEST(out.reveal() == "kept");
    BOOST_TEST((coding.read({"x", SIZE_MAX}).error().code() == cs::errc::no_memory));
  }
}

BOOST_AUTO_TEST_SUITE_END()
