#include <countersign/mcp/place.hpp>

#include <countersign/text/json.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

BOOST_AUTO_TEST_SUITE(mcp_place)

BOOST_AUTO_TEST_CASE(a_text_is_cut_between_characters) {
  struct {
    std::string_view text;
    std::size_t size;
    std::string_view front, back;
  } const table[] = {
      {"abc", 3, "abc", "abc"},   {"abcd", 3, "abc", "bcd"},         {"", 3, "", ""},
      {"abcd", 0, "", ""},        {"a\xc3\xa9z", 2, "a", "z"},       {"a\xc3\xa9z", 3, "a\xc3\xa9", "\xc3\xa9z"},
      {"\xe2\x82\xac", 2, "", ""}, {"\xe2\x82\xac", 3, "\xe2\x82\xac", "\xe2\x82\xac"},
  };
  for (auto const& row : table) {
    BOOST_TEST(mcp::front_of(row.text, row.size) == row.front);
    BOOST_TEST(mcp::back_of(row.text, row.size) == row.back);
  }
}

BOOST_AUTO_TEST_CASE(messages_name_path_line_and_column_and_a_long_path_by_its_end) {
  auto const document = cs::json_document::parse(cs::secret("{\n \"a\": 1}"));
  BOOST_REQUIRE(document);
  auto const one = (*document)["a"];
  BOOST_TEST(mcp::place_names("f.json").at(one, "no ", 7).message() == "f.json:2:7: no 7");
  std::string const exact(mcp::max_path_shown, 'p'), longer = "x" + exact;
  BOOST_TEST(mcp::place_names(exact).path() == exact);
  BOOST_TEST(mcp::place_names(longer).path() == "\xe2\x80\xa6" + exact);
}

BOOST_AUTO_TEST_CASE(the_parsers_line_and_column_take_the_form_that_editors_jump_to) {
  mcp::place_names const place("f.json");
  auto const broken = cs::json_document::parse(cs::secret("{\n  x"));
  BOOST_REQUIRE(!broken);
  BOOST_TEST(place.in_json(broken.error()).message().starts_with("f.json:2:3: "));
  BOOST_TEST(place.in_json(cs::error(cs::errc::no_memory, "no memory")).message() == "f.json: no memory");
}

BOOST_AUTO_TEST_CASE(an_error_about_a_server_names_it_and_its_field) {
  auto const said = mcp::about_server(cs::error(cs::errc::fatal, "why"), std::string(mcp::max_name_shown + 1, 's'), "headers.", "X");
  BOOST_TEST(said.message() == "server \"" + std::string(mcp::max_name_shown, 's') + "\": headers.X: why");
  BOOST_TEST((said.code() == cs::errc::fatal));
}

BOOST_AUTO_TEST_SUITE_END()
