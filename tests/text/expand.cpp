// The variables of `.mcp.json`; "an empty variable counts as unset for :-" is POSIX.1-2017, Shell Command
// Language 2.6.2.
#include <countersign/text/expand.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace cs = countersign;

namespace {

cs::result<cs::secret> lookup(std::string_view name) {
  if (name == "TOKEN" || name == "_t0K") return cs::secret("hunter2");
  if (name == "EMPTY") return cs::secret();
  if (name == "TRICK") return cs::secret("${TOKEN}$TOKEN${UNSET}");
  if (name == "BROKEN") return cs::error(cs::errc::transient, "the keychain is locked");
  return cs::error(cs::errc::not_mine, "unset");
}

cs::result<cs::secret> expand(std::string_view text) { return cs::expand(text, lookup); }

std::string expanded(std::string_view text) {
  auto const out = expand(text);
  return std::string(out ? out->reveal() : out.error().message());
}

std::string variables(std::string_view text) {
  std::string all;
  cs::for_each_variable(text, [&all](std::string_view name, bool has_default) {
    all.append(name).append(has_default ? "? " : " ");
  });
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(expansion)

BOOST_AUTO_TEST_CASE(variables_give_way_to_their_values) {
  struct {
    std::string_view text, wanted;
  } const cases[] = {
      {"", ""},
      {"plain", "plain"},
      {"${TOKEN}", "hunter2"},
      {"Bearer ${TOKEN}", "Bearer hunter2"},
      {"${TOKEN}${TOKEN}", "hunter2hunter2"},
      {"a${TOKEN}b${_t0K}c", "ahunter2bhunter2c"},
      {"${TOKEN:-x}", "hunter2"},
      {"${UNSET:-x}", "x"},
      {"${UNSET:-}", ""},
      {"${UNSET:-https://api.example.com/a?b:-c}", "https://api.example.com/a?b:-c"},
      {"${EMPTY}", ""},
      {"[${EMPTY:-x}]", "[x]"},
      {"[${EMPTY:-}]", "[]"},
  };
  for (auto const& c : cases) BOOST_TEST(expanded(c.text) == c.wanted, c.text);
}

BOOST_AUTO_TEST_CASE(what_is_no_variable_stays_literal) {
  for (std::string_view const text :
       {"$TOKEN",     "$",         "$$",           "$$TOKEN",     "${",          "${}",         "${TOKEN",
        "${TOKEN%x}", "${v%x}",    "${TOKEN:x}",   "${TOKEN-x}",  "${TOKEN:=x}", "${TOKEN:?x}", "${TOKEN:+x}",
        "${TOKEN:",   "${TOKEN:-", "${TOKEN:-x",   "${1TOKEN}",   "${TO KEN}",   "${ TOKEN}",   "${TOKEN }",
        "${TO-KEN}",  "${#TOKEN}", "${!TOKEN}",    "${TOKEN[0]}", "{TOKEN}",     "%TOKEN%",     "$(TOKEN)",
        "`TOKEN`",    "$ {TOKEN}", "${T\xc3\xa9}", "a ${ b } c"})
    BOOST_TEST(expanded(text) == text, text);
}

BOOST_AUTO_TEST_CASE(literal_text_beside_variables_is_kept) {
  BOOST_TEST(expanded("$${TOKEN}") == "$hunter2");
  BOOST_TEST(expanded("${${TOKEN}") == "${hunter2");
  BOOST_TEST(expanded("${v%x}${TOKEN}") == "${v%x}hunter2");
  BOOST_TEST(expanded("${a${TOKEN}}") == "${ahunter2}");
  BOOST_TEST(expanded("${TOKEN}}") == "hunter2}");
  BOOST_TEST(expanded("{${TOKEN}}") == "{hunter2}");
  BOOST_TEST(expanded("${TOKEN} ${UNSET:-x") == "hunter2 ${UNSET:-x");
}

BOOST_AUTO_TEST_CASE(a_default_is_literal_text_up_to_the_first_brace) {
  BOOST_TEST(expanded("${UNSET:-$TOKEN}") == "$TOKEN");
  BOOST_TEST(expanded("${UNSET:-a:-b}") == "a:-b");
  BOOST_TEST(expanded("${UNSET:-{\"a\":1}}") == "{\"a\":1}");
}

// Its rest, "}", would be sent as it stands, and so would the inner one.
BOOST_AUTO_TEST_CASE(a_variable_in_a_default_is_refused_whether_it_is_needed_or_not) {
  for (std::string_view const text : {"${UNSET:-${TOKEN}}", "${TOKEN:-${UNSET}}", "${UNSET:-a${TOKEN:-b}}", "${UNSET:-${}"}) {
    auto const got = cs::expand(text, lookup);
    BOOST_REQUIRE_MESSAGE(!got, text);
    BOOST_TEST(name(got.error().code()) == name(cs::errc::bad_input));
  }
}

BOOST_AUTO_TEST_CASE(values_are_never_expanded_again) {
  BOOST_TEST(expanded("${TRICK}") == "${TOKEN}$TOKEN${UNSET}");
  BOOST_TEST(expanded("${TRICK:-x}${TOKEN}") == "${TOKEN}$TOKEN${UNSET}hunter2");
}

BOOST_AUTO_TEST_CASE(an_unset_variable_is_named_and_nothing_else_is) {
  auto const out = expand("Bearer ${TOKEN} ${UNSET}");
  BOOST_REQUIRE(!out);
  BOOST_TEST((out.error().code() == cs::errc::not_mine));
  BOOST_TEST(out.error().message() == "variable UNSET is not set; set it, or give a default: ${UNSET:-…}");
}

BOOST_AUTO_TEST_CASE(other_errors_of_the_lookup_come_through) {
  for (std::string_view const text : {"${BROKEN}", "${BROKEN:-x}"}) {
    auto const out = expand(text);
    BOOST_REQUIRE(!out);
    BOOST_TEST((out.error().code() == cs::errc::transient));
    BOOST_TEST(out.error().message() == "the keychain is locked");
  }
}

BOOST_AUTO_TEST_CASE(a_value_that_was_cut_short_for_lack_of_memory_is_an_error) {
  auto const short_of_memory = [](std::string_view name) -> cs::result<cs::secret> {
    cs::secret value(name == "PART" ? "half of i" : "");
    value.reserve(static_cast<std::size_t>(-1) / 2);
    return value;
  };
  for (std::string_view const text : {"${PART}", "${PART:-x}", "${NOTHING}", "${NOTHING:-x}"}) {
    auto const out = cs::expand(text, short_of_memory);
    BOOST_REQUIRE_MESSAGE(!out, text);
    BOOST_TEST((out.error().code() == cs::errc::no_memory));
  }
}

BOOST_AUTO_TEST_CASE(a_name_has_256_bytes_at_most) {
  BOOST_TEST(cs::max_variable_name == 256u);
  auto const any = [](std::string_view) -> cs::result<cs::secret> { return cs::secret("x"); };
  BOOST_TEST(static_cast<bool>(cs::expand("${" + std::string(256, 'a') + "}", any)));
  auto const out = cs::expand("${" + std::string(257, 'a') + ":-y}", any);
  BOOST_REQUIRE(!out);
  BOOST_TEST((out.error().code() == cs::errc::too_large));
  BOOST_TEST(out.error().message() == "a variable's name is longer than 256 bytes");
}

BOOST_AUTO_TEST_CASE(an_expansion_has_a_mebibyte_at_most) {
  BOOST_TEST(cs::max_expansion == 1024u * 1024);
  std::string const half(512 * 1024, 'x');
  auto const halves = [&half](std::string_view) -> cs::result<cs::secret> { return cs::secret(half); };
  BOOST_TEST(cs::expand("${A}${A}", halves).value().size() == cs::max_expansion);
  BOOST_TEST((cs::expand("${A}${A}.", halves).error().code() == cs::errc::too_large));
  BOOST_TEST((cs::expand(".${A}${A}", halves).error().code() == cs::errc::too_large));
  BOOST_TEST((cs::expand("${A}${A}${A}", halves).error().code() == cs::errc::too_large));
  BOOST_TEST(expand(half + half).value().size() == cs::max_expansion);
  BOOST_TEST((expand(half + half + ".").error().code() == cs::errc::too_large));
  BOOST_TEST((expand("${UNSET:-" + half + half + ".}").error().code() == cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(openings_that_never_close_cost_linear_time) {
  auto const begin = std::chrono::steady_clock::now();
  for (std::string_view const piece : {"${a:-", "${", "${a", "${a:"}) {
    for (std::string_view const end : {"", "}"}) {
      std::string text;
      while (text.size() < cs::max_expansion / 2) text += piece;
      text += end;
      static_cast<void>(variables(text));
    }
  }
  BOOST_TEST((std::chrono::steady_clock::now() - begin <
              std::chrono::seconds(5)));  // quadratic: a minute at the least
}

BOOST_AUTO_TEST_CASE(variables_are_listed_in_order) {
  BOOST_TEST(variables("") == "");
  BOOST_TEST(variables("none $HERE ${v%x}") == "");
  BOOST_TEST(variables("https://${HOST:-h}/${TENANT}?k=${KEY}&h=${HOST}") == "HOST? TENANT KEY HOST ");
  BOOST_TEST(variables("${A:-${B}}${C:-}") == "A? C? ");
}

static_assert([] {
  int count = 0;
  cs::for_each_variable("${A} ${B:-c}",
                        [&count](std::string_view, bool has_default) { count += has_default ? 10 : 1; });
  return count;
}() == 11);

BOOST_AUTO_TEST_SUITE_END()
