#include <countersign/format/detail/shared_words.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

BOOST_AUTO_TEST_SUITE(format_shared_words)

BOOST_AUTO_TEST_CASE(texts_pass_through_words) {
  for (std::size_t size = 0; size <= 40; ++size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i);
    cs::detail::shared_word words[6];
    for (auto& word : words) word = ~cs::detail::shared_word();
    cs::detail::store_shared_text(words, text);
    BOOST_TEST(words[(size + 7) / 8] == ~cs::detail::shared_word());
    char copied[48];
    cs::detail::load_shared_text(copied, words, size);
    BOOST_TEST(std::string_view(copied, size) == text);
  }
}

BOOST_AUTO_TEST_CASE(a_version_is_odd_while_somebody_writes) {
  cs::detail::shared_word version = 4;
  auto const mine = cs::detail::try_claim_for_write(version);
  BOOST_TEST((mine == 5 && version == 5));
  BOOST_TEST(cs::detail::try_claim_for_write(version) == 0u);
  BOOST_TEST(version == 5u);
  cs::detail::end_write(version, mine);
  BOOST_TEST(version == 6u);
  BOOST_TEST(cs::detail::claim_for_write(version) == 7u);
  // Nobody ends it: after some patience it is taken over, and whom it was taken from ends nothing.
  BOOST_TEST(cs::detail::claim_for_write(version) == 9u);
  cs::detail::end_write(version, 7);
  BOOST_TEST(version == 9u);
  cs::detail::end_write(version, 9);
  BOOST_TEST(version == 10u);
}

BOOST_AUTO_TEST_SUITE_END()
