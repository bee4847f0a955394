// However many threads and authenticators share a login, one expiry costs one refresh. COUNTERSIGN_ROUNDS and
// COUNTERSIGN_LATENCY_MS make it a longer one: 50 rounds at 300 ms take 20 s.

#include <countersign/mcp/sign_in.hpp>

#include "fake/oauth_server.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer_or_dpop.hpp>
#include <countersign/os/system.hpp>
#include <countersign/refresh/renewal.hpp>
#include <countersign/store/memory_store.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace mcp = countersign::mcp;
using namespace countersign;

namespace {

constexpr int threads = 20;

int setting(char const* name, int usual) {
  auto const* const given = std::getenv(name);
  return given != nullptr ? std::atoi(given) : usual;
}

// The machine's own time, which somebody may move: those who wait for each other wait for real.
struct moved_time {
  std::atomic<std::int64_t> ahead = 0;

  [[nodiscard]] context outside() noexcept {
    auto made = system_context;
    made.self = this;
    made.read_clocks = [](void* self) noexcept { return static_cast<moved_time*>(self)->now(); };
    made.read_coarse = [](void* self) noexcept { return static_cast<moved_time*>(self)->now().wall; };
    return made;
  }

private:
  [[nodiscard]] clocks now() const noexcept {
    auto const real = system_context.now();
    return {real.wall + milliseconds(ahead), real.boot};
  }
};

struct frame {
  moved_time time;
  fake::oauth_server there;
  memory_store store;
  request const call{"POST", fake::oauth_server::mcp, secret("{}")};
  std::chrono::milliseconds const latency{setting("COUNTERSIGN_LATENCY_MS", 5)};

  [[nodiscard]] auto client() {
    return authenticator(mcp::sign_in(fake::oauth_server::mcp, store, {.interactive = true}), bearer_or_dpop{}, renewal{.step_ups = 1}, time.outside());
  }
  // The token endpoint takes its time; the rest answers at once.
  [[nodiscard]] auto http() {
    return [this](request const& asked) {
      if (asked.url() == "https://id.example/token") std::this_thread::sleep_for(latency);
      return there.transport()(asked);
    };
  }
  template <class Auth>
  [[nodiscard]] bool send(Auth& auth) {
    auto const got = countersign::send(auth, call, http(), there.person());
    return got && got->status() == 200;
  }
  // Each of the authenticators by as many threads, all at once; how many calls failed.
  template <class Auth>
  [[nodiscard]] int storm(std::vector<Auth*> const& clients) {
    std::atomic<int> failed = 0, waiting = 0;
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i)
      all.emplace_back([&, i] {
        ++waiting;
        while (waiting < threads) std::this_thread::yield();
        if (!send(*clients[static_cast<std::size_t>(i) % clients.size()])) ++failed;
      });
    for (auto& one : all) one.join();
    return failed;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_sign_in_single_flight)

BOOST_AUTO_TEST_CASE(twenty_threads_meet_one_expired_token_and_one_of_them_refreshes_it) {
  frame f;
  auto auth = f.client();
  BOOST_REQUIRE(f.send(auth));
  auto const rounds = setting("COUNTERSIGN_ROUNDS", 10);
  for (int round = 1; round <= rounds; ++round) {
    f.time.ahead += 3'600'000;
    BOOST_TEST(f.storm(std::vector{&auth}) == 0);
    BOOST_TEST(f.there.count("refresh_token") == round);
  }
  BOOST_TEST(f.there.count("reuse") == 0);
  BOOST_TEST(f.there.count("page") == 1);
}

BOOST_AUTO_TEST_CASE(twenty_threads_without_a_login_show_a_person_one_page) {
  frame f;
  auto auth = f.client();
  BOOST_TEST(f.storm(std::vector{&auth}) == 0);
  BOOST_TEST(f.there.count("page") == 1);
  BOOST_TEST(f.there.count("POST https://id.example/register") == 1);
}

BOOST_AUTO_TEST_CASE(so_do_several_authenticators_of_one_store_whose_token_is_refused) {
  frame f;
  auto one = f.client(), two = f.client(), three = f.client();
  BOOST_REQUIRE(f.send(one) && f.send(two) && f.send(three));
  auto const rounds = setting("COUNTERSIGN_ROUNDS", 10);
  for (int round = 1; round <= rounds; ++round) {
    f.there.forget_access();
    BOOST_TEST(f.storm(std::vector{&one, &two, &three}) == 0);
    BOOST_TEST(f.there.count("refresh_token") == round);
  }
  BOOST_TEST(f.there.count("reuse") == 0);
  BOOST_TEST(f.there.count("page") == 1);
}

// While one renews early, whoever has a token that is good goes on with it: the server hears their calls first.
BOOST_AUTO_TEST_CASE(callers_with_a_token_that_is_still_good_do_not_wait) {
  frame f;
  auto auth = f.client();
  BOOST_REQUIRE(f.send(auth));
  f.time.ahead += 3'595'000;  // due, not over
  std::atomic<bool> asked = false, passed = false;
  auto const slow = [&](request const& what) {
    if (what.url() == "https://id.example/token") {
      asked = true;
      while (!passed) std::this_thread::yield();
    }
    return f.there.transport()(what);
  };
  std::thread renewing([&] {
    auto const got = countersign::send(auth, f.call, slow, f.there.person());
    BOOST_TEST((got && got->status() == 200));
  });
  while (!asked) std::this_thread::yield();
  for (int i = 0; i < 5; ++i) BOOST_TEST(f.send(auth));
  BOOST_TEST(f.there.count("refresh_token") == 0);
  passed = true;
  renewing.join();
  BOOST_TEST(f.there.count("refresh_token") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
