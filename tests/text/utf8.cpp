#include <countersign/text/utf8.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <string_view>

namespace cs = countersign;
using cs::valid_utf8;
using namespace std::literals;

static_assert(valid_utf8("Stra\xc3\x9f"
                         "e"));
static_assert(!valid_utf8("\xc3"));

BOOST_AUTO_TEST_SUITE(utf8)

// RFC 3629 section 3
BOOST_AUTO_TEST_CASE(every_code_point_but_the_surrogates_is_valid_in_its_shortest_form) {
  for (unsigned point = 0; point <= 0x10ffff; ++point) {
    std::array<char, 4> const four = {static_cast<char>(point < 0x80      ? point
                                                        : point < 0x800   ? 0xc0 | point >> 6
                                                        : point < 0x10000 ? 0xe0 | point >> 12
                                                                          : 0xf0 | point >> 18),
                                      static_cast<char>(0x80 | (point < 0x800     ? point
                                                                : point < 0x10000 ? point >> 6
                                                                                  : point >> 12) %
                                                                   64),
                                      static_cast<char>(0x80 | (point < 0x10000 ? point : point >> 6) % 64),
                                      static_cast<char>(0x80 | point % 64)};
    std::size_t const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    bool const surrogate = point >= 0xd800 && point <= 0xdfff;
    if (valid_utf8({four.data(), size}) == surrogate) BOOST_ERROR("code point " << point);
    if (size > 1 && valid_utf8({four.data(), size - 1})) BOOST_ERROR("code point " << point << " cut short");
  }
}

// RFC 3629 section 4. Nothing else is valid, since the numbers of what is agree.
BOOST_AUTO_TEST_CASE(no_other_sequence_of_two_or_three_bytes_is_valid) {
  unsigned two = 0;
  unsigned three = 0;
  for (unsigned lead = 0x80; lead < 0x100; ++lead)
    for (unsigned rest = 0; rest < 0x10000; ++rest) {
      std::array<char, 3> const text = {static_cast<char>(lead), static_cast<char>(rest >> 8),
                                        static_cast<char>(rest)};
      two += rest < 0x100 && valid_utf8({std::array{text[0], text[2]}.data(), 2});
      three += valid_utf8({text.data(), 3});
    }
  unsigned const of_two = 0x800 - 0x80;
  BOOST_TEST(two == of_two);
  BOOST_TEST(three == 0x10000 - 0x800 - 0x800 + of_two * 0x80);  // of three, or of two and ASCII behind
}

BOOST_AUTO_TEST_CASE(no_other_sequence_of_four_bytes_is_valid) {
  constexpr std::array edges = {'\x00', '\x7f', '\x80', '\xbf', '\xc0', '\xff'};
  for (unsigned lead = 0xf0; lead < 0x100; ++lead)
    for (unsigned second = 0; second < 0x100; ++second)
      for (char third : edges)
        for (char fourth : edges) {
          std::array<char, 4> const text = {static_cast<char>(lead), static_cast<char>(second), third,
                                            fourth};
          unsigned const low = lead == 0xf0 ? 0x90 : 0x80;
          unsigned const high = lead == 0xf4 ? 0x8f : 0xbf;
          auto const follows = [](char c) { return (c & 0xc0) == 0x80; };
          bool const valid =
              lead <= 0xf4 && second >= low && second <= high && follows(third) && follows(fourth);
          if (valid_utf8({text.data(), 4}) != valid) BOOST_ERROR(lead << ' ' << second);
        }
}

BOOST_AUTO_TEST_CASE(a_bad_byte_is_seen_at_every_offset_of_ascii) {
  for (std::size_t size = 1; size < 40; ++size) {
    std::string text(size, 'a');
    BOOST_TEST(valid_utf8(text));
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      BOOST_TEST(!valid_utf8(text));
      text[at] = 'a';
    }
  }
}

BOOST_AUTO_TEST_CASE(long_text_of_every_size_of_sequence_is_valid) {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    text.append(static_cast<std::size_t>(i), 'x').append("\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91");
    BOOST_TEST(valid_utf8(text));
    BOOST_TEST(!valid_utf8(std::string_view(text).substr(0, text.size() - 1)));
  }
}

BOOST_AUTO_TEST_CASE(nothing_and_nul_and_a_byte_order_mark_are_valid) {
  BOOST_TEST(valid_utf8(""));
  BOOST_TEST(valid_utf8(std::string_view()));
  BOOST_TEST(valid_utf8("a\0b"sv));
  BOOST_TEST(valid_utf8("\xef\xbb\xbf{}"));
}

BOOST_AUTO_TEST_SUITE_END()
