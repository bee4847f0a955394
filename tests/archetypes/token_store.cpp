#include "archetypes/token_store.hpp"

#include <boost/test/unit_test.hpp>

using namespace countersign;
using archetypes::one_login;

static_assert(token_store<one_login>);

namespace {

struct without_load : one_login {
  void load(login_key) = delete;
};
struct lock_that_waits : one_login {
  bool try_lock(login_key) { return true; }
};
struct without_removal : one_login {
  void remove(login_key, std::uint64_t) = delete;
};
struct swap_that_tells_nothing : one_login {
  result<void> compare_and_swap(login_key, std::uint64_t, login const&) { return {}; }
};

}  // namespace

static_assert(!token_store<without_load> && !token_store<without_removal>);
static_assert(!token_store<lock_that_waits>, "a lock frees itself, and one that is taken is an error");
static_assert(!token_store<swap_that_tells_nothing>, "who was slower must learn it");

BOOST_AUTO_TEST_SUITE(archetype_token_store)

BOOST_AUTO_TEST_CASE(it_keeps_one_login_and_counts_its_generations) {
  one_login store;
  login_key const key{"", "https://mcp.example.com"};
  BOOST_TEST((store.load(key).error().code() == errc::not_mine));
  BOOST_TEST(store.compare_and_swap(key, 0, {}).value());
  BOOST_TEST(!store.compare_and_swap(key, 0, {}).value());
  BOOST_TEST(store.load(key).value().generation == 1u);
  BOOST_TEST(store.remove(key, 1).value());
  BOOST_TEST((store.load(key).error().code() == errc::not_mine));
  BOOST_TEST(store.compare_and_swap(key, 0, {}).value());
  BOOST_TEST(store.load(key).value().generation == 3u);
}

BOOST_AUTO_TEST_CASE(its_lock_frees_itself) {
  one_login store;
  {
    auto const lock = store.try_lock({});
    BOOST_TEST((store.try_lock({}).error().code() == errc::locked));
  }
  BOOST_TEST(bool(store.try_lock({})));
}

BOOST_AUTO_TEST_SUITE_END()
