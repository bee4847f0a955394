// RFC 7616 §3.3, §3.4: nonces and their counts
#include <countersign/format/detail/digest_sessions.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cs = countersign;

namespace {

cs::origin at(std::string_view url) { return *cs::origin_of(url); }
cs::origin const here = at("https://a.example");

cs::detail::digest_challenge challenge(std::string_view realm, std::string_view nonce,
                                       std::string_view domain = {}, std::string_view algorithm = "SHA-256") {
  cs::detail::digest_challenge made;
  made.realm = realm, made.nonce = nonce, made.domain = domain;
  made.algorithm = cs::detail::digest_algorithm_of(algorithm);
  made.auth = true;
  return made;
}

struct bench {
  fake::world world;
  cs::context outside = world.context();
  cs::detail::digest_sessions memory;

  cs::detail::digest_session use(std::string_view path = "/", std::string_view origin = "https://a.example",
                                 std::string_view realm = "") {
    cs::detail::digest_session got;
    BOOST_TEST(memory.use(origin, path, realm, cs::moment(outside), got).has_value());
    return got;
  }
  // "nonce#count", or "".
  std::string used(std::string_view path = "/", std::string_view origin = "https://a.example",
                   std::string_view realm = "") {
    auto const got = use(path, origin, realm);
    return got.number == 0 ? "" : std::string(got.nonce()) + "#" + std::to_string(got.uses);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(format_digest_sessions)

BOOST_AUTO_TEST_CASE(each_use_of_a_nonce_has_the_next_count_and_the_newest_nonce_is_used) {
  bench b;
  BOOST_TEST(b.used() == "");
  b.memory.learn(here, "/", challenge("r", "n1"));
  BOOST_TEST(b.used() == "n1#1");
  BOOST_TEST(b.used() == "n1#2");
  b.memory.learn(here, "/", challenge("r", "n2"));
  BOOST_TEST(b.used() == "n2#1");
  BOOST_TEST(b.used() == "n2#2");
  BOOST_TEST(b.used("/", "https://b.example") == "");
  BOOST_TEST(b.used("/", "https://a.example", "other realm") == "");
  BOOST_TEST(b.used("/", "https://a.example", "r") == "n2#3");
}

BOOST_AUTO_TEST_CASE(a_nonce_has_one_cnonce_of_entropy_which_the_next_nonce_does_not_share) {
  bench b;
  b.memory.learn(here, "/", challenge("r", "n1"));
  auto const first = b.use(), second = b.use();
  BOOST_TEST(b.world.entropy_bytes() == 16u);
  BOOST_TEST((first.cnonce[0] != 0 && first.cnonce[1] != 0 && first.cnonce[0] != first.cnonce[1]));
  BOOST_TEST((first.cnonce[0] == second.cnonce[0] && first.cnonce[1] == second.cnonce[1]));
  b.memory.learn(here, "/", challenge("r", "n2"));
  BOOST_TEST(b.use().cnonce[0] != first.cnonce[0]);
  // All zero would say that there is none.
  b.world.entropy = std::string(16, '\0');
  b.memory.learn(here, "/", challenge("r", "n3"));
  auto const third = b.use();
  BOOST_TEST((third.cnonce[0] != 0 && third.cnonce[1] != 0));
  b.memory.learn(here, "/", challenge("r", "n4"));
  b.world.entropy_fails = true;
  cs::detail::digest_session got;
  auto const failed = b.memory.use("https://a.example", "/", "", cs::moment(b.outside), got);
  BOOST_REQUIRE(!failed);
  BOOST_TEST(failed.error().message() == "digest: entropy: the system gave no random bytes");
  b.world.entropy_fails = false;
  BOOST_TEST(b.used() == "n4#1");  // no use of it was lost
}

BOOST_AUTO_TEST_CASE(a_successor_goes_on_with_the_session) {
  bench b;
  for (auto const* const algorithm : {"SHA-256", "SHA-256-sess"}) {
    bool const session = std::string_view(algorithm).ends_with("sess");
    b.memory.learn(here, "/", challenge("r", "n1", {}, algorithm));
    auto const first = b.use();
    BOOST_TEST(!first.accepted);
    b.memory.succeed(first, "n2");
    auto const second = b.use();
    BOOST_TEST((second.nonce() == "n2" && second.uses == 1 && second.accepted && second.realm() == "r"));
    BOOST_TEST(second.first_nonce() == (session ? "n1" : "n2"));
    BOOST_TEST((second.cnonce[0] == first.cnonce[0]) == session);
    b.memory.succeed(second, "n3");
    auto const third = b.use();
    BOOST_TEST(third.first_nonce() == (session ? "n1" : "n3"));
    BOOST_TEST((third.cnonce[1] == first.cnonce[1]) == session);
  }
}

BOOST_AUTO_TEST_CASE(what_is_known_of_an_attempt_stays_until_its_room_is_needed) {
  bench b;
  b.memory.learn(here, "/", challenge("r", "n1"));
  auto const first = b.use();
  b.memory.learn(here, "/", challenge("r", "n2"));
  cs::detail::digest_session got;
  BOOST_REQUIRE(b.memory.get(first.number, got));
  BOOST_TEST((got.nonce() == "n1" && got.cnonce[0] == first.cnonce[0] && !got.accepted));
  BOOST_TEST(b.memory.has_newer(first.number, "https://a.example", "r"));
  BOOST_TEST(!b.memory.has_newer(first.number, "https://a.example", "s"));
  BOOST_TEST(!b.memory.has_newer(first.number, "https://b.example", "r"));
  BOOST_TEST(!b.memory.has_newer(b.use().number, "https://a.example", "r"));
  b.memory.accept(first.number);
  BOOST_REQUIRE(b.memory.get(first.number, got));
  BOOST_TEST(got.accepted);
  BOOST_TEST((!b.memory.get(0, got) && !b.memory.get(1000, got)));
  b.memory.retire(b.use().number);
  BOOST_TEST(b.used() == "");
  BOOST_TEST(!b.memory.has_newer(first.number, "https://a.example", "r"));
}

BOOST_AUTO_TEST_CASE(two_realms_of_one_server_are_told_apart_by_path) {
  bench b;
  b.memory.learn(here, "/staff/a", challenge("staff", "s"));
  b.memory.learn(here, "/guests/a", challenge("guests", "g"));
  BOOST_TEST(b.used("/staff/b") == "s#1");
  BOOST_TEST(b.used("/guests/b") == "g#1");
  BOOST_TEST(b.used("/staff/b") == "s#2");
  BOOST_TEST(b.used("/elsewhere") == "g#2");  // the newest
  b.memory.learn(here, "/staff/a", challenge("staff", "s2"));
  BOOST_TEST(b.used("/elsewhere") == "s2#1");
  BOOST_TEST(b.used("/guests/b") == "g#3");
  b.memory.learn(here, "/x", challenge("x", "xn", "/deep/er /wide"));
  BOOST_TEST(b.used("/deep/er/y") == "xn#1");
  BOOST_TEST(b.used("/deep") == "s2#2");
  // A longer domain than is kept counts for the whole server; this one is as long as may be.
  b.memory.learn(here, "/x", challenge("x", "long", std::string(cs::max_digest_domain - 3, '/') + " /q"));
  BOOST_TEST(b.used("/q") == "long#1");
  BOOST_TEST(b.used("/x") == "long#2");
  BOOST_TEST(b.used("/z") == "s2#3");
  b.memory.learn(here, "/x", challenge("x", "longer", "/only" + std::string(cs::max_digest_domain - 4, 'y')));
  BOOST_TEST(b.used("/z") == "longer#1");
}

BOOST_AUTO_TEST_CASE(the_number_of_nonces_is_bounded_and_those_go_first_that_are_not_used) {
  bench b;
  auto const origin = [](std::size_t i) { return "https://o" + std::to_string(i) + ".example"; };
  for (std::size_t i = 0; i < cs::max_digest_nonces; ++i)
    b.memory.learn(at(origin(i)), "/", challenge("r", "n"));
  for (std::size_t i = 0; i < cs::max_digest_nonces; ++i) BOOST_TEST(b.used("/", origin(i)) == "n#1");
  // A successor takes the room of the one before it.
  for (int i = 0; i < 100; ++i) b.memory.learn(at(origin(3)), "/", challenge("r", "m"));
  for (std::size_t i = 0; i < cs::max_digest_nonces; ++i)
    BOOST_TEST(b.used("/", origin(i)) == (i == 3 ? "m#1" : "n#2"));
  b.memory.learn(at(origin(100)), "/", challenge("r", "n"));
  BOOST_TEST(b.used("/", origin(0)) == "");
  for (std::size_t i = 1; i < cs::max_digest_nonces; ++i)
    BOOST_TEST(b.used("/", origin(i)) == (i == 3 ? "m#2" : "n#3"));
  BOOST_TEST(b.used("/", origin(100)) == "n#1");
}

BOOST_AUTO_TEST_CASE(a_count_ends_with_its_eight_digits) {
  using cs::detail::digest_use;
  auto count = cs::detail::under_digest_number(7, cs::max_digest_uses - 1);
  std::uint32_t uses = 0;
  BOOST_TEST((cs::detail::take_use(count, 8, uses) == digest_use::another));
  BOOST_TEST((cs::detail::take_use(count, 7, uses) == digest_use::taken));
  BOOST_TEST(uses == 0xffffffff);
  BOOST_TEST((cs::detail::take_use(count, 7, uses) == digest_use::none_left));
  BOOST_TEST((cs::detail::take_use(count, 7, uses) == digest_use::none_left));
  BOOST_TEST(cs::detail::digest_number_in(count) == 7u);
}

BOOST_AUTO_TEST_CASE(it_moves_and_without_memory_it_learns_nothing) {
  bench b;
  if (fake::heap::is_ours) {
    fake::heap::refused_once const refused(0);
    b.memory.learn(here, "/", challenge("r", "n1"));
  }
  BOOST_TEST(b.used() == "");
  b.memory.learn(here, "/", challenge("r", "n1"));
  cs::detail::digest_sessions moved(std::move(b.memory));
  b.memory = std::move(moved);
  BOOST_TEST(b.used() == "n1#1");
}

// Whatever is learned meanwhile: no use of a nonce is given twice, and what was read is of one piece.
BOOST_AUTO_TEST_CASE(threads_share_counts_while_others_learn) {
  bench b;
  std::mutex lock;
  std::set<std::string> seen;
  std::atomic<int> twice = 0, torn = 0, used = 0;
  auto const realm_of = [](std::string_view nonce) {
    return std::string(200, nonce.empty() ? '?' : nonce[0]);
  };
  std::vector<std::thread> threads;
  for (int w = 0; w < 2; ++w)
    threads.emplace_back([&, w] {
      for (int i = 0; i < 1500; ++i) {
        auto const nonce =
            static_cast<char>('a' + (i + w) % 26) + std::to_string(w) + "-" + std::to_string(i);
        b.memory.learn(here, "/", challenge(realm_of(nonce), nonce));
      }
    });
  for (int r = 0; r < 6; ++r)
    threads.emplace_back([&] {
      for (int i = 0; i < 1500; ++i) {
        cs::detail::digest_session got;
        if (!b.memory.use("https://a.example", "/", "", cs::moment(b.outside), got) || got.number == 0)
          continue;
        ++used;
        torn += got.realm() != realm_of(got.nonce()) || got.cnonce[0] == 0 || got.cnonce[1] == 0;
        std::lock_guard const guard(lock);
        twice += !seen.insert(std::string(got.nonce()) + "#" + std::to_string(got.uses)).second;
      }
    });
  for (auto& each : threads) each.join();
  BOOST_TEST(twice == 0);
  BOOST_TEST(torn == 0);
  BOOST_TEST(used > 0);
}

BOOST_AUTO_TEST_SUITE_END()
