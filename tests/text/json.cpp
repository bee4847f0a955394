// RFC 8259 (JSON), RFC 3629 §3 (UTF-8). The tables are our own, after the kinds of cases that JSON parsers
// are known to differ on.
#include <countersign/text/json.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstring>
#include <string>
#include <utility>

#include <pthread.h>

namespace cs = countersign;
using namespace std::literals;

namespace {

cs::result<cs::json_document> parse(std::string_view text, cs::json_limits const& limits = {}) {
  return cs::json_document::parse(cs::secret(text), limits);
}

std::string refusal(std::string_view text, cs::json_limits const& limits = {}) {
  auto const document = parse(text, limits);
  return document ? "accepted" : std::string(document.error().message());
}

cs::errc code(std::string_view text, cs::json_limits const& limits = {}) {
  auto const document = parse(text, limits);
  return document ? cs::errc::none : document.error().code();
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string all;
  all.reserve(piece.size() * times);
  while (times-- > 0) all += piece;
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_accepted_as_a_text) {
  for (std::string_view const text : {"null"sv,
                                      "true"sv,
                                      "false"sv,
                                      "0"sv,
                                      "-0"sv,
                                      "12"sv,
                                      "-1.5e+10"sv,
                                      "1E400"sv,
                                      "0.0"sv,
                                      "1e-2"sv,
                                      "\"\""sv,
                                      "\"a\""sv,
                                      "[]"sv,
                                      "{}"sv,
                                      "[ ]"sv,
                                      "{ }"sv,
                                      " \t\r\n1 \t\r\n"sv,
                                      "[[[[]]]]"sv,
                                      R"({"a":{"b":[{},[],""]}})"sv,
                                      R"({"":0})"sv,
                                      R"([1,"2",true,false,null,{"a":[]}])"sv,
                                      "\"\x7f\""sv,
                                      "\"\xc3\xa9\""sv,
                                      "\"\xf4\x8f\xbf\xbf\""sv})
    BOOST_TEST(refusal(text) == "accepted", text);
}

BOOST_AUTO_TEST_CASE(what_the_grammar_does_not_allow_is_refused_where_it_stands) {
  struct {
    std::string_view text, message;
  } const cases[] = {
      {"", "JSON line 1, column 1: expected a value, found the end of the text"},
      {"  \n ", "JSON line 2, column 2: expected a value, found the end of the text"},
      {"[", "JSON line 1, column 2: expected a value, found the end of the text"},
      {"[1", "JSON line 1, column 3: expected ',' or ']'"},
      {"[1,", "JSON line 1, column 4: expected a value, found the end of the text"},
      {"[1,]", "JSON line 1, column 4: a trailing comma: expected a value"},
      {"[,1]", "JSON line 1, column 2: expected a value"},
      {"[1,,2]", "JSON line 1, column 4: expected a value"},
      {"[1 2]", "JSON line 1, column 4: expected ',' or ']'"},
      {"[1}", "JSON line 1, column 3: expected ',' or ']'"},
      {"]", "JSON line 1, column 1: expected a value"},
      {"{", "JSON line 1, column 2: expected a name in double quotes"},
      {"{\n  \"a\": 1,\n}", "JSON line 3, column 1: a trailing comma: expected a name"},
      {"{,}", "JSON line 1, column 2: expected a name in double quotes"},
      {"{a:1}", "JSON line 1, column 2: expected a name in double quotes"},
      {"{'a':1}", "JSON line 1, column 2: expected a name in double quotes"},
      {"{1:1}", "JSON line 1, column 2: expected a name in double quotes"},
      {"{\"a\"}", "JSON line 1, column 5: expected ':' after a name"},
      {"{\"a\":}", "JSON line 1, column 6: expected a value"},
      {"{\"a\" \"b\"}", "JSON line 1, column 6: expected ':' after a name"},
      {"{\"a\":1 \"b\":2}", "JSON line 1, column 8: expected ',' or '}'"},
      {"{\"a\":1]", "JSON line 1, column 7: expected ',' or '}'"},
      {"{\"a\":1,2}", "JSON line 1, column 8: expected a name in double quotes"},
      {"['a']", "JSON line 1, column 2: a string stands in double quotes"},
      {"1 2", "JSON line 1, column 3: expected the end of the text"},
      {"{}{}", "JSON line 1, column 3: expected the end of the text"},
      {"{}\n]", "JSON line 2, column 1: expected the end of the text"},
      {"nul", "JSON line 1, column 1: expected a value"},
      {"nulll", "JSON line 1, column 5: expected the end of the text"},
      {"True", "JSON line 1, column 1: expected a value"},
      {"[tru]", "JSON line 1, column 2: expected a value"},
      {"undefined", "JSON line 1, column 1: expected a value"},
      {"\v1", "JSON line 1, column 1: expected a value"},
      {"\xc2\xa0[]", "JSON line 1, column 1: expected a value"},
  };
  for (auto const& c : cases) {
    BOOST_TEST(refusal(c.text) == c.message, c.text);
    BOOST_TEST((code(c.text) == cs::errc::bad_input), c.text);
  }
}

BOOST_AUTO_TEST_CASE(comments_are_told_as_such) {
  BOOST_TEST(refusal("// hello\n{}") == "JSON line 1, column 1: JSON has no comments");
  BOOST_TEST(refusal("{ /* a */ }") == "JSON line 1, column 3: JSON has no comments");
  BOOST_TEST(refusal("{\"a\": 1, // b\n}") == "JSON line 1, column 10: JSON has no comments");
  BOOST_TEST(refusal("{\"a\" /**/: 1}") == "JSON line 1, column 6: JSON has no comments");
  BOOST_TEST(refusal("[1 /**/]") == "JSON line 1, column 4: JSON has no comments");
  BOOST_TEST(refusal("{}\n// end") == "JSON line 2, column 1: JSON has no comments");
}

BOOST_AUTO_TEST_CASE(numbers_follow_section_6) {
  struct {
    std::string_view text, message;
  } const cases[] = {
      {"-", "column 2: expected a digit"},
      {"-a", "column 2: expected a digit"},
      {"--1", "column 2: expected a digit"},
      {"+1", "column 1: expected a value"},
      {".5", "column 1: expected a value"},
      {"1.", "column 3: expected a digit after '.'"},
      {"1.e2", "column 3: expected a digit after '.'"},
      {"1e", "column 3: expected a digit in the exponent"},
      {"1e+", "column 4: expected a digit in the exponent"},
      {"1e+-2", "column 4: expected a digit in the exponent"},
      {"01", "column 1: a number with a leading zero"},
      {"-012", "column 2: a number with a leading zero"},
      {"00", "column 1: a number with a leading zero"},
      {"0x10", "column 2: expected the end of the text"},
      {"1_000", "column 2: expected the end of the text"},
      {"1.2.3", "column 4: expected the end of the text"},
      {"NaN", "column 1: expected a value"},
      {"Infinity", "column 1: expected a value"},
      {"-Infinity", "column 2: expected a digit"},
      {"\xef\xbc\x91", "column 1: expected a value"},
  };
  for (auto const& c : cases) BOOST_TEST(refusal(c.text) == "JSON line 1, " + std::string(c.message), c.text);
}

BOOST_AUTO_TEST_CASE(escapes_are_undone_in_place) {
  struct {
    std::string_view text, value;
  } const cases[] = {
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("a\u0041b")", "aAb"},
      {R"("\u007f")", "\x7f"},
      {R"("\u0080")", "\xc2\x80"},
      {R"("\u00e9\u00E9")", "\xc3\xa9\xc3\xa9"},
      {R"("\u07ff")", "\xdf\xbf"},
      {R"("\u0800")", "\xe0\xa0\x80"},
      {R"("\ud7ff\ue000\uffff")", "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"},
      {R"("\ud800\udc00")", "\xf0\x90\x80\x80"},
      {R"("\uDBFF\uDFFF!")", "\xf4\x8f\xbf\xbf!"},
      {R"("\ud83d\ude00")", "\xf0\x9f\x98\x80"},
      {R"("\\u0041")", "\\u0041"},
      {R"("\\")", "\\"},
      {R"("eight bytes then \n and eight more")", "eight bytes then \n and eight more"},
      {R"("\u005c\u0022")", "\\\""},
  };
  for (auto const& c : cases) {
    auto const document = parse(c.text);
    BOOST_REQUIRE_MESSAGE(document, c.text);
    BOOST_TEST(document->root().string() == c.value, c.text);
  }
}

BOOST_AUTO_TEST_CASE(bad_strings_are_refused) {
  struct {
    std::string_view text, message;
  } const cases[] = {
      {"\"", "column 1: a string that does not end"},
      {"\"abc", "column 1: a string that does not end"},
      {"\"abc\\", "column 1: a string that does not end"},
      {"\"abc\\\"", "column 1: a string that does not end"},
      {"\"abc\\u12\"", "column 5: expected four hexadecimal digits after \\u"},
      {"\"\\u\"", "column 2: expected four hexadecimal digits after \\u"},
      {"\"\\u00g0\"", "column 2: expected four hexadecimal digits after \\u"},
      {"\"\\u+123\"", "column 2: expected four hexadecimal digits after \\u"},
      {"\"\\x41\"", "column 2: no such escape: only \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u are"},
      {"\"\\U0041\"", "column 2: no such escape: only \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u are"},
      {"\"\\\n\"", "column 2: no such escape: only \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u are"},
      {"\"a\\ud800\"", "column 3: half of a surrogate pair: expected a high and a low one"},
      {"\"\\ud800x\"", "column 2: half of a surrogate pair: expected a high and a low one"},
      {"\"\\udc00\"", "column 2: half of a surrogate pair: expected a high and a low one"},
      {"\"\\udc00\\udc00\"", "column 2: half of a surrogate pair: expected a high and a low one"},
      {"\"\\udc00\\ud800\"", "column 2: half of a surrogate pair: expected a high and a low one"},
      {"\"\\ud800\\ud800\"", "column 2: half of a surrogate pair: expected a high and a low one"},
      {"\"\\ud800\\u0041\"", "column 2: half of a surrogate pair: expected a high and a low one"},
      {"\"\\ud800\\n\"", "column 2: half of a surrogate pair: expected a high and a low one"},
      {"\"\\ud800\\udc0\"", "column 2: half of a surrogate pair: expected a high and a low one"},
      {"\"\\u0000\"", "column 2: a NUL, which no string here may hold"},
  };
  for (auto const& c : cases) BOOST_TEST(refusal(c.text) == "JSON line 1, " + std::string(c.message), c.text);
}

BOOST_AUTO_TEST_CASE(every_control_byte_in_a_string_is_refused_at_every_distance_from_its_start) {
  for (int byte = 0; byte < 0x20; ++byte) {
    for (std::size_t before = 0; before < 80; ++before) {
      auto const text =
          "\"" + std::string(before, 'a') + static_cast<char>(byte) + std::string(50, 'b') + "\"";
      BOOST_TEST(refusal(text) ==
                 "JSON line 1, column " + std::to_string(before + 2) +
                     (byte == 0 ? ": a NUL byte" : ": a control byte in a string: write it as an escape"));
    }
  }
  BOOST_TEST(refusal("\"\x7f\x20\"") == "accepted");
}

BOOST_AUTO_TEST_CASE(a_string_ends_where_it_ends_whatever_its_length_and_its_neighbours) {
  for (std::size_t size = 0; size < 100; ++size) {
    for (char const filler :
         {'a', '#', '!', '[', ']', '\x7f', '\x20'}) {  // neighbours of '"' and '\\', and the edges
      std::string const value(size, filler);
      auto const document = parse("[\"" + value + "\",\"" + value + "\"]");
      BOOST_REQUIRE(document);
      BOOST_TEST(document->root()[0].string() == value);
      BOOST_TEST(document->root()[1].string() == value);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_escape_is_undone_at_every_distance_from_the_start_of_a_string) {
  for (std::size_t before = 0; before < 200; ++before) {
    for (char const filler : {'a', ' ', '!'}) {
      auto const text = std::string(before, filler);
      auto const document = parse("[\"" + text + "\\\"" + text + "\\\\\"," + std::string(100, ' ') + "1]");
      BOOST_REQUIRE(document);
      BOOST_TEST(document->root()[0].string() == text + "\"" + text + "\\");
      BOOST_TEST(document->root().size() == 2);
    }
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_refused) {
  for (std::string_view const bytes :
       {"\x80"sv, "\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc3"sv, "\xc3\x28"sv, "\xe0\x80\x80"sv,
        "\xe0\x9f\xbf"sv, "\xe2\x82"sv, "\xed\xa0\x80"sv, "\xed\xbf\xbf"sv, "\xf0\x80\x80\x80"sv,
        "\xf0\x8f\xbf\xbf"sv, "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xff"sv, "\xfe\xff"sv}) {
    for (std::size_t before = 0; before < 80; ++before) {
      auto const string =
          "\"" + std::string(before, 'a') + std::string(bytes) + std::string(before, 'b') + "\"";
      BOOST_TEST(refusal("[1, " + string + "]") == "JSON line 1, column 5: a string that is not UTF-8");
      BOOST_TEST(refusal("{" + string + ":1}") == "JSON line 1, column 2: a string that is not UTF-8");
    }
    BOOST_TEST(refusal(bytes) == "JSON line 1, column 1: expected a value");
  }
  // The pieces of one sequence, with an escape between them, are none.
  BOOST_TEST(refusal("\"\xc3\\u0041\xa9\"") == "JSON line 1, column 1: a string that is not UTF-8");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_refused) {
  BOOST_TEST(refusal("\xef\xbb\xbf{}") == "JSON line 1, column 1: a byte order mark (BOM), which JSON may "
                                          "not begin with: save the text without it");
  BOOST_TEST(refusal("\xff\xfe{\0}\0"sv) == "JSON line 1, column 1: expected a value");
  BOOST_TEST(refusal("\"\xef\xbb\xbf\"") == "accepted");
}

BOOST_AUTO_TEST_CASE(nul_bytes_are_refused_everywhere) {
  BOOST_TEST(refusal("\0"sv) == "JSON line 1, column 1: a NUL byte");
  BOOST_TEST(refusal("{}\0"sv) == "JSON line 1, column 3: a NUL byte");
  BOOST_TEST(refusal("[\0]"sv) == "JSON line 1, column 2: a NUL byte");
  BOOST_TEST(refusal("[1\0]"sv) == "JSON line 1, column 3: a NUL byte");
  BOOST_TEST(refusal("{\"a\"\0:1}"sv) == "JSON line 1, column 5: a NUL byte");
  BOOST_TEST(refusal("{\"a\0\":1}"sv) == "JSON line 1, column 4: a NUL byte");
}

BOOST_AUTO_TEST_CASE(an_escaped_nul_is_let_in_on_demand) {
  auto const document = parse(R"("a\u0000b")", {.nul_in_strings = true});
  BOOST_REQUIRE(document);
  BOOST_TEST(document->root().string() == "a\0b"sv);
  BOOST_TEST(refusal("\"a\0b\""sv, {.nul_in_strings = true}) == "JSON line 1, column 3: a NUL byte");
}

BOOST_AUTO_TEST_CASE(a_name_twice_in_one_object_is_refused) {
  BOOST_TEST(refusal("{\"a\":1,\n \"b\":2,\n \"a\":3}") ==
             "JSON line 3, column 2: this name stands in the same object already, on line 1");
  BOOST_TEST(refusal(R"({"a":1,"\u0061":2})") ==
             "JSON line 1, column 8: this name stands in the same object already, on line 1");
  BOOST_TEST(refusal(R"({"":1,"":2})") ==
             "JSON line 1, column 7: this name stands in the same object already, on line 1");
  BOOST_TEST(refusal(R"([{"x":{"a":[1,{"b":1}],"a":2}}])") ==
             "JSON line 1, column 24: this name stands in the same object already, on line 1");
  BOOST_TEST(refusal(R"({"a":{"a":1},"b":{"a":{}},"A":1,"a ":1})") == "accepted");
  BOOST_TEST(refusal(R"({"ab":1,"a":2,"":3})") == "accepted");
}

BOOST_AUTO_TEST_CASE(a_name_twice_is_found_among_any_number_of_members) {
  // 8 and 9: where a table begins; 64 and 65: where it leaves the stack.
  for (std::size_t const count : {2u, 7u, 8u, 9u, 15u, 16u, 17u, 63u, 64u, 65u, 200u, 5000u}) {
    for (std::size_t const first : {std::size_t{0}, (count - 1) / 2, count - 2}) {
      std::string text = "{";
      for (std::size_t i = 0; i < count; ++i) {
        auto const name = i + 1 == count ? first : i;
        text +=
            (i == 0 ? "\"member_" : ",\"member_") + std::to_string(name) + "\":[" + std::to_string(i) + "]";
      }
      auto const column = text.rfind("\"member") + 1;
      BOOST_TEST(refusal(text + "}") == "JSON line 1, column " + std::to_string(column) +
                                            ": this name stands in the same object already, on line 1");
      BOOST_TEST(refusal(text.insert(column, "x") + "}") == "accepted");
    }
  }
}

BOOST_AUTO_TEST_CASE(few_names_are_told_apart_whatever_they_share) {
  // All of one size and with the same ends, so that nothing but their middle tells them apart.
  BOOST_TEST(refusal(R"({"":0,"a":1,"aa":2,"aba":3,"aca":4,"ada":5})") == "accepted");
  BOOST_TEST(refusal(R"({"aba":0,"aca":1,"aba":2})").find("stands in the same object already") !=
             std::string::npos);
  // An object between two members knows its own names alone.
  BOOST_TEST(refusal(R"({"a":0,"b":{"a":1,"b":{"a":2}},"c":[{"a":3}]})") == "accepted");
  BOOST_TEST(refusal(R"({"a":0,"b":{"a":1,"c":[{},{"x":0,"x":1}]}})").find("column 34") != std::string::npos);
  BOOST_TEST(refusal(R"({"a":0,"b":{"a":1,"c":[{"x":0}]},"a":2})").find("column 34") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_that_share_much_are_told_apart) {
  std::string text = "{";
  for (int i = 0; i < 3000; ++i)
    text += (i == 0 ? "\"" : ",\"") + std::string(static_cast<std::size_t>(i), 'a') + "\":0";
  BOOST_TEST(refusal(text + "}") == "accepted");
  BOOST_TEST(
      refusal(text + ",\"" + std::string(1500, 'a') + "\":0}").find("stands in the same object already") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_made_to_collide_are_refused_instead_of_compared_for_ever) {
  // Inverts the hash of eight-byte names: all land in slot 0 of the table.
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
  std::uint64_t inverse = odd;
  for (int i = 0; i < 6; ++i) inverse *= 2 - odd * inverse;
  auto const unmix = [&](std::uint64_t hash) {
    auto word = hash ^ (hash >> 29);
    word = hash ^ (word >> 29);
    return word * inverse;
  };
  std::string text = "{";
  int made = 0;
  for (std::uint64_t n = 1; made < 4000 && n < 40'000'000; ++n) {
    // Eight bytes are mixed in once.
    std::uint64_t const last = (n << 45) | (n >> 19 & 0xfffff);  // bits 20…44 are zero
    std::uint64_t const word = unmix(last) ^ (8 * odd);
    char name[8];
    std::memcpy(name, &word, 8);
    bool plain = true;
    for (char const c : name) plain = plain && c >= 0x20 && c != '"' && c != '\\';
    if (!plain) continue;
    text += (made++ == 0 ? "\"" : ",\"") + std::string(name, 8) + "\":0";
  }
  BOOST_REQUIRE_GT(made, 1000);
  BOOST_TEST((code(text + "}") == cs::errc::too_large));
  BOOST_TEST(refusal(text + "}").find("names made to collide") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(depth_is_limited_to_64) {
  auto const nested = [](std::size_t depth) { return repeated("[", depth) + repeated("]", depth); };
  BOOST_TEST(refusal(nested(64)) == "accepted");
  BOOST_TEST(refusal(nested(65)) ==
             "JSON line 1, column 65: arrays and objects lie deeper in one another than the limit");
  BOOST_TEST((code(nested(65)) == cs::errc::too_large));
  BOOST_TEST(refusal(repeated("{\"a\":", 64) + "1" + repeated("}", 64)) == "accepted");
  BOOST_TEST((code(repeated("{\"a\":", 65) + "1" + repeated("}", 65)) == cs::errc::too_large));
  BOOST_TEST((code("[1]", {.depth = 0}) == cs::errc::too_large));
  BOOST_TEST((code("1", {.depth = 0}) == cs::errc::none));
  BOOST_TEST(refusal("[" + repeated("[],", 1000) + "[]]") == "accepted");  // what was closed does not count
}

BOOST_AUTO_TEST_CASE(size_is_limited) {
  BOOST_TEST((code("[1]", {.size = 3}) == cs::errc::none));
  BOOST_TEST((code("[12]", {.size = 3}) == cs::errc::too_large));
  auto const limit = cs::json_limits{}.size;
  BOOST_TEST(limit == 16u * 1024 * 1024);
  BOOST_TEST((code("\"" + std::string(limit - 2, 'a') + "\"") == cs::errc::none));
  BOOST_TEST((code("\"" + std::string(limit - 1, 'a') + "\"") == cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(nodes_are_limited) {
  BOOST_TEST((code("[1,2]", {.nodes = 3}) == cs::errc::none));
  BOOST_TEST((code("[1,2,3]", {.nodes = 3}) == cs::errc::too_large));
  BOOST_TEST((code("{\"a\":1}", {.nodes = 3}) == cs::errc::none));
  BOOST_TEST((code("{\"a\":1}", {.nodes = 2}) == cs::errc::too_large));
  BOOST_TEST((code("1", {.nodes = 0}) == cs::errc::too_large));
  auto const limit = cs::json_limits{}.nodes;
  BOOST_TEST((code("[" + repeated("1,", limit - 2) + "1]") == cs::errc::none));
  BOOST_TEST((code("[" + repeated("1,", limit - 1) + "1]") == cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(a_million_brackets_cost_neither_stack_nor_time) {
  struct job {
    std::string text;
    cs::json_limits limits;
    cs::errc code = cs::errc::none;
  };
  auto const run = [](void* p) -> void* {
    auto& j = *static_cast<job*>(p);
    j.code = code(j.text, j.limits);
    return nullptr;
  };
  job jobs[] = {
      {repeated("[", 1'000'000), {}},
      {repeated("{\"a\":", 1'000'000), {}},
      {repeated("[", 1'000'000) + repeated("]", 1'000'000), {.depth = 2'000'000}},
      {repeated("{\"a\":", 500'000) + "1" + repeated("}", 500'000), {.nodes = 2'000'000, .depth = 2'000'000}},
  };
  for (auto& j : jobs) {
    pthread_attr_t attributes;
    BOOST_REQUIRE(pthread_attr_init(&attributes) == 0);
    BOOST_REQUIRE(pthread_attr_setstacksize(&attributes, 64 * 1024) == 0);
    pthread_t thread;
    BOOST_REQUIRE(pthread_create(&thread, &attributes, run, &j) == 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
  }
  BOOST_TEST((jobs[0].code == cs::errc::too_large));
  BOOST_TEST((jobs[1].code == cs::errc::too_large));
  BOOST_TEST((jobs[2].code == cs::errc::none));
  BOOST_TEST((jobs[3].code == cs::errc::none));
}

BOOST_AUTO_TEST_CASE(a_number_of_a_mebibyte_is_read_in_linear_time) {
  auto const begin = std::chrono::steady_clock::now();
  for (auto const& text : {std::string(1024 * 1024, '7'), "1" + std::string(1024 * 1024, '0'),
                           "0." + std::string(1024 * 1024, '0') + "1", "1e" + std::string(1024 * 1024, '9'),
                           "1." + std::string(1024 * 1024, '0')}) {
    auto const document = parse(text);
    BOOST_REQUIRE(document);
    BOOST_TEST((document->root().number() == text));
    auto const value = document->root().integer();
    BOOST_TEST(value.has_value() == text.starts_with("1."));
  }
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(5)));  // quadratic: hours
}

BOOST_AUTO_TEST_CASE(an_error_never_repeats_the_text) {
  // Each value is broken in another way; none of its bytes may come back.
  for (std::string_view const text :
       {R"({"token":"hunter2",})", R"({"token":"hunter2" "x"})", R"({"token":"hunter2\q"})",
        R"({"token":hunter2})", R"({"hunter2":1,"hunter2":2})", "{\"token\":\"hunter2\xff\"}",
        "{\"token\":\"hunter2"})
    BOOST_TEST(refusal(text).find("hunter") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(every_cut_and_every_flipped_byte_of_a_text_is_answered) {
  std::string const text =
      R"({"mcpServers":{"a\u00e9":{"url":"https://x.example/","n":[-1.5e3,true,null,"\ud83d\ude00"]}}})";
  BOOST_REQUIRE(parse(text));
  for (std::size_t size = 0; size < text.size(); ++size) BOOST_TEST(!parse(text.substr(0, size)), size);
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      auto changed = text;
      changed[at] = static_cast<char>(static_cast<unsigned char>(byte));
      auto const document = parse(changed);
      if (document) BOOST_TEST(document->root().where().end == changed.size());
    }
  }
}

BOOST_AUTO_TEST_CASE(lines_are_counted_through_any_space) {
  for (std::size_t blanks = 0; blanks < 70; ++blanks) {
    auto const space = "\n\r\n\t" + std::string(blanks, ' ') + "\t\r\n " + std::string(blanks, ' ');
    BOOST_TEST(refusal("[" + space + "1" + space + "," + space + "x" + std::string(blanks, ' ')) ==
               "JSON line 10, column " + std::to_string(blanks + 2) + ": expected a value");
  }
}

BOOST_AUTO_TEST_CASE(a_moved_document_keeps_its_values_and_leaves_none) {
  for (std::size_t const elements : {3u, 1000u}) {  // nodes inline, nodes on the heap
    auto parsed = parse("[\"a\"," + repeated("1,", elements) + "2]");
    BOOST_REQUIRE(parsed);
    auto const before = parsed->root()[0].string();
    cs::json_document document = std::move(*parsed);
    BOOST_TEST((document.root()[0].string().data() == before.data()));
    BOOST_TEST(document.root().size() == elements + 2);
    BOOST_TEST((parsed->root().kind() == cs::json_kind::none));
    *parsed = std::move(document);
    BOOST_TEST(parsed->root()[elements + 1].integer().value() == 2);
  }
}

BOOST_AUTO_TEST_CASE(the_buffer_is_adopted_and_given_back) {
  cs::secret text(R"({"access_token":"abc"})");
  auto const* const bytes = text.data();
  auto document = cs::json_document::parse(std::move(text));
  BOOST_REQUIRE(document);
  BOOST_TEST(((*document)["access_token"].string().data() == bytes + 17));
  auto const back = std::move(*document).release();
  BOOST_TEST((back.reveal().data() == bytes));
  BOOST_TEST((document->root().kind() == cs::json_kind::none));
}

BOOST_AUTO_TEST_CASE(a_text_that_was_cut_short_for_lack_of_memory_is_refused) {
  cs::secret text("[]");
  BOOST_REQUIRE(!text.reserve(static_cast<std::size_t>(-1) / 2));
  auto const document = cs::json_document::parse(std::move(text));
  BOOST_REQUIRE(!document);
  BOOST_TEST((document.error().code() == cs::errc::no_memory));
}

BOOST_AUTO_TEST_SUITE_END()
