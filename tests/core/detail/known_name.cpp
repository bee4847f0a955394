#include <countersign/core/detail/known_name.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
using cs::detail::known_name;
using cs::detail::mark_of;

static_assert(known_name::of("Authorization").view() == "Authorization");

BOOST_AUTO_TEST_SUITE(core_detail_known_name)

BOOST_AUTO_TEST_CASE(equal_names_have_one_mark_whatever_their_case) {
  for (std::string const name : {"A", "authorization", "X-API-Key", "x~y", "9-[", ""}) {
    auto upper = name;
    for (char& c : upper)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    BOOST_TEST(mark_of(name) == mark_of(upper));
    BOOST_TEST((mark_of(name) & (mark_of(name) - 1)) == 0u);
    BOOST_TEST(mark_of(name) != 0u);
  }
  BOOST_TEST(mark_of("X-Signature") != mark_of("X-Timestamp"));
}

BOOST_AUTO_TEST_SUITE_END()
