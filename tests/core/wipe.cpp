#include <countersign/core/wipe.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string>

using namespace countersign;

BOOST_AUTO_TEST_SUITE(core_wipe)

BOOST_AUTO_TEST_CASE(exactly_the_bytes_named_become_zero) {
  for (std::size_t from = 0; from < 20; ++from)
    for (std::size_t size = 0; from + size <= 40; ++size) {
      std::array<char, 40> bytes;
      bytes.fill('x');
      wipe(bytes.data() + from, size);
      for (std::size_t i = 0; i < bytes.size(); ++i)
        BOOST_REQUIRE(bytes[i] == (i >= from && i < from + size ? '\0' : 'x'));
    }
}

BOOST_AUTO_TEST_CASE(nothing_may_be_wiped_nowhere) { wipe(nullptr, 0); }

// The compiler knows that memory about to be freed is read by nobody.
BOOST_AUTO_TEST_CASE(a_wipe_in_front_of_free_is_kept) {
  fake::heap::watch const watch("wiped-canary-3141");
  auto* const block = static_cast<char*>(std::malloc(64));
  BOOST_REQUIRE(block != nullptr);
  std::memcpy(block, "wiped-canary-3141", 17);
  asm volatile("" : : "r"(block) : "memory");
  wipe(block, 64);
  std::free(block);
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_CASE(the_watch_itself_sees_what_is_not_wiped) {
  fake::heap::watch const watch("seen-canary-2718");
  auto* const block = static_cast<char*>(std::malloc(64));
  BOOST_REQUIRE(block != nullptr);
  std::memcpy(block, "seen-canary-2718", 16);
  asm volatile("" : : "r"(block) : "memory");
  std::free(block);
  if (fake::heap::is_watching) BOOST_TEST(watch.found() == 1);
}

BOOST_AUTO_TEST_CASE(equal_bytes_are_equal_and_any_one_bit_makes_them_differ) {
  for (std::size_t const size : {0u, 1u, 7u, 8u, 33u}) {
    std::string const a(size, '\xa5');
    BOOST_TEST(equal_in_constant_time(a, std::string(a)));
    for (std::size_t bit = 0; bit < size * 8; ++bit) {
      auto b = a;
      b[bit / 8] = static_cast<char>(b[bit / 8] ^ (1 << (bit % 8)));
      BOOST_REQUIRE(!equal_in_constant_time(a, b));
    }
    BOOST_TEST(!equal_in_constant_time(a, a + "x"));
    BOOST_TEST(!equal_in_constant_time(a + std::string(1, '\0'), a));
  }
  BOOST_TEST(equal_in_constant_time({}, ""));
}

BOOST_AUTO_TEST_SUITE_END()
