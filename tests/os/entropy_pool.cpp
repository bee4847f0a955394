#include <countersign/os/entropy_pool.hpp>

#include "os/forked.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace os = countersign::os;

namespace {
using id = std::array<char, 16>;
id drawn(os::entropy_pool& from) {
  id bytes = {};
  if (!from.read(bytes.data(), bytes.size())) throw 0;
  return bytes;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(os_entropy_pool)

BOOST_AUTO_TEST_CASE(no_bytes_are_handed_out_twice) {
  os::entropy_pool pool;
  std::set<id> seen;
  constexpr int draws = 10'000;
  for (int i = 0; i < draws; ++i) seen.insert(drawn(pool));
  BOOST_TEST(seen.size() == std::size_t{draws});
}

BOOST_AUTO_TEST_CASE(requests_of_each_size_are_filled) {
  os::entropy_pool pool;
  for (std::size_t size = 0; size <= os::entropy_pool::batch + 1; size += size < 300 ? 1 : 97) {
    std::string once(size, '\0'), again(size, '\0');
    BOOST_TEST(pool.read(once.data(), size));
    BOOST_TEST(pool.read(again.data(), size));
    if (size >= 8) BOOST_TEST(once != again);
    if (size >= 64) BOOST_TEST(once.find(std::string(16, '\0')) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(threads_are_handed_different_bytes) {
  os::entropy_pool pool;
  std::set<id> seen;
  std::mutex lock;
  constexpr int draws = 5'000, threads = 4;
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i)
      all.emplace_back([&] {
        std::vector<id> mine;
        for (int turn = 0; turn < draws; ++turn) mine.push_back(drawn(pool));
        std::lock_guard const guard(lock);
        seen.insert(mine.begin(), mine.end());
      });
  }
  BOOST_TEST(seen.size() == std::size_t{draws} * threads);
}

// fork() copies all memory but the pool's.
BOOST_AUTO_TEST_CASE(a_child_is_handed_other_bytes_than_its_parent) {
  os::entropy_pool pool;
  constexpr int forks = 50, draws = 8;
  std::set<id> seen;
  int from_children = 0;
  for (int i = 0; i < forks; ++i) {
    seen.insert(drawn(pool));
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    BOOST_TEST(in_child([&] {
      bool good = true;
      for (int turn = 0; turn < draws; ++turn) {
        auto const bytes = drawn(pool);
        good = good && ::write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
      }
      return good;
    }));
    ::close(ends[1]);
    for (id bytes; ::read(ends[0], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
         ++from_children)
      seen.insert(bytes);
    ::close(ends[0]);
    for (int turn = 0; turn < draws; ++turn) seen.insert(drawn(pool));
  }
  BOOST_TEST(from_children == forks * draws);
  BOOST_TEST(seen.size() == std::size_t{forks} * (2 * draws + 1));
}

BOOST_AUTO_TEST_CASE(moving_leaves_one_that_can_be_used) {
  os::entropy_pool pool;
  auto const first = drawn(pool);
  os::entropy_pool other(std::move(pool));
  BOOST_TEST((drawn(other) != first));
  BOOST_TEST((drawn(pool) != drawn(other)));  // NOLINT: that is what is asked
}

BOOST_AUTO_TEST_SUITE_END()
