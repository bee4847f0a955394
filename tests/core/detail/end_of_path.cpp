#include <countersign/core/detail/end_of_path.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
using cs::detail::end_of_path;

BOOST_AUTO_TEST_SUITE(core_end_of_path)

BOOST_AUTO_TEST_CASE(a_short_path_is_shown_whole) {
  std::string const longest(cs::detail::max_path_shown, 'x');
  for (auto const& path : {std::string(), std::string("/"), std::string("app/.env"), longest})
    BOOST_TEST(end_of_path(path) == path);
}

BOOST_AUTO_TEST_CASE(of_a_long_path_the_last_names_are_shown) {
  std::string const many(100, 'x'), few(30, 'y');
  BOOST_TEST(end_of_path("/" + many + "/" + few + "/.env") == std::string(few).append("/.env"));
  BOOST_TEST(end_of_path(many) == std::string(80, 'x'));
  BOOST_TEST(end_of_path(many + "/") == std::string(79, 'x').append("/"));
}

BOOST_AUTO_TEST_CASE(no_character_is_cut_in_two) {
  std::string path(20, 'x');
  for (int i = 0; i < 40; ++i) path += "\xe2\x82\xac";
  auto const shown = end_of_path(path);
  BOOST_TEST(shown.size() == 78u);
  BOOST_TEST(shown.starts_with("\xe2\x82\xac"));
}

BOOST_AUTO_TEST_SUITE_END()
