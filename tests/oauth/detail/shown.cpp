#include <countersign/oauth/detail/shown.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {
std::string words(std::string_view text) { return std::string(oauth::detail::shown_words(text).reveal()); }
}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_shown)

BOOST_AUTO_TEST_CASE(only_codes_like_the_registered_ones_are_repeated) {
  constexpr auto hidden = "an error code that is not shown"sv;
  BOOST_TEST(oauth::detail::shown_error_code("invalid_redirect_uri") == "invalid_redirect_uri");
  BOOST_TEST(oauth::detail::shown_error_code(std::string(40, 'a')) == std::string(40, 'a'));
  BOOST_TEST(oauth::detail::shown_error_code(std::string(41, 'a')) == hidden);
  for (auto const code : {"", "Invalid", "invalid-grant", "s3cret", "a b", "a\n"})
    BOOST_TEST(oauth::detail::shown_error_code(code) == hidden);
}

BOOST_AUTO_TEST_CASE(words_of_any_script_are_shown_and_nothing_that_a_terminal_obeys) {
  struct {
    std::string_view text, shown;
  } const cases[] = {
      {"", ""},
      {"redirect_uris: not allowed!", "redirect_uris: not allowed!"},
      {"Adresse ung\xc3\xbcltig \xe2\x82\xac \xe6\x97\xa5 \xf0\x9f\x94\x91",
       "Adresse ung\xc3\xbcltig \xe2\x82\xac \xe6\x97\xa5 \xf0\x9f\x94\x91"},
      {"a\x1b[31mb\r\nc\td\x7f"sv, "a?[31mb??c?d?"},
      {"a\0b"sv, "a?b"},
      {"\xc2\x9b"
       "31m",
       "?31m"},  // C1: CSI
      {"a\xe2\x80\xae"
       "b\xe2\x81\xa6"
       "c\xe2\x80\x8f\xd8\x9c",
       "a?b?c??"},                                    // writing turned round
      {"a\xe2\x80\x8b\xef\xbb\xbf\xc2\xad", "a???"},  // nothing to see
      {"\xe2\x80\xa8\xe2\x80\xa9", "??"},             // ends of lines
      {"\xee\x80\x80\xf3\xa0\x81\x81", "??"},         // private use, tags
      {"\xff\xc3(\xed\xa0\x80", "??"
                                "(???"},  // no UTF-8
  };
  for (auto const& c : cases) BOOST_TEST(words(c.text) == c.shown);
}

BOOST_AUTO_TEST_CASE(what_is_too_long_ends_in_an_ellipsis) {
  BOOST_TEST(oauth::detail::max_shown_words == 120u);
  BOOST_TEST(words(std::string(120, 'a')) == std::string(120, 'a'));
  BOOST_TEST(words(std::string(121, 'a')) == std::string(117, 'a') + "\xe2\x80\xa6");
  std::string euros;
  for (int i = 0; i < 40; ++i) euros += "\xe2\x82\xac";
  BOOST_TEST(words(euros) == euros);
  BOOST_TEST(words(euros + "a") == euros.substr(0, 117) + "\xe2\x80\xa6");
  BOOST_TEST(words("a" + euros) == "a" + euros.substr(0, 114) + "\xe2\x80\xa6");
  BOOST_TEST(words(std::string(1'000'000, '\x01')).size() == 120u);
}

BOOST_AUTO_TEST_SUITE_END()
