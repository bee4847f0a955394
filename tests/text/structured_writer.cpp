// RFC 9651 §4.1, by the working group's own vectors and a few more.
#include <countersign/text/structured_writer.hpp>

#include "fake/heap.hpp"
#include "vectors/structured_fields.hpp"
#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>
#include <string_view>

namespace cs = countersign;
using namespace std::literals;

namespace {

cs::structured_shape shape_of(std::string_view name) {
  return name == "item"   ? cs::structured_shape::item
         : name == "list" ? cs::structured_shape::list
                          : cs::structured_shape::dictionary;
}

// What a meaning is written as; nothing where that can't be.
std::string written(cs::json_value expected, std::string_view shape) {
  cs::secret out;
  cs::structured_writer to(out, shape_of(shape));
  if (shape == "item") vectors::write(to, expected);
  for (auto const one : shape == "item" ? cs::json_value().elements() : expected.elements()) {
    if (shape == "dictionary")
      to.member(one[std::size_t{0}].string()), vectors::write(to, one[std::size_t{1}]);
    else vectors::write(to, one);
  }
  return to.finish() ? std::string(out.reveal()) : "nothing";
}
// The same of a text that was read.
std::string rewritten(std::string_view text, std::string_view shape) {
  cs::secret out;
  cs::structured_writer to(out, shape_of(shape));
  auto const field = shape == "item"   ? cs::structured_field::parse_item(cs::secret(text))
                     : shape == "list" ? cs::structured_field::parse_list(cs::secret(text))
                                       : cs::structured_field::parse_dictionary(cs::secret(text));
  if (!field) return "not read";
  if (shape == "item") to.value(field->item());
  for (auto const one : field->elements()) to.value(one);
  for (auto const [key, value] : field->members()) to.member(key).value(value);
  return to.finish() ? std::string(out.reveal()) : "nothing";
}
std::string joined(cs::json_value lines) {
  std::string text;
  for (auto const line : lines.elements()) text.append(text.empty() ? "" : ", ").append(line.string());
  return text;
}

template <class Write>
std::string mistake(Write&& write, cs::structured_shape shape = cs::structured_shape::item) {
  cs::secret out;
  cs::structured_writer to(out, shape);
  write(to);
  auto const ok = to.finish();
  return ok ? "none" : std::string(ok.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(structured_writer)

BOOST_AUTO_TEST_CASE(every_vector_of_the_working_group_is_written_as_it_says) {
  std::size_t count = 0;
  for (auto const file : vectors::parsed_fields) {
    auto const all = vectors::structured_fields(std::string(file));
    for (auto const one : all.root().elements()) {
      if (one["must_fail"].boolean()) continue;
      auto const shape = one["header_type"].string();
      auto const text = joined(one["raw"]), wanted = one["canonical"] ? joined(one["canonical"]) : text;
      BOOST_TEST(written(one["expected"], shape) == wanted, file << ": " << one["name"].string());
      if (one["name"].string() != "non-zero pad bits")
        BOOST_TEST(rewritten(text, shape) == wanted, file << ": " << one["name"].string());
      ++count;
    }
  }
  BOOST_TEST(count == 727u);
}

BOOST_AUTO_TEST_CASE(every_vector_for_writing_alone_is_written_or_refused) {
  std::size_t refused = 0;
  for (auto const file : vectors::written_fields) {
    auto const path = "serialisation-tests/" + std::string(file);
    auto const all = vectors::structured_fields(path);
    vectors::tally count("structured-field-tests/" + path + ".json");
    for (auto const one : all.root().elements()) {
      auto const got = written(one["expected"], one["header_type"].string());
      BOOST_TEST(got == (one["must_fail"].boolean() ? "nothing" : joined(one["canonical"])),
                 file << ": " << one["name"].string());
      ++count, refused += one["must_fail"].boolean() ? 1u : 0u;
    }
  }
  BOOST_TEST(refused == 539u);
}

BOOST_AUTO_TEST_CASE(keys_members_and_values_come_in_the_order_of_the_grammar_or_not_at_all) {
  using cs::structured_shape;
  auto const m = [](auto&& write, structured_shape shape = structured_shape::item) {
    auto const told = mistake(write, shape);
    return told == "none" ? told : told.substr(told.find(": ") + 2);
  };
  BOOST_TEST(m([](auto&) {}) == "it is not complete");
  BOOST_TEST(m([](auto&) {}, structured_shape::list) == "none");
  BOOST_TEST(m([](auto& w) { w.integer(1).integer(2); }) == "a value where none belongs");
  BOOST_TEST(m([](auto& w) { w.key("a"); }) == "a parameter where none belongs");
  BOOST_TEST(m([](auto& w) { w.integer(1).key("a"); }) == "it is not complete");
  BOOST_TEST(m([](auto& w) { w.integer(1).key("a").key("b"); }) == "a parameter where none belongs");
  BOOST_TEST(m([](auto& w) { w.integer(1).key("A"); }).starts_with("a key that is none"));
  BOOST_TEST(m([](auto& w) { w.member("a"); }) == "a member where none belongs");
  BOOST_TEST(m([](auto& w) { w.open_inner_list(); }) == "an inner list where none belongs");
  BOOST_TEST(m([](auto& w) { w.open_inner_list().open_inner_list(); }, structured_shape::list) ==
             "an inner list where none belongs");
  BOOST_TEST(m([](auto& w) { w.open_inner_list(); }, structured_shape::list) == "it is not complete");
  BOOST_TEST(m([](auto& w) { w.open_inner_list().key("a"); }, structured_shape::list) ==
             "a parameter where none belongs");
  BOOST_TEST(m([](auto& w) { w.close(); }, structured_shape::list) == "no inner list is open to be closed");
  BOOST_TEST(m([](auto& w) { w.integer(1); }, structured_shape::dictionary) == "a value where none belongs");
  BOOST_TEST(m([](auto& w) { w.member("a"); }, structured_shape::dictionary) == "it is not complete");
  BOOST_TEST(m([](auto& w) { w.member("a").member("b"); }, structured_shape::dictionary) ==
             "a member where none belongs");
  BOOST_TEST(m([](auto& w) { w.member("a").integer(1).key("x").open_inner_list(); },
               structured_shape::dictionary) == "an inner list where none belongs");
  BOOST_TEST(m([](auto& w) { w.value(cs::structured_value()); }) == "a value that is not there");
  BOOST_TEST(m([](auto& w) { w.display_string("\xff"); }) == "a display string that is not UTF-8");
  BOOST_TEST(m([](auto& w) { w.string("\x7f"); }) == "a string with more than visible ASCII and blanks");
}

BOOST_AUTO_TEST_CASE(numbers_end_at_15_digits) {
  auto const ok = [](auto&& write) { return mistake(write) == "none"; };
  BOOST_TEST(ok([](auto& w) { w.integer(999'999'999'999'999); }));
  BOOST_TEST(!ok([](auto& w) { w.integer(1'000'000'000'000'000); }));
  BOOST_TEST(ok([](auto& w) { w.date(-999'999'999'999'999); }));
  BOOST_TEST(!ok([](auto& w) { w.date(-1'000'000'000'000'000); }));
  BOOST_TEST(ok([](auto& w) { w.decimal(999'999'999'999.999); }));
  BOOST_TEST(!ok([](auto& w) { w.decimal(999'999'999'999.9996); }));
  for (double const bad :
       {1e300, -1e300, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::quiet_NaN()})
    BOOST_TEST(!ok([&](auto& w) { w.decimal(bad); }), bad);
  BOOST_TEST(!ok([](auto& w) { w.integer(std::numeric_limits<std::int64_t>::min()); }));
}

BOOST_AUTO_TEST_CASE(what_the_page_shows_is_written) {
  cs::secret out;
  auto const ok = cs::structured_writer(out, cs::structured_shape::dictionary)
                      .member("sig1")
                      .open_inner_list()
                      .string("@method")
                      .string("@query-param")
                      .key("name")
                      .string("q")
                      .close()
                      .key("created")
                      .integer(1618884473)
                      .key("x")
                      .boolean(true)
                      .member("on")
                      .boolean(true)
                      .key("y")
                      .boolean(false)
                      .finish();
  BOOST_TEST(ok.has_value());
  BOOST_TEST(out.reveal() == "sig1=(\"@method\" \"@query-param\";name=\"q\");created=1618884473;x, on;y=?0");
}

BOOST_AUTO_TEST_CASE(without_memory_it_says_so) {
  if (!fake::heap::is_ours) return;
  cs::secret out;
  cs::errc why{};
  {
    fake::heap::exhausted const none;
    auto const ok = cs::structured_writer(out).bytes("abc").finish();
    why = ok ? cs::errc::none : ok.error().code();
  }
  BOOST_TEST((why == cs::errc::no_memory));
}

BOOST_AUTO_TEST_SUITE_END()
