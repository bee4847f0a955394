// Restricted Damerau-Levenshtein distance; the pairs are our own.
#include <countersign/text/nearest.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <span>
#include <string>

namespace cs = countersign;

BOOST_AUTO_TEST_SUITE(nearest)

BOOST_AUTO_TEST_CASE(distances_count_slips_of_the_hand) {
  struct {
    std::string_view a, b;
    std::size_t distance;
  } const cases[] = {
      {"", "", 0},
      {"a", "", 1},
      {"abc", "abc", 0},
      {"abc", "ABC", 0},
      {"abc", "abd", 1},
      {"abc", "ab", 1},
      {"abc", "xabc", 1},
      {"abcd", "acbd", 1},
      {"ab", "ba", 1},
      {"ca", "abc", 3},
      {"kitten", "sitting", 3},
      {"flaw", "lawn", 2},
      {"abcdef", "badcfe", 3},
      {"headers", "haeder", 2},
      {"abc", "xyz", 3},
      {"command", "comand", 1},
      {"comand", "commmand", 2},
  };
  for (auto const& c : cases) {
    BOOST_TEST(cs::edit_distance(c.a, c.b, 10) == c.distance, c.a);
    BOOST_TEST(cs::edit_distance(c.b, c.a, 10) == c.distance, c.a);
    BOOST_TEST(cs::edit_distance(c.a, c.b, c.distance) == c.distance, c.a);
    if (c.distance > 0) BOOST_TEST(cs::edit_distance(c.a, c.b, c.distance - 1) == c.distance, c.a);
  }
}

BOOST_AUTO_TEST_CASE(the_nearest_known_word_is_meant) {
  constexpr std::string_view known[] = {"type",    "command",       "args",  "env",     "url",
                                        "headers", "headersHelper", "oauth", "timeout", "envFile",
                                        "tls",     "allowHttp",     "auth"};
  struct {
    std::string_view word, meant;
  } const cases[] = {
      {"comand", "command"},
      {"cmomand", "command"},
      {"header", "headers"},
      {"Headers", "headers"},
      {"headershelper", "headersHelper"},
      {"uri", "url"},
      {"ulr", "url"},
      {"oath", "oauth"},
      {"oAuth", "oauth"},
      {"auht", "auth"},
      {"timout", "timeout"},
      {"envfile", "envFile"},
      {"arg", "args"},
      {"allow_http", "allowHttp"},
      {"typ", "type"},
      {"frobnicate", ""},
      {"", ""},
      {"x", ""},
      {"password", ""},
      {"abc", ""},
  };
  for (auto const& c : cases) BOOST_TEST(cs::nearest(c.word, known) == c.meant, c.word);
  BOOST_TEST(cs::nearest("comand", std::span<std::string_view const>(known)) == "command");
}

BOOST_AUTO_TEST_CASE(the_first_of_equals_is_kept) {
  cs::nearest_word found("cat");
  found.consider("bat");
  found.consider("hat");
  BOOST_TEST(found.best() == "bat");
  found.consider("cat");
  found.consider("CAT");
  BOOST_TEST(found.best() == "cat");
}

BOOST_AUTO_TEST_CASE(a_third_of_the_word_may_be_wrong) {
  BOOST_TEST(cs::nearest("abcdef", std::initializer_list<std::string_view>{"abcdxy"}) == "abcdxy");
  BOOST_TEST(cs::nearest("abcdef", std::initializer_list<std::string_view>{"abcxyz"}) == "");
  BOOST_TEST(cs::nearest("ab", std::initializer_list<std::string_view>{"ax"}) == "ax");
  BOOST_TEST(cs::nearest("ab", std::initializer_list<std::string_view>{"xy"}) == "");
}

BOOST_AUTO_TEST_CASE(words_beyond_64_bytes_are_near_to_nothing) {
  BOOST_TEST(cs::max_nearest_word == 64u);
  std::string const fits(64, 'a');
  std::string const longer(65, 'a');
  BOOST_TEST(cs::edit_distance(fits, fits, 3) == 0u);
  BOOST_TEST(cs::edit_distance(longer, longer, 3) == 4u);
  BOOST_TEST(cs::edit_distance(fits, longer, 3) == 4u);
  BOOST_TEST(cs::edit_distance(longer, fits, 3) == 4u);
  BOOST_TEST(cs::edit_distance(std::string(64, 'a'), std::string(64, 'b'), 100) == 64u);
  BOOST_TEST(cs::nearest(longer, std::initializer_list<std::string_view>{longer}) == "");
}

static_assert(cs::edit_distance("bearer", "baerer", 2) == 1);

BOOST_AUTO_TEST_SUITE_END()
