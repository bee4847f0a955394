#include <countersign/text/bytes.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <string_view>

BOOST_AUTO_TEST_SUITE(bytes)

BOOST_AUTO_TEST_CASE(the_bytes_are_the_same_ones) {
  std::array<unsigned char, 3> const digest = {0x00, 0x7f, 0xff};
  auto const chars = countersign::as_chars(digest);
  BOOST_TEST(chars == std::string_view("\x00\x7f\xff", 3));
  BOOST_TEST(static_cast<void const*>(chars.data()) == digest.data());
}

BOOST_AUTO_TEST_SUITE_END()
