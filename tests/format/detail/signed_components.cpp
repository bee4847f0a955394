// RFC 9421 §2, §2.5
#include <countersign/format/detail/signed_components.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

// As it stands in Signature-Input, or the mistake.
std::string read(std::string_view written) {
  cs::detail::covered_components got;
  auto const ok = got.read(written);
  return ok ? std::string(got.text())
            : std::string(cs::name(ok.error().code())) + ": " + std::string(ok.error().message());
}
std::string repeated(std::string_view piece, std::size_t times, bool numbered) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += (i > 0 ? " " : "") + std::string(piece) + (numbered ? std::to_string(i) : "");
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(signed_components)

BOOST_AUTO_TEST_CASE(components_are_written_by_people_in_several_ways) {
  auto const same = "(\"@method\" \"@query-param\";name=\"a%2Cb\" \"content-type\";sf \"x\";key=\"k\";req)";
  BOOST_TEST(read("@method, @query-param;name=\"a%2Cb\", Content-Type;sf, X;key=\"k\";req") == same);
  BOOST_TEST(read("@method @query-param;name=\"a%2Cb\" content-type;sf x;key=\"k\";req") == same);
  BOOST_TEST(read("\"@method\" \"@query-param\";name=\"a%2Cb\"\n \"content-type\";sf,\"x\";key=\"k\";req") ==
             same);
  BOOST_TEST(read("") == "()");
  BOOST_TEST(read(" , ") == "()");
}

BOOST_AUTO_TEST_CASE(what_is_no_component_is_told) {
  struct {
    std::string_view written, message;
  } const cases[] = {
      {"@methods", "component 1: unknown component; did you mean @method?"},
      {"a @whatever", "component 2: unknown component; known are @method, @target-uri, @authority, @scheme, "
                      "@request-target, @path, "
                      "@query, @query-param, @status, and headers"},
      {"@signature-params", "component 1: @signature-params is covered by every signature, and never listed"},
      {"\"Date\"", "component 1: it is no name of a header in lower case (RFC 9421 section 2.1)"},
      {"\"a b\"", "component 1: it is no name of a header in lower case (RFC 9421 section 2.1)"},
      {"\"\"", "component 1: it is no name of a header in lower case (RFC 9421 section 2.1)"},
      {"date date", "component 2: \"date\" is covered twice"},
      {"x;sf;tr x;tr;sf", "component 2: \"x\" is covered twice"},
      {"x;bs;sf", "component 1: \"x\": bs goes neither with sf nor with key (RFC 9421 section 2.1)"},
      {"x;key=\"a\";bs", "component 1: \"x\": bs goes neither with sf nor with key (RFC 9421 section 2.1)"},
      {"x;sf=\"a\"", "component 1: its parameter sf has a value, and is a flag"},
      {"x;sf=?0", "component 1: its parameter sf has a value, and is a flag"},
      {"x;key", "component 1: structured field, byte 9: expected a string, found a boolean"},
      {"x;what", "component 1: it has a parameter that it can't have; known are sf, key, bs, tr and req, and "
                 "name of @query-param"},
      {"@method;sf", "component 1: it has a parameter that it can't have; known are sf, key, bs, tr and req, "
                     "and name of @query-param"},
      {"x;name=\"a\"", "component 1: it has a parameter that it can't have; known are sf, key, bs, tr and "
                       "req, and name of @query-param"},
      {"@query-param", "component 1: @query-param says no name; write @query-param;name=\"…\""},
      {"@query-param;name=\"a\\\"b\"",
       "component 1: \"@query-param\": its name holds a quote or a backslash; percent-encode them"},
      {"@status;req", "component 1: @status is a response's, so it can't have ;req"},
      {"x;", "components: structured field, byte 6: expected a key in lower case"},
      {"\"x\") y", "components: structured field, byte 7: expected ','"},
      {"x) y", "component 1: it is no name of a header in lower case (RFC 9421 section 2.1)"},
      {"\"x", "components: structured field, byte 5: expected '\"' at the end of a string"},
  };
  for (auto const& [written, message] : cases)
    BOOST_TEST(read(written) == "bad_input: " + std::string(message));
}

BOOST_AUTO_TEST_CASE(those_that_differ_in_a_parameter_are_different) {
  BOOST_TEST(
      read("x x;tr x;req x;bs x;sf x;key=\"a\" x;key=\"b\" @query-param;name=\"a\" @query-param;name=\"b\"")
          .starts_with("(\"x\" "));
}

BOOST_AUTO_TEST_CASE(a_list_of_strangers_is_no_other_list) {
  for (std::string_view const text : {"a", "1", "\"@method\"", "(a)", "(1)", "(\"@method\" b)"}) {
    auto const field = cs::structured_field::parse_list(cs::secret(text));
    cs::detail::covered_components got;
    auto const ok = got.read(*field->elements().begin());
    BOOST_TEST((!ok && ok.error().code() == cs::errc::bad_input), text);
  }
}

BOOST_AUTO_TEST_CASE(each_limit_holds_at_n_and_not_at_n_plus_1) {
  BOOST_TEST(read(repeated("a", 64, true)).starts_with("(\"a0\""));
  BOOST_TEST(read(repeated("a", 65, true)) == "too_large: component 65: more than 64 components");
  // In Signature-Input: two parentheses, and of each component two quotes, with a blank between.
  auto const of_size = [](std::size_t size) {
    std::string all;
    constexpr std::size_t each = 256;
    for (char c = 'a'; size > each + 40; size -= each, ++c) all += std::string(each - 3, c) + " ";
    return all + std::string(size - 4, 'z');
  };
  BOOST_TEST(read(of_size(4096)).size() == 4096u);
  BOOST_TEST(read(of_size(4097)).starts_with("too_large: "));
  BOOST_TEST(read("x;key=\"" + std::string(70000, 'a') + "\"").starts_with("too_large: "));
  auto const field =
      cs::structured_field::parse_list(cs::secret("(\"x\";key=\"" + std::string(70000, 'a') + "\")"));
  cs::detail::covered_components got;
  BOOST_TEST((got.read(*field->elements().begin()).error().code() == cs::errc::too_large));
  BOOST_TEST(read(std::string(cs::max_field_name, 'a')).starts_with("(\"a"));
  BOOST_TEST(
      read(std::string(cs::max_field_name + 1, 'a')).starts_with("bad_input: component 1: it is no name"));
}

BOOST_AUTO_TEST_SUITE_END()
