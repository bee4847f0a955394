#pragma once
// What each token_store must do, as one test for all of them.

#include <countersign/store/token_store.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

namespace {

namespace cs = countersign;

inline constexpr cs::login_key here{"", "https://mcp.example.com/mcp"};

// Every field has a value of its own.
inline cs::login full_login() {
  cs::login made;
  made.tenant = "t\xc3\xa9nant \"quoted\"";
  made.issuer = "https://id.example.com";
  made.token_endpoint = "https://id.example.com/token";
  made.authorization_endpoint = "https://id.example.com/authorize";
  made.revocation_endpoint = "https://id.example.com/revoke";
  made.resource = "https://mcp.example.com/mcp?a=%2F";
  made.scope = "files:read files:write";
  made.client.id = "client-17";
  made.client.secret = cs::secret("client-secret-canary");
  made.client.authentication = "client_secret_basic";
  made.client.redirect_uri = "http://127.0.0.1:49152/cb";
  made.client.secret_expires = {1'900'000'000'000};
  made.access_token = cs::secret("access-token-canary");
  made.refresh_token = cs::secret("refresh-token-canary");
  made.token_type = "DPoP";
  made.expires = {1'800'000'000'123};
  made.pending = cs::refresh_mark("refresh-token-canary");
  made.dpop_key = cs::secret(R"({"kty":"EC","d":"dpop-key-canary"})");
  return made;
}

inline bool same(cs::login const& a, cs::login const& b) {
  return a.tenant == b.tenant && a.issuer == b.issuer && a.token_endpoint == b.token_endpoint &&
         a.authorization_endpoint == b.authorization_endpoint &&
         a.revocation_endpoint == b.revocation_endpoint && a.resource == b.resource && a.scope == b.scope &&
         a.client.id == b.client.id && a.client.secret == b.client.secret &&
         a.client.authentication == b.client.authentication &&
         a.client.redirect_uri == b.client.redirect_uri &&
         a.client.secret_expires == b.client.secret_expires && a.access_token == b.access_token &&
         a.refresh_token == b.refresh_token && a.token_type == b.token_type && a.expires == b.expires &&
         a.pending == b.pending && a.dpop_key == b.dpop_key;
}

inline cs::login login_of(std::string_view token) {
  cs::login made;
  made.issuer = "https://id.example.com";
  made.access_token = cs::secret(token);
  made.refresh_token = cs::secret("r-", token);
  return made;
}

template <class T>
cs::errc code(cs::result<T> const& got) {
  return got ? cs::errc::none : got.error().code();
}

template <cs::token_store Store>
void keeps_logins(Store& store) {
  BOOST_TEST((code(store.load(here)) == cs::errc::not_mine));
  BOOST_TEST(store.load(here).error().message().find(here.server) != std::string_view::npos);
  BOOST_TEST(!store.compare_and_swap(here, 1, full_login()).value());
  BOOST_TEST(store.compare_and_swap(here, 0, full_login()).value());
  auto const first = store.load(here).value();
  BOOST_TEST(same(first, full_login()));
  BOOST_TEST(first.generation == 1u);
  BOOST_TEST(first.server.view() == here.server);

  // Only who has seen the newest may write.
  BOOST_TEST(!store.compare_and_swap(here, 0, login_of("late")).value());
  BOOST_TEST(store.compare_and_swap(here, 1, login_of("two")).value());
  BOOST_TEST(!store.compare_and_swap(here, 1, login_of("late")).value());
  auto const second = store.load(here).value();
  BOOST_TEST(second.access_token.reveal() == "two");
  BOOST_TEST(second.generation == 2u);

  // Profiles and servers keep apart.
  BOOST_TEST(store.compare_and_swap({"work", here.server}, 0, login_of("work")).value());
  BOOST_TEST(store.compare_and_swap({"", "https://other.example"}, 0, login_of("other")).value());
  BOOST_TEST((code(store.load({here.server, ""})) == cs::errc::not_mine));
  BOOST_TEST(store.load({"work", here.server}).value().access_token.reveal() == "work");
  BOOST_TEST(store.load({"work", here.server}).value().profile.view() == "work");
  BOOST_TEST(store.load(here).value().access_token.reveal() == "two");

  // What is forgotten does not come back under an old number.
  BOOST_TEST(!store.remove(here, 1).value());
  BOOST_TEST(store.remove(here, 2).value());
  BOOST_TEST((code(store.load(here)) == cs::errc::not_mine));
  BOOST_TEST(store.remove(here, 0).value());
  BOOST_TEST(!store.compare_and_swap(here, 2, login_of("late")).value());
  BOOST_TEST(store.compare_and_swap(here, 0, login_of("again")).value());
  BOOST_TEST(store.load(here).value().generation > 2u);
  BOOST_TEST(!store.compare_and_swap(here, 2, login_of("late")).value());
  BOOST_TEST(store.load({"work", here.server}).value().access_token.reveal() == "work");
}

template <cs::token_store Store>
void locks_logins(Store& store) {
  auto lock = store.try_lock(here);
  BOOST_TEST_REQUIRE(bool(lock));
  BOOST_TEST(bool(*lock));
  BOOST_TEST((code(store.try_lock(here)) == cs::errc::locked));
  std::thread([&] { BOOST_TEST((code(store.try_lock(here)) == cs::errc::locked)); }).join();
  BOOST_TEST(bool(store.try_lock({"work", here.server})));
  // Reading and a sign-in's save go on meanwhile.
  auto const generation = store.load(here) ? store.load(here)->generation : 0;
  BOOST_TEST(store.compare_and_swap(here, generation, login_of("meanwhile")).value());
  auto moved = std::move(*lock);
  BOOST_TEST(!*lock);
  lock->release();
  BOOST_TEST((code(store.try_lock(here)) == cs::errc::locked));
  moved.release();
  BOOST_TEST(!moved);
  auto again = store.try_lock(here);
  BOOST_TEST_REQUIRE(bool(again));
  *again = cs::store_lock();
  BOOST_TEST(bool(store.try_lock(here)));
}

// Of many who write at once each generation is one's, and no write is lost.
template <cs::token_store Store>
void swaps_among_threads(Store& store, int threads, int writes) {
  auto const start = store.load(here) ? store.load(here)->generation : 0;
  std::vector<std::thread> all;
  std::vector<int> done(static_cast<std::size_t>(threads));
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      while (done[static_cast<std::size_t>(t)] < writes) {
        auto const now = store.load(here);
        if (!now && now.error().code() != cs::errc::not_mine) return;
        auto const swapped =
            store.compare_and_swap(here, now ? now->generation : 0, login_of("t" + std::to_string(t)));
        if (!swapped) return;
        done[static_cast<std::size_t>(t)] += *swapped;
      }
    });
  for (auto& each : all) each.join();
  for (auto const count : done) BOOST_TEST(count == writes);
  BOOST_TEST(store.load(here).value().generation == start + static_cast<std::uint64_t>(threads * writes));
}

