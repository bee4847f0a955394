#include <countersign/core/detail/remembered.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cs = countersign;

namespace {

struct pair {
  std::uint64_t word[4];
};
constexpr std::size_t most = 40;
using memory = cs::detail::remembered<pair, most>;

std::string text_of(std::size_t size, char first) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(first + static_cast<char>(i % 16));
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(core_detail_remembered)

BOOST_AUTO_TEST_CASE(what_was_kept_is_found_by_all_that_it_was_made_of) {
  for (std::size_t size = 0; size <= most; ++size) {
    memory kept;
    pair out = {};
    auto const made_of = text_of(size, 'a');
    BOOST_TEST(!kept.find(7, made_of, out));
    kept.keep(7, made_of, {{1, 2, 3, 4}});
    BOOST_REQUIRE(kept.find(7, made_of, out));
    for (std::uint64_t i = 0; i < 4; ++i) BOOST_TEST(out.word[i] == i + 1);
    BOOST_TEST(!kept.find(8, made_of, out));
    BOOST_TEST(!kept.find(7, made_of + "x", out));
    if (size > 0) BOOST_TEST(!kept.find(7, std::string_view(made_of).substr(1), out));
    for (std::size_t i = 0; i < size; ++i) {
      auto other = made_of;
      other[i] ^= 1;
      BOOST_TEST(!kept.find(7, other, out), "byte " << i << " of " << size);
    }
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_found_in_one_that_has_kept_nothing) {
  memory const kept;
  pair out = {};
  BOOST_TEST(!kept.find(0, {}, out));
}

BOOST_AUTO_TEST_CASE(a_value_made_of_40_bytes_is_kept_and_of_one_more_is_not) {
  memory kept;
  pair out = {};
  kept.keep(0, text_of(most + 1, 'a'), {{1, 2, 3, 4}});
  BOOST_TEST(!kept.find(0, text_of(most + 1, 'a'), out));
  kept.keep(0, text_of(most, 'a'), {{1, 2, 3, 4}});
  BOOST_TEST(kept.find(0, text_of(most, 'a'), out));
}

BOOST_AUTO_TEST_CASE(a_part_of_the_value_may_be_all_that_matters) {
  memory kept;
  pair out = {{9, 9, 9, 9}};
  kept.keep(0, "k", {{1, 2, 3, 4}}, 16);
  BOOST_REQUIRE(kept.find(0, "k", out, 16));
  BOOST_TEST(out.word[1] == 2u);
  BOOST_TEST(out.word[2] == 9u);
}

BOOST_AUTO_TEST_CASE(a_copy_has_what_the_other_had) {
  memory kept;
  kept.keep(0, "k", {{1, 2, 3, 4}});
  memory const copy(kept);
  pair out = {};
  BOOST_TEST(copy.find(0, "k", out));
  BOOST_TEST(out.word[3] == 4u);
}

BOOST_AUTO_TEST_CASE(nothing_stays_of_what_was_replaced_or_ended) {
  alignas(memory) unsigned char room[sizeof(memory)];
  auto const holds = [&](std::string_view text) {
    return std::string_view(reinterpret_cast<char const*>(room), sizeof room).find(text) !=
           std::string_view::npos;
  };
  auto* const kept = new (room) memory;
  kept->keep(0, "canary-canary-canary", {{1, 2, 3, 4}});
  BOOST_TEST(holds("canary-c"));
  kept->keep(0, "k", {{1, 2, 3, 4}});
  BOOST_TEST(!holds("canary"));
  kept->keep(0, "canary-canary-canary", {{1, 2, 3, 4}});
  kept->~remembered();
  BOOST_TEST(!holds("canary"));
}

// Each value tells what it was made of: none is torn, and none is another's.
BOOST_AUTO_TEST_CASE(threads_that_replace_and_read_it_at_once_are_never_given_anothers) {
  constexpr int turns = 30'000, threads = 3;
  memory kept;
  std::atomic<int> wrong = 0;
  std::atomic<long> found = 0;
  {
    std::vector<std::jthread> all;
    for (int thread = 0; thread < threads; ++thread)
      all.emplace_back([&, thread] {
        for (int turn = 0; turn < turns; ++turn) {
          auto const n = static_cast<std::uint64_t>((turn / 8 + thread) % 3 + 1);
          auto const made_of = text_of(n * 11, static_cast<char>('a' + n));
          pair out = {};
          if (kept.find(n, made_of, out)) {
            ++found;
            for (std::uint64_t i = 0; i < 4; ++i) wrong += out.word[i] != n * (i + 1);
          } else {
            kept.keep(n, made_of, {{n, 2 * n, 3 * n, 4 * n}});
          }
        }
      });
  }
  BOOST_TEST(wrong == 0);
  BOOST_TEST(found > 0);
}

BOOST_AUTO_TEST_SUITE_END()
