#include <countersign/core/detail/mixed.hpp>

#include <boost/test/unit_test.hpp>

using countersign::detail::mixed;

static_assert(mixed(1, 2) == mixed(1, 2));
static_assert(mixed(1, 2) != mixed(2, 1) && mixed(1, 2) != mixed(1, 3) && mixed(1, 2) != mixed(1, 2, 0));

BOOST_AUTO_TEST_SUITE(core_detail_mixed)

BOOST_AUTO_TEST_CASE(a_change_of_one_bit_of_any_number_changes_about_half_of_the_bits) {
  auto const before = mixed(5, 6, 7);
  for (unsigned bit = 0; bit < 64; ++bit) {
    auto const one = std::uint64_t{1} << bit;
    for (auto const after : {mixed(5 ^ one, 6, 7), mixed(5, 6 ^ one, 7), mixed(5, 6, 7 ^ one)}) {
      auto const changed = __builtin_popcountll(before ^ after);
      BOOST_TEST((changed > 12 && changed < 52), bit);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