// The refresh protocol on the face of a store: lock, look again, mark, ask, save. One POST an epoch, however
// many ask.
// `Count` is a plain int where a sanitizer knows the store's lock: then a second holder is a race that it sees. The
// kernel's locks it does not know.
template <class Count, cs::token_store Store>
void refreshes_once(Store& store, int threads, int epochs) {
  Count posts = 0;
  BOOST_REQUIRE(store.compare_and_swap(here, 0, login_of("0")).value());
  auto const renewed_after = [&](std::uint64_t seen) -> std::uint64_t {
    for (;;) {
      auto const lock = store.try_lock(here);
      if (!lock) {
        if (lock.error().code() != cs::errc::locked) return 0;
        auto const meanwhile = store.load(here);  // the token that is there is read without the lock
        if (meanwhile && meanwhile->generation > seen && meanwhile->pending.empty())
          return meanwhile->generation;
        std::this_thread::yield();
        continue;
      }
      auto now = store.load(here);
      if (!now) return 0;
      if (now->generation > seen) return now->generation;
      now->pending = cs::refresh_mark(now->refresh_token.reveal());
      if (auto ok = store.compare_and_swap(here, now->generation, *now); !ok || !*ok) return 0;
      auto const marked = store.load(here);
      if (!marked || !marked->is_pending()) return 0;
      auto const number = ++posts;
      auto const fresh = login_of(std::to_string(number));
      if (auto ok = store.compare_and_swap(here, marked->generation, fresh); !ok || !*ok) return 0;
      return marked->generation + 1;
    }
  };
  std::vector<std::thread> all;
  std::vector<int> good(static_cast<std::size_t>(threads));
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      std::uint64_t seen = 1;
      for (int epoch = 0; epoch < epochs; ++epoch) {
        // Each epoch ends two generations later: the mark and what was saved.
        auto const got = renewed_after(seen);
        if (got < seen + 2) return;
        seen += 2;
        ++good[static_cast<std::size_t>(t)];
      }
    });
  for (auto& each : all) each.join();
  for (auto const count : good) BOOST_TEST(count == epochs);
  BOOST_TEST(posts == epochs);
  BOOST_TEST(store.load(here).value().access_token.reveal() == std::to_string(epochs));
}

}  // namespace
