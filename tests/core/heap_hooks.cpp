#include "fake/heap_hooks.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

BOOST_AUTO_TEST_SUITE(core_heap_hooks)

// Else the tests of failed allocations would pass by looking away. Valgrind comes by LD_PRELOAD.
#if !(defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__))
BOOST_AUTO_TEST_CASE(a_plain_build_counts_allocations_and_makes_them_fail) {
  if (std::getenv("LD_PRELOAD") == nullptr) BOOST_TEST(fake::heap::is_ours);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
