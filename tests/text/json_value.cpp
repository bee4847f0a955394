// RFC 8259 (JSON).
#include <countersign/text/json_value.hpp>

#include <countersign/text/json.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

namespace cs = countersign;

static_assert(std::is_trivially_copyable_v<cs::json_value> && sizeof(cs::json_value) == 2 * sizeof(void*));

namespace {

cs::json_document parse(std::string_view text) {
  auto document = cs::json_document::parse(cs::secret(text));
  BOOST_REQUIRE_MESSAGE(document, text);
  return std::move(*document);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_value)

BOOST_AUTO_TEST_CASE(each_kind_answers_its_own_question_only) {
  auto const document = parse(R"(["s", 12, true, false, null, [1, 2], {"a": 1}])");
  auto const root = document.root();
  BOOST_TEST(root[0].string("other") == "s");
  BOOST_TEST(root[1].number() == "12");
  BOOST_TEST(root[1].integer().value() == 12);
  BOOST_TEST(root[2].boolean());
  BOOST_TEST(!root[3].boolean(true));
  BOOST_TEST(root[4].is_null());
  BOOST_TEST(root[5].size() == 2);
  BOOST_TEST(root[6].size() == 1);
  for (std::size_t i = 0; i < 7; ++i) {
    auto const value = root[i];
    BOOST_TEST(static_cast<bool>(value));
    BOOST_TEST(value.is_string() == (i == 0));
    BOOST_TEST(value.is_number() == (i == 1));
    BOOST_TEST(value.is_boolean() == (i == 2 || i == 3));
    BOOST_TEST(value.is_null() == (i == 4));
    BOOST_TEST(value.is_array() == (i == 5));
    BOOST_TEST(value.is_object() == (i == 6));
    if (i != 0) BOOST_TEST(value.string("other") == "other");
    if (i != 1) BOOST_TEST(value.number().empty());
    if (i != 1) BOOST_TEST(!value.integer());
    if (i != 2 && i != 3) BOOST_TEST((value.boolean(true) && !value.boolean(false)));
    if (i < 5) BOOST_TEST(value.size() == 0);
    BOOST_TEST(value.elements().empty() == (i != 5));
    BOOST_TEST(value.members().empty() == (i != 6));
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_a_value_that_says_so) {
  auto const document = parse(R"({"a": {"b": 1}})");
  auto const missing = document["x"]["y"][3]["z"];
  BOOST_TEST((missing.kind() == cs::json_kind::none));
  BOOST_TEST(!missing);
  BOOST_TEST(missing.string("default") == "default");
  BOOST_TEST(!missing.integer());
  BOOST_TEST(missing.size() == 0);
  BOOST_TEST(missing.where().line == 0);
  BOOST_TEST((missing.members().begin() == missing.members().end()));
  BOOST_TEST(!document["a"]["b"]["c"]);
  BOOST_TEST(!document["a"][0]);
  BOOST_TEST(document["a"].find("b").integer().value() == 1);
}

BOOST_AUTO_TEST_CASE(members_and_elements_come_in_the_order_of_the_text) {
  auto const document = parse(R"({"c": [1, [2, 3], {"x": 4}], "a": {"b": {"d": []}}, "": 5})");
  std::string seen;
  for (auto const [key, value] : document.root().members())
    seen += std::string(key.string()) + "=" + std::string(name(value.kind())) + ";";
  BOOST_TEST(seen == "c=an array;a=an object;=a number;");
  seen.clear();
  for (auto const value : document["c"].elements()) seen += std::string(name(value.kind())) + ";";
  BOOST_TEST(seen == "a number;an array;an object;");
  BOOST_TEST(document["c"][2]["x"].number() == "4");
  BOOST_TEST(document["c"].size() == 3);
  BOOST_TEST(!document["c"][3]);
  BOOST_TEST(document[""].number() == "5");
}

BOOST_AUTO_TEST_CASE(a_value_knows_its_place_in_the_text) {
  std::string const text = "{\n  \"a\\n\": \"x\\u0041\",\r\n  \"b\": [10,\n\t{}] }";
  auto const document = parse(text);
  struct {
    cs::json_value value;
    std::uint32_t line, column;
    std::string_view source;
  } const cases[] = {
      {document.root(), 1, 1, text},        {document["a\n"], 2, 10, "\"x\\u0041\""},
      {document["b"], 3, 8, "[10,\n\t{}]"}, {document["b"][0], 3, 9, "10"},
      {document["b"][1], 4, 2, "{}"},       {(*document.root().members().begin()).key, 2, 3, "\"a\\n\""},
  };
  for (auto const& c : cases) {
    auto const where = c.value.where();
    BOOST_TEST(where.line == c.line);
    BOOST_TEST(where.column == c.column);
    BOOST_TEST(text.substr(where.begin, where.end - where.begin) == c.source);
  }
}

BOOST_AUTO_TEST_CASE(expected_says_where_and_what_kind_but_not_what) {
  auto const document = parse("{\n \"url\": 12, \"token\": \"hunter2\"}");
  auto const wrong = document["url"].expected("a string");
  BOOST_TEST((wrong.code() == cs::errc::bad_input));
  BOOST_TEST(wrong.message() == "JSON line 2, column 9: expected a string, found a number");
  BOOST_TEST(document["token"].expected("an object").message() ==
             "JSON line 2, column 22: expected an object, found a string");
  BOOST_TEST(document["x"].expected("a string").message() == "JSON: expected a string, found nothing");
}

BOOST_AUTO_TEST_CASE(integers_are_exact_or_none) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  struct {
    std::string_view text;
    std::optional<std::int64_t> value;
  } const cases[] = {
      {"0", 0},
      {"-0", 0},
      {"0.000", 0},
      {"0e99999999999999999999", 0},
      {"-0.0e-5", 0},
      {"3600", 3600},
      {"-1", -1},
      {"3600.0", 3600},
      {"3.6e3", 3600},
      {"36e2", 3600},
      {"36E+2", 3600},
      {"360000e-2", 3600},
      {"0.0036e6", 3600},
      {"1000000.000", 1000000},
      {"10203", 10203},
      {"100e0", 100},
      {"9223372036854775807", most},
      {"-9223372036854775808", least},
      {"9223372036854775807.0", most},
      {"922337203685477580.7e1", most},
      {"9223372036854775808", {}},
      {"-9223372036854775809", {}},
      {"18446744073709551616", {}},
      {"1e19", {}},
      {"1e18", 1000000000000000000},
      {"10000000000000000000", {}},
      {"1e400", {}},
      {"-1e400", {}},
      {"1e99999999999999999999", {}},
      {"1e-99999999999999999999", {}},
      {"0.5", {}},
      {"1.5", {}},
      {"15e-1", {}},
      {"1e-1", {}},
      {"0.1e1", 1},
      {"3600.5", {}},
      {"123456789012345678901234567890", {}},
      {"100000000000000000000000000000e-27", 100},
  };
  for (auto const& c : cases) BOOST_TEST((parse(c.text).root().integer() == c.value), c.text);
  BOOST_TEST(!parse("\"3600\"").root().integer());
}

BOOST_AUTO_TEST_SUITE_END()
