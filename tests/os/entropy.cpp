#include <countersign/os/entropy.hpp>

#include "os/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <vector>

using namespace countersign;

namespace {

// Every byte is written: one that stays as it was in 16 turns has the odds of 2^-128.
void fills_every_byte(bool (*source)(void*, std::size_t)) {
  for (std::size_t const size : {1u, 16u, 255u, 256u, 257u, 1000u, 100'000u}) {
    std::vector<unsigned char> seen(size, 0), bytes(size + 1);
    for (int turn = 0; turn < 16; ++turn) {
      std::fill(bytes.begin(), bytes.end(), static_cast<unsigned char>(0));
      BOOST_REQUIRE(source(bytes.data(), size));
      for (std::size_t i = 0; i < size; ++i) seen[i] = static_cast<unsigned char>(seen[i] | bytes[i]);
      BOOST_TEST(bytes[size] == 0);
    }
    BOOST_TEST(std::count(seen.begin(), seen.end(), 0) == 0);
  }
  BOOST_TEST(source(nullptr, 0));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(os_entropy)

BOOST_AUTO_TEST_CASE(every_byte_is_filled_and_none_beyond) {
  fills_every_byte([](void* to, std::size_t size) { return os::read_entropy(to, size); });
}

BOOST_AUTO_TEST_CASE(no_two_readings_are_the_same) {
  std::array<unsigned char, 32> a = {}, b = {};
  BOOST_TEST(os::read_entropy(a.data(), a.size()));
  BOOST_TEST(os::read_entropy(b.data(), b.size()));
  BOOST_TEST((a != b));
}

BOOST_AUTO_TEST_CASE(the_device_serves_where_the_call_is_missing) {
  auto const open_before = count_descriptors();
  fills_every_byte([](void* to, std::size_t size) { return os::detail::read_random_device(to, size); });
  BOOST_TEST(count_descriptors() == open_before);
}

BOOST_AUTO_TEST_SUITE_END()
