#include <countersign/text/bytes.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <span>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(bytes)

BOOST_AUTO_TEST_CASE(the_bytes_are_the_same_ones) {
  std::array<unsigned char, 3> const digest = {0x00, 0x7f, 0xff};
  auto const chars = countersign::as_chars(digest);
  BOOST_TEST(chars == std::string_view("\x00\x7f\xff", 3));
  BOOST_TEST(static_cast<void const*>(chars.data()) == digest.data());
}

BOOST_AUTO_TEST_CASE(whatever_holds_bytes_in_a_row_will_do) {
  unsigned char const array[] = {'a', 0, 'c'};
  std::vector<unsigned char> const list(array, array + 3);
  std::span<unsigned char const> const span(list);
  for (auto const chars : {countersign::as_chars(array), countersign::as_chars(list), countersign::as_chars(span)})
    BOOST_TEST(chars == std::string_view("a\0c", 3));
  BOOST_TEST(static_cast<void const*>(countersign::as_chars(span).data()) == list.data());
  BOOST_TEST(countersign::as_chars(span.first(0)).empty());
}

// Characters are text already.
template <class Bytes>
concept has_chars = requires(Bytes const& bytes) { countersign::as_chars(bytes); };
static_assert(has_chars<std::vector<unsigned char>> && !has_chars<std::string_view> && !has_chars<std::span<int>>);

BOOST_AUTO_TEST_SUITE_END()
