#include <countersign/mcp/templates.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

BOOST_AUTO_TEST_SUITE(mcp_templates)

BOOST_AUTO_TEST_CASE(what_a_text_holds_is_told_apart) {
  struct {
    std::string_view text;
    bool names, is_one, stray;
  } const table[] = {
      {"", false, false, false},          {"plain $X", false, false, false}, {"${A}", true, true, false},
      {"${A:-}", true, true, false},      {"${A:-x}", true, false, false},   {"a${A}", true, false, false},
      {"${A}${B}", true, false, false},   {"${", false, false, true},        {"${A}${", true, false, true},
      {"${v%x}", false, false, true},     {"${A-B}", false, false, true},
  };
  for (auto const& row : table) {
    BOOST_TEST(mcp::names_variable(row.text) == row.names, row.text);
    BOOST_TEST(mcp::is_one_variable(row.text) == row.is_one, row.text);
    BOOST_TEST(mcp::has_stray_mark(row.text) == row.stray, row.text);
  }
}

BOOST_AUTO_TEST_CASE(an_expansion_refuses_values_that_break_a_credential) {
  fake::world world;
  world.variables = {{"V", "v"}, {"EMPTY", ""}, {"LINE", "a\nb"}, {"BELL", "\x07"}, {"TAB", "a\tb"}};
  struct {
    std::string_view text, outcome;
  } const table[] = {
      {"x${V}y", "xvy"},
      {"${TAB}", "a\tb"},
      {"${EMPTY:-}", ""},
      {"${EMPTY:-d}", "d"},
      {"${EMPTY}", "variable EMPTY is set but empty; give it a value, or allow it: ${EMPTY:-}"},
      {"${LINE}", "variable LINE holds a line end, which no header can carry; set it without"},
      {"${BELL}", "variable BELL holds a control byte, which no header can carry; set it without"},
      {"${NONE}", "variable NONE is not set; set it, or give a default: ${NONE:-…}"},
  };
  for (auto const& [text, outcome] : table) {
    auto const got = mcp::expand_strictly(text, world.context());
    BOOST_TEST((got ? std::string(got->reveal()) : std::string(got.error().message())) == outcome);
  }
}

BOOST_AUTO_TEST_CASE(a_variable_in_the_host_can_not_name_another_server) {
  fake::world world;
  for (std::string_view const url : {"https://${T}.h.example/x", "https://${T}", "wss://a.${T}/x?y", "https://a${T}:8443/"}) {
    for (char const bad : std::string_view("/?#@\\ ")) {
      world.variables["T"] = std::string("evil.example") + bad;
      auto const got = mcp::check_host_variables(url, world.context());
      BOOST_REQUIRE(!got);
      BOOST_TEST((got.error().code() == cs::errc::bad_input));
      BOOST_TEST(got.error().message().find("evil") == std::string_view::npos);
    }
    world.variables["T"] = "acme";
    BOOST_TEST(mcp::check_host_variables(url, world.context()).has_value());
  }
  world.variables["T"] = "a/b?c#d";
  for (std::string_view const url : {"https://h/${T}", "https://h?x=${T}", "https://h/#${T}"})
    BOOST_TEST(mcp::check_host_variables(url, world.context()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
