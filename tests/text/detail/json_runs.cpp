#include <countersign/text/detail/json_runs.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>

namespace detail = countersign::detail;

namespace {

// One byte at a time, which needs no proof.
char const* by_bytes(char const* at, char const* end) {
  while (at != end && detail::is_plain_json(*at)) ++at;
  return at;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_runs)

BOOST_AUTO_TEST_CASE(each_byte_that_is_not_plain_is_found_at_each_place_in_a_run_of_each_size) {
  for (std::size_t size : {0u, 1u, 7u, 15u, 16u, 17u, 79u, 80u, 81u, 144u, 150u, 210u}) {
    for (int byte = 0; byte < 256; ++byte) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, 'a');
        text[at] = static_cast<char>(static_cast<unsigned char>(byte));
        auto const* const begin = text.data();
        auto const* const end = begin + size;
        BOOST_REQUIRE((detail::skip_plain_json(begin, end) == by_bytes(begin, end)));
      }
    }
  }
}

#if defined(__GNUC__) && defined(__x86_64__) && defined(__SSE2__)
BOOST_AUTO_TEST_CASE(both_ways_to_pass_a_token_stop_before_the_block_that_is_none) {
  for (std::size_t size = 0; size < 300; ++size) {
    std::string const token(size, 'a');
    auto const* const end = token.data() + size;
    auto const blocks = size < 80 ? 0 : (size - 16) / 64;
    BOOST_TEST(detail::skip_json_tokens_sse2(token.data(), end) - token.data() ==
               static_cast<long>(64 * blocks));
    if (detail::processor_has(detail::instructions::avx2))
      BOOST_TEST(detail::skip_json_tokens_avx2(token.data(), end) - token.data() ==
                 static_cast<long>(64 * blocks));
  }
  for (std::size_t at = 0; at < 256; ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text(256 + 16, '~');
      text[at] = static_cast<char>(static_cast<unsigned char>(byte));
      bool const token = byte > '"' && byte < 0x80 && byte != '\\';
      auto const expected = static_cast<long>(token ? 256 : at / 64 * 64);
      auto const* const end = text.data() + text.size();
      BOOST_REQUIRE(detail::skip_json_tokens_sse2(text.data(), end) - text.data() == expected);
      if (detail::processor_has(detail::instructions::avx2))
        BOOST_REQUIRE(detail::skip_json_tokens_avx2(text.data(), end) - text.data() == expected);
    }
  }
}
#endif

BOOST_AUTO_TEST_CASE(blanks_are_passed_to_the_first_other_byte) {
  for (std::size_t blanks = 0; blanks < 100; ++blanks) {
    for (std::size_t more = 0; more < 40; ++more) {
      auto text = std::string(blanks, ' ') + std::string(more, '\t');
      BOOST_TEST(detail::skip_json_blanks(text.data(), text.data() + text.size()) - text.data() ==
                 static_cast<long>(blanks));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
