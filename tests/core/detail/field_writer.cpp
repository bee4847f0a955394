#include <countersign/core/detail/field_writer.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using cs::detail::field_writer;
using cs::detail::known_fields;
using cs::detail::known_name;

namespace {

constexpr auto first = known_name::of("X-First"), second = known_name::of("X-Second");
constexpr known_fields both = [] {
  known_fields all;
  all.add(first);
  all.add(second);
  return all;
}();

void write(cs::draft& to, std::string_view a, std::string_view b, unsigned unchecked = 0) {
  field_writer fields(to, both, a.size() + b.size(), unchecked);
  if (!fields) return;
  fields.begin(first);
  fields.append(a);
  fields.end();
  fields.begin(second);
  fields.append(b.substr(0, 1));
  fields.append(b.substr(1));
  fields.end();
  fields.finish();
}
std::string poured(cs::draft const& from) {
  std::string all;
  auto const ok = from.commit([&](std::string_view name, std::string_view value) {
    return all.append(name).append("=").append(value).append(";"), true;
  });
  return ok ? all : std::string(ok.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(core_detail_field_writer)

BOOST_AUTO_TEST_CASE(what_it_writes_stands_behind_what_was_set) {
  cs::draft out;
  out.set("A", "1");
  write(out, "one", "two");
  out.set("B", "2");
  BOOST_TEST(poured(out) == "A=1;X-First=one;X-Second=two;B=2;");
}

BOOST_AUTO_TEST_CASE(values_that_are_not_known_are_checked) {
  cs::draft out;
  write(out, "a\n", "b", 1);
  BOOST_TEST(poured(out) ==
             "header X-First: the value holds a control byte, or begins or ends with a blank; look for a "
             "stray line end in the credential");
  // One that is set by name brings the check of all with it.
  cs::draft other;
  write(other, "a\n", "b");
  other.set("C", "3");
  BOOST_TEST(poured(other).starts_with("header X-First: the value holds a control byte"));
}

BOOST_AUTO_TEST_CASE(a_name_that_another_formatter_wrote_is_refused) {
  cs::draft out;
  out.set("x-second", "1");
  write(out, "a", "b");
  BOOST_TEST(poured(out) == "header x-second: two formatters write it; give each its own name");
  cs::draft twice;
  write(twice, "a", "b");
  write(twice, "a", "b");
  BOOST_TEST(poured(twice) == "header X-First: two formatters write it; give each its own name");
}

BOOST_AUTO_TEST_CASE(what_is_longer_than_the_room_goes_to_the_heap) {
  std::string const value(cs::draft::inline_bytes, 'v');
  cs::draft out;
  out.set("A", "1");
  write(out, value, "two");
  out.set("B", value);
  write(out, "", "x");
  BOOST_TEST(out.get("X-First").value() == value);
  BOOST_TEST(out.get("B").value() == value);
  BOOST_TEST(poured(out) == "header X-First: two formatters write it; give each its own name");
}

BOOST_AUTO_TEST_CASE(what_exactly_fits_takes_no_memory_and_one_byte_more_does) {
  for (std::size_t const more : {std::size_t{0}, std::size_t{1}}) {
    std::string const value(cs::draft::inline_bytes - both.size - 1 + more, 'v');
    cs::draft out;
    fake::heap::counter const heap;
    write(out, value, "2");
    auto const taken = heap.count();
    if (fake::heap::is_ours) BOOST_TEST(taken == (more > 0 ? 1 : 0));
    BOOST_TEST(out.get("X-Second").value() == "2");
  }
}

BOOST_AUTO_TEST_CASE(where_there_is_no_memory_nothing_is_written_and_it_is_told) {
  if (!fake::heap::is_ours) return;
  std::string const value(cs::draft::inline_bytes, 'v');
  cs::draft out;
  {
    fake::heap::exhausted const none;
    write(out, value, "");
  }
  BOOST_TEST(poured(out) == "header fields: out of memory");
  BOOST_TEST(!out.get("X-First").has_value());
}

BOOST_AUTO_TEST_CASE(the_128th_field_passes_and_one_more_does_not) {
  for (unsigned const before : {cs::draft::max_fields - 2, cs::draft::max_fields - 1}) {
    cs::draft out;
    for (unsigned i = 0; i < before; ++i) out.set("X" + std::to_string(i), "v");
    write(out, "a", "b");
    BOOST_TEST(out.check().has_value() == (before + 2 == cs::draft::max_fields));
  }
}

BOOST_AUTO_TEST_SUITE_END()
