// RFC 9651 §4.2, by the working group's own vectors and a few more.
#include <countersign/text/structured_field.hpp>

#include "fake/heap.hpp"
#include "vectors/structured_fields.hpp"
#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
using namespace std::literals;

namespace {

cs::result<cs::structured_field> parse(std::string_view text, std::string_view shape,
                                       cs::structured_limits const& limits = {}) {
  if (shape == "item") return cs::structured_field::parse_item(cs::secret(text), limits);
  if (shape == "list") return cs::structured_field::parse_list(cs::secret(text), limits);
  return cs::structured_field::parse_dictionary(cs::secret(text), limits);
}
std::string refusal(std::string_view text, std::string_view shape, cs::structured_limits const& limits = {}) {
  auto const field = parse(text, shape, limits);
  return field ? "accepted" : std::string(field.error().message());
}
cs::errc code(std::string_view text, std::string_view shape, cs::structured_limits const& limits) {
  auto const field = parse(text, shape, limits);
  return field ? cs::errc::none : field.error().code();
}

bool same_field(cs::structured_field const& got, cs::json_value wanted, std::string_view shape) {
  if (shape == "item") return vectors::same(got.item(), wanted);
  std::size_t i = 0;
  if (shape == "list") {
    for (auto const one : got.elements())
      if (!vectors::same(one, wanted[i++])) return false;
  } else {
    for (auto const [key, value] : got.members()) {
      auto const wants = wanted[i++];
      if (key != wants[std::size_t{0}].string() || !vectors::same(value, wants[std::size_t{1}])) return false;
    }
  }
  return i == wanted.size();
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string all;
  while (times-- > 0) all += piece;
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(structured_field)

BOOST_AUTO_TEST_CASE(every_vector_of_the_working_group_is_read_or_refused) {
  std::size_t read = 0, refused = 0;
  for (auto const file : vectors::parsed_fields) {
    auto const all = vectors::structured_fields(std::string(file));
    vectors::tally count("structured-field-tests/" + std::string(file) + ".json");
    for (auto const one : all.root().elements()) {
      ++count;
      std::string text;
      for (auto const line : one["raw"].elements())
        text.append(text.empty() ? "" : ", ").append(line.string());
      auto const shape = one["header_type"].string(), name = one["name"].string();
      auto const got = parse(text, shape);
      if (one["must_fail"].boolean()) {
        BOOST_TEST(!got.has_value(), file << ": " << name);
        ++refused;
        continue;
      }
      ++read;
      if (!got && one["can_fail"].boolean()) {
        BOOST_TEST(name == "non-zero pad bits");
        continue;
      }
      BOOST_TEST_REQUIRE(got.has_value(), file << ": " << name << ": " << got.error().message());
      BOOST_TEST(same_field(*got, one["expected"], shape), file << ": " << name);
    }
  }
  BOOST_TEST(read == 727u);
  BOOST_TEST(refused == 864u);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_by_place_and_never_by_content) {
  struct {
    std::string_view shape, text, message;
  } const cases[] = {
      {"item", "", "structured field, byte 1: expected a value"},
      {"item", "\"secret", "structured field, byte 8: expected '\"' at the end of a string"},
      {"item", "\"a\\b\"", "structured field, byte 4: expected '\"' or '\\' behind a '\\'"},
      {"item", "\"a\\", "structured field, byte 4: expected '\"' or '\\' behind a '\\'"},
      {"item", "1, 2", "structured field, byte 2: expected the end of the field"},
      {"item", "1.", "structured field, byte 3: expected a digit"},
      {"item", "1.2345", "structured field, byte 6: expected no more than 3 digits behind the point"},
      {"item", "1234567890123.4",
       "structured field, byte 14: expected no more than 12 digits before the point"},
      {"item", "1234567890123456", "structured field, byte 16: expected no more than 15 digits"},
      {"item", ":YWJj", "structured field, byte 6: expected ':' at the end of bytes"},
      {"item", ":Y:", "structured field, byte 2: expected base64 between two ':'"},
      {"item", ":YR==:", "structured field, byte 2: expected base64 between two ':'"},
      {"item", ":YQ==YQ==:", "structured field, byte 2: expected base64 between two ':'"},
      {"item", "?2", "structured field, byte 2: expected '0' or '1' behind '?'"},
      {"item", "@1.5", "structured field, byte 5: expected a date in whole seconds"},
      {"item", "%\"%C3\"", "structured field, byte 3: expected two digits, 0 to 9 or a to f, behind '%'"},
      {"item", "%\"%c3\"", "structured field, byte 3: expected UTF-8 in a display string"},
      {"item", "a;B", "structured field, byte 3: expected a key in lower case"},
      {"list", "a,", "structured field, byte 3: expected a member behind the last ','"},
      {"list", "(a\t)", "structured field, byte 3: expected ' ' or ')'"},
      {"list", "(a", "structured field, byte 3: expected ' ' or ')'"},
      {"list", "\xc3\xa9", "structured field, byte 1: expected a value"},
      {"dictionary", "a=1 b=2", "structured field, byte 5: expected ','"},
      {"dictionary", "a=(1), A", "structured field, byte 8: expected a key in lower case"},
  };
  for (auto const& [shape, text, message] : cases) BOOST_TEST(refusal(text, shape) == message);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_of_kind_none_and_looks_up_nothing) {
  auto const field = parse("sig1=(\"@method\" \"a\";req);created=12;tag=\"x\\\"y\", b", "dictionary");
  BOOST_TEST_REQUIRE(field.has_value());
  auto const& f = *field;
  BOOST_TEST((f["sig1"].parameter("created").integer() == 12));
  BOOST_TEST((f["sig1"].parameter("tag").string() == "x\"y"sv));
  BOOST_TEST(f["sig1"].elements().size() == 2u);
  BOOST_TEST(f["b"].boolean());
  BOOST_TEST(!f["sig1"].boolean());
  BOOST_TEST(f["sig1"].boolean(true));
  BOOST_TEST(!f["sig2"].parameter("created").integer().has_value());
  BOOST_TEST((f["sig2"].kind() == cs::structured_kind::none));
  BOOST_TEST(f["sig2"].elements().empty());
  BOOST_TEST(!f["sig1"].parameter("tag").token().has_value());
  BOOST_TEST(!f.item());
  BOOST_TEST(f.elements().empty());
  BOOST_TEST(f["sig2"].expected("a list").message() == "structured field: expected a list, found nothing");
  BOOST_TEST(f["sig1"].parameter("tag").expected("a token").message() ==
             "structured field, byte 42: expected a token, found a string");
  BOOST_TEST(parse("", "list")->elements().empty());
  BOOST_TEST(parse("  ", "dictionary")->members().empty());
}

BOOST_AUTO_TEST_CASE(values_outlive_a_move_of_the_field) {
  auto field = parse("a=\"b\"", "dictionary");
  BOOST_TEST_REQUIRE(field.has_value());
  auto const value = (*field)["a"];
  cs::structured_field const moved = std::move(*field);
  BOOST_TEST((value.string() == "b"sv));
}

BOOST_AUTO_TEST_CASE(each_limit_holds_at_n_and_not_at_n_plus_1) {
  BOOST_TEST((code("abcd", "item", {.size = 4}) == cs::errc::none));
  BOOST_TEST((code("abcde", "item", {.size = 4}) == cs::errc::too_large));
  for (auto const& [shape, four, five] :
       {std::tuple("list", "a,b,c,d", "a,b,c,d,e"), std::tuple("list", "(a b c d)", "(a b c d e)"),
        std::tuple("dictionary", "a,b,c,d", "a,b,c,d,e"), std::tuple("item", "x;a;b;c;d", "x;a;b;c;d;e")}) {
    BOOST_TEST((code(four, shape, {.members = 4}) == cs::errc::none), four);
    BOOST_TEST((code(five, shape, {.members = 4}) == cs::errc::too_large), five);
  }
  BOOST_TEST((code("a,a,a,a,a", "dictionary", {.members = 1}) == cs::errc::none));
  BOOST_TEST((code("a;b", "item", {.nodes = 3}) == cs::errc::none));
  BOOST_TEST((code("a;b;c", "item", {.nodes = 4}) == cs::errc::too_large));
  BOOST_TEST((code("a;b;c", "item", {.nodes = 5}) == cs::errc::none));
  BOOST_TEST((code(repeated("a", 128 * 1024), "item", {}) == cs::errc::none));
  BOOST_TEST((code(repeated("a", 128 * 1024 + 1), "item", {}) == cs::errc::too_large));
  BOOST_TEST((code(repeated("1,", 1023) + "1", "list", {}) == cs::errc::none));
  BOOST_TEST((code(repeated("1,", 1024) + "1", "list", {}) == cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(without_memory_it_fails_and_keeps_no_memory) {
  if (!fake::heap::is_ours) return;
  for (long successes = 0;; ++successes) {
    cs::secret text("a=(\"b\" :YQ==:);c=?0, d=%\"%c3%a9\"");
    bool ok = false;
    cs::errc why{};
    {
      fake::heap::exhausted const none(successes);
      auto const got = cs::structured_field::parse_dictionary(std::move(text));
      ok = got.has_value();
      if (!ok) why = got.error().code();
    }
    if (ok) break;
    BOOST_TEST((why == cs::errc::no_memory));
  }
}

BOOST_AUTO_TEST_SUITE_END()
