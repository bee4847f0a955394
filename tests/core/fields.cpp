#include <countersign/core/fields.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

using namespace countersign;
using namespace std::literals;

static_assert(std::is_nothrow_move_constructible_v<fields> && std::is_copy_constructible_v<fields>);

namespace {

std::string all(fields const& f) {
  std::string lines;
  f.each([&](std::string_view name, std::string_view value) {
    lines.append(name).append("=").append(value).append(";");
  });
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(core_fields)

BOOST_AUTO_TEST_CASE(fields_stand_in_order_and_may_repeat) {
  fields f;
  BOOST_TEST(f.empty());
  BOOST_TEST(f.count() == 0u);
  f.append("B", "1").append("A", "2").append("b", "3").append("", "").append("empty", "");
  BOOST_TEST(all(f) == "B=1;A=2;b=3;=;empty=;");
  BOOST_TEST(f.count() == 5u);
  BOOST_TEST(!f.empty());
}

BOOST_AUTO_TEST_CASE(the_first_of_a_name_is_found_without_case) {
  fields f;
  f.append("Accept", "one").append("ACCEPT", "two").append("empty", "");
  BOOST_TEST(f.get("accept").value() == "one");
  BOOST_TEST(f.get("Empty").value() == "");
  BOOST_TEST(!f.get("Accep").has_value());
  BOOST_TEST(!fields().get("x").has_value());
}

BOOST_AUTO_TEST_CASE(a_field_may_be_made_of_the_object_s_own_bytes) {
  for (std::size_t size = 0; size < 200; ++size) {  // some of these grow the buffer, some do not
    fields f;
    f.append("first", std::string(size, 'v')).append("second", "name");
    f.append(f.get("second").value(), f.get("first").value());
    BOOST_TEST(f.get("name").value() == std::string(size, 'v'));
    f.set("second", f.get("name").value());
    BOOST_TEST(f.get("second").value() == std::string(size, 'v'));
    f.set("first", f.get("first").value());
    BOOST_TEST(f.get("first").value() == std::string(size, 'v'));
    BOOST_TEST(f.count() == 3u);
  }
}

BOOST_AUTO_TEST_CASE(set_replaces_all_of_a_name) {
  fields f;
  f.append("A", "1").append("B", "2").append("a", "3").append("C", "4").append("A", "5");
  f.set("A", "6");
  BOOST_TEST(all(f) == "B=2;C=4;A=6;");
  f.set("D", "7");
  BOOST_TEST(all(f) == "B=2;C=4;A=6;D=7;");
}

BOOST_AUTO_TEST_CASE(erase_takes_all_of_a_name_wherever_they_stand) {
  for (auto const* names : {"AxB", "xAB", "ABx", "xxA", "Axx", "xAx", "x", "xxx", "AB", ""}) {
    fields f;
    std::string expected;
    for (auto const* c = names; *c != '\0'; ++c) {
      f.append({c, 1}, "value");
      if (*c != 'x') expected += std::string(1, *c) + "=value;";
    }
    f.erase("X");
    BOOST_TEST(all(f) == expected, names);
  }
}

BOOST_AUTO_TEST_CASE(any_bytes_are_kept) {
  fields f;
  f.append("na\0me"sv, "val\r\nue\0"sv);
  BOOST_TEST(f.get("NA\0ME"sv).value() == "val\r\nue\0"sv);
  std::string const large(1'000'000, 'x');
  f.append("large", large);
  BOOST_TEST(f.get("large").value() == large);
  BOOST_TEST(f.ok());
}

BOOST_AUTO_TEST_CASE(a_size_beyond_31_bits_is_refused_and_sticks) {
  // Never read: the size alone decides.
  std::size_t const volatile size = 0x80000000u;  // the compiler would warn of what the guard prevents
  std::string_view const huge("x", size);
  for (bool const as_name : {true, false}) {
    fields f;
    f.append("A", "1");
    if (as_name) f.append(huge, "");
    else f.append("B", huge);
    BOOST_TEST(!f.ok());
    BOOST_TEST(all(f) == "A=1;");
    f.append("C", "2");
    BOOST_TEST(!f.ok());
    f.clear();
    BOOST_TEST(f.ok());
    BOOST_TEST(f.empty());
  }
}

// The head, the name and the value each may be what there is no memory for: never half a field.
BOOST_AUTO_TEST_CASE(a_field_for_which_there_is_no_memory_is_left_out_whole) {
  if (!fake::heap::is_ours) return;
  std::string const name(40, 'n'), value(4000, 'v');
  for (long successes = 0; successes < 4; ++successes) {
    fields f;
    f.append("A", "1");
    {
      fake::heap::exhausted const soon(successes);
      f.append(name, value);
    }
    if (f.ok()) {
      BOOST_TEST(f.count() == 2u);
      BOOST_TEST(successes > 0);
      continue;
    }
    BOOST_TEST(all(f) == "A=1;");
    f.append("B", "2");
    BOOST_TEST(!f.ok());
  }
}

BOOST_AUTO_TEST_CASE(nothing_of_them_stays_in_freed_memory) {
  constexpr auto canary = "fields-canary-81f3"sv;
  fake::heap::watch const watch(canary);
  {
    fields f;
    f.append("A", canary);
    for (int i = 0; i < 100; ++i) f.append("name", "value");
    f.erase("A");
    f.append("B", canary);
    fields copy = f;
    copy.set("B", "x");
    auto const moved = std::move(f);
    copy = moved;
    copy.clear();
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
