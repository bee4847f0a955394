#include <countersign/text/hex.hpp>

#include "vectors/read.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace {
constexpr bool encodes_in_constant_expressions() {
  char out[6] = {};
  return cs::encode_hex(out, "\x01\xaf\xff") == out + 6 && std::string_view(out, 6) == "01afff";
}
static_assert(encodes_in_constant_expressions());

std::string every_byte() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(hex)

// RFC 4648 section 10 prints base16 in upper case; this is written in lower case and read in both.
BOOST_AUTO_TEST_CASE(the_vectors_of_rfc_4648_hold) {
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  for (auto const& [_, row] : all.get_child("rfc4648_base64")) {
    auto const bytes = row.get<std::string>("in");
    auto const upper = row.get<std::string>("base16");
    std::string lower = upper;
    for (char& c : lower)
      if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    cs::secret out;
    BOOST_TEST(cs::append_hex(out, bytes).reveal() == lower);
    BOOST_TEST(cs::decode_hex(upper).value().reveal() == bytes);
    BOOST_TEST(cs::decode_hex(lower).value().reveal() == bytes);
  }
}

BOOST_AUTO_TEST_CASE(every_byte_survives_and_is_appended_behind_what_was_there) {
  cs::secret out("0x");
  cs::append_hex(out, every_byte());
  BOOST_TEST(out.reveal().substr(0, 14) == "0x000102030405");
  BOOST_TEST(vectors::bytes(out.reveal().substr(2)) == every_byte());
  BOOST_TEST(cs::decode_hex(out.reveal().substr(2)).value().reveal() == every_byte());
}

BOOST_AUTO_TEST_CASE(every_byte_that_is_no_digit_is_refused_in_both_places) {
  for (char c : every_byte()) {
    bool const digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    for (std::string const& text : {std::string{c, '0'}, std::string{'0', c}}) {
      BOOST_TEST(cs::decode_hex(text).has_value() == digit);
      if (!digit) BOOST_TEST((cs::decode_hex(text).error().code() == cs::errc::bad_input));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_odd_number_of_digits_is_refused) {
  BOOST_TEST(cs::decode_hex("abc").error().message() ==
             "hex: 3 digits, which is an odd number; is it cut short?");
  BOOST_TEST(cs::decode_hex("").value().empty());
}

BOOST_AUTO_TEST_CASE(an_error_says_where_and_not_what) {
  BOOST_TEST(cs::decode_hex("00112233445g7788").error().message() ==
             "hex: the character at offset 11 is no hexadecimal digit");
}

BOOST_AUTO_TEST_CASE(an_input_of_a_size_that_would_overflow_is_an_error) {
  // volatile, or the compiler warns of what would be written
  for (std::size_t const volatile size :
       {cs::detail::encoded_input_max, cs::detail::encoded_input_max + 1, SIZE_MAX / 2 + 1}) {
    cs::secret out("kept");
    BOOST_TEST(!cs::append_hex(out, {"x", size}).ok());
    BOOST_TEST(out.reveal() == "kept");
  }
  BOOST_TEST((cs::decode_hex({"0", SIZE_MAX - 1}).error().code() == cs::errc::no_memory));
}

BOOST_AUTO_TEST_SUITE_END()
