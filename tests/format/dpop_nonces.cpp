// RFC 9449 §8
#include <countersign/format/dpop_nonces.hpp>

#include "fake/heap.hpp"

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cs = countersign;
using namespace std::literals;

namespace {
std::string known(cs::dpop_nonces const& all, std::string_view origin) {
  return std::string(all.get(origin).view());
}

cs::response answered(std::vector<std::pair<std::string, std::string>> const& fields) {
  cs::response made(200);
  for (auto const& [name, value] : fields) made.headers.append(name, value);
  return made;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(format_dpop_nonces)

BOOST_AUTO_TEST_CASE(the_newest_of_each_origin_is_kept) {
  cs::dpop_nonces all;
  BOOST_TEST(all.get("https://a.example").number() == 0u);
  BOOST_TEST(known(all, "https://a.example") == "");
  all.learn("https://a.example", "one");
  all.learn("https://b.example", "two");
  BOOST_TEST(known(all, "https://a.example") == "one");
  BOOST_TEST(known(all, "https://b.example") == "two");
  BOOST_TEST(known(all, "https://a.example:8443") == "");
  auto const before = all.get("https://a.example").number();
  all.learn("https://a.example", "one");
  BOOST_TEST(all.get("https://a.example").number() == before);  // nothing new
  all.learn("https://a.example", "a-longer-one-than-before");
  BOOST_TEST(known(all, "https://a.example") == "a-longer-one-than-before");
  BOOST_TEST(all.get("https://a.example").number() != before);
  all.learn("https://a.example", "x");
  BOOST_TEST(known(all, "https://a.example") == "x");
  BOOST_TEST(known(all, "https://b.example") == "two");
}

BOOST_AUTO_TEST_CASE(only_what_may_be_a_nonce_is_heard) {
  cs::dpop_nonces all;
  for (auto const& bad : {""s, "a b"s, "a\"b"s, "a\\b"s, "a\tb"s, "\x7f"s, "\xc3\xa4"s,
                          std::string(cs::max_dpop_nonce + 1, 'n')}) {
    BOOST_TEST(!cs::is_dpop_nonce(bad));
    all.learn("https://a.example", bad);
    BOOST_TEST(known(all, "https://a.example") == "");
  }
  for (auto const& good : {"!"s, "#[]~"s, "a.b-c_d/e+f=="s, std::string(cs::max_dpop_nonce, 'n')}) {
    all.learn("https://a.example", good);
    BOOST_TEST(known(all, "https://a.example") == good);
  }
}

BOOST_AUTO_TEST_CASE(a_response_gives_one_or_none) {
  cs::dpop_nonces all;
  auto const hear = [&](std::vector<std::pair<std::string, std::string>> const& fields) {
    auto const response = answered(fields);
    all.learn("https://a.example", cs::response_head(response));
    return known(all, "https://a.example");
  };
  BOOST_TEST(hear({{"Content-Type", "x"}}) == "");
  BOOST_TEST(hear({{"dpop-nonce", "one"}}) == "one");
  BOOST_TEST(hear({{"DPoP-Nonce", "two"}, {"X", "y"}}) == "two");
  BOOST_TEST(hear({{"DPoP-Nonce", "three"}, {"DPoP-Nonce", "four"}}) == "two");  // RFC 9449 §8.2: only one
}

BOOST_AUTO_TEST_CASE(the_number_of_origins_is_bounded) {
  cs::dpop_nonces all;
  auto const origin = [](std::size_t i) { return "https://" + std::to_string(i) + ".example"; };
  for (std::size_t i = 0; i < cs::max_dpop_origins; ++i) all.learn(origin(i), "n" + std::to_string(i));
  for (std::size_t i = 0; i < cs::max_dpop_origins; ++i)
    BOOST_TEST(known(all, origin(i)) == "n" + std::to_string(i));
  all.learn(origin(0), "again");  // now the second is the oldest
  all.learn(origin(cs::max_dpop_origins), "new");
  BOOST_TEST(known(all, origin(1)) == "");
  for (std::size_t i = 2; i < cs::max_dpop_origins; ++i)
    BOOST_TEST(known(all, origin(i)) == "n" + std::to_string(i));
  BOOST_TEST(known(all, origin(0)) == "again");
  BOOST_TEST(known(all, origin(cs::max_dpop_origins)) == "new");
}

BOOST_AUTO_TEST_CASE(it_moves_and_without_memory_it_learns_nothing) {
  cs::dpop_nonces all;
  if (fake::heap::is_ours) {
    fake::heap::refused_once const refused(0);
    all.learn("https://a.example", "one");
  }
  BOOST_TEST(known(all, "https://a.example") == "");
  all.learn("https://a.example", "one");
  cs::dpop_nonces moved(std::move(all));
  BOOST_TEST(known(moved, "https://a.example") == "one");
  cs::dpop_nonces other;
  other = std::move(moved);
  BOOST_TEST(known(other, "https://a.example") == "one");
}

// With one writer an origin, a reader sees nothing but what was written.
BOOST_AUTO_TEST_CASE(readers_see_whole_nonces_while_writers_write) {
  cs::dpop_nonces all;
  std::atomic<bool> stop = false;
  std::atomic<int> torn = 0, seen = 0;
  std::vector<std::thread> threads;
  for (int w = 0; w < 3; ++w)
    threads.emplace_back([&, w] {
      auto const origin = "https://" + std::to_string(w) + ".example";
      for (int i = 0; i < 4000; ++i)
        all.learn(origin,
                  std::string(20 + static_cast<std::size_t>(i % 200), static_cast<char>('a' + i % 26)));
    });
  for (int r = 0; r < 5; ++r)
    threads.emplace_back([&, r] {
      auto const origin = "https://" + std::to_string(r % 3) + ".example";
      for (int i = 0; i < 100 || !stop; ++i) {
        auto const got = known(all, origin);
        torn += !got.empty() && got.find_first_not_of(got.front()) != got.npos;
        seen += !got.empty();
      }
    });
  for (std::size_t i = 0; i < 3; ++i) threads[i].join();
  stop = true;
  for (std::size_t i = 3; i < threads.size(); ++i) threads[i].join();
  BOOST_TEST(torn == 0);
  BOOST_TEST(seen > 0);
}

BOOST_AUTO_TEST_CASE(many_threads_may_write_one_origin) {
  cs::dpop_nonces all;
  std::vector<std::thread> threads;
  for (int w = 0; w < 8; ++w)
    threads.emplace_back([&, w] {
      for (int i = 0; i < 2000; ++i)
        all.learn("https://a.example", std::to_string(w) + "-" + std::to_string(i));
    });
  for (auto& each : threads) each.join();
  BOOST_TEST(known(all, "https://a.example") != "");
  all.learn("https://a.example", "last");
  BOOST_TEST(known(all, "https://a.example") == "last");
}

BOOST_AUTO_TEST_SUITE_END()
