#include <countersign/format/detail/prepared_key.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cs = countersign;
using cs::detail::prepared_key;

namespace {
std::string code(prepared_key& kept, cs::secret const& key, cs::sha2 hash = cs::sha2::bits_256) {
  cs::hmac_midstates keyed(hash);
  auto const ok = kept.get(cs::key_form::raw, key, keyed);
  return ok ? std::string(keyed.finish("message").view()) : "failed";
}
std::string anew(cs::secret const& key, cs::sha2 hash = cs::sha2::bits_256) {
  return std::string(cs::any_hmac(hash, key.reveal()).finish("message").view());
}
}  // namespace

BOOST_AUTO_TEST_SUITE(format_detail_prepared_key)

BOOST_AUTO_TEST_CASE(it_gives_what_was_asked_for_whatever_was_kept) {
  prepared_key kept;
  for (auto const bytes : {"one", "one", "two", "one", ""}) {
    cs::secret const key(bytes);
    for (auto const hash : {cs::sha2::bits_256, cs::sha2::bits_512})
      BOOST_TEST(code(kept, key, hash) == anew(key, hash));
  }
  prepared_key moved(std::move(kept));
  BOOST_TEST(code(moved, cs::secret("three")) == anew(cs::secret("three")));
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_be_read_leaves_nothing_behind) {
  prepared_key kept;
  cs::hmac_midstates keyed(cs::sha2::bits_256);
  BOOST_TEST(!kept.get(cs::key_form::hex, cs::secret("xx"), keyed));
  BOOST_TEST(!kept.get(cs::key_form::hex, cs::secret("xx"), keyed));
  BOOST_TEST(!kept.get(cs::key_form::hex, cs::secret(), keyed));
  BOOST_TEST(kept.get(cs::key_form::hex, cs::secret("6b"), keyed).has_value());
}

BOOST_AUTO_TEST_CASE(a_key_of_256_bytes_is_remembered_and_a_longer_one_still_signs) {
  prepared_key kept;
  for (std::size_t const size : {cs::detail::max_remembered_key, cs::detail::max_remembered_key + 1})
    for (int turn = 0; turn < 2; ++turn) {
      cs::secret const key(std::string(size, 'k'));
      BOOST_TEST(code(kept, key) == anew(key));
    }
}

// Nobody waits, and nobody is given another's key.
BOOST_AUTO_TEST_CASE(threads_with_different_keys_share_one) {
  prepared_key kept;
  std::atomic<int> wrong = 0, waiting = 4;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      cs::secret const key(std::string(40, static_cast<char>('a' + i)));
      auto const expected = anew(key);
      --waiting;
      while (waiting > 0) std::this_thread::yield();
      for (int turn = 0; turn < 20000; ++turn) wrong += code(kept, key) != expected;
    });
  for (auto& each : threads) each.join();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
