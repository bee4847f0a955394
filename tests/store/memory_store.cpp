#include <countersign/store/memory_store.hpp>

#include "os/forked.hpp"
#include "store/battery.hpp"

#include <boost/test/unit_test.hpp>

using namespace countersign;

static_assert(token_store<memory_store>);

BOOST_AUTO_TEST_SUITE(store_memory_store)

BOOST_AUTO_TEST_CASE(it_keeps_logins) {
  memory_store store;
  keeps_logins(store);
}

BOOST_AUTO_TEST_CASE(it_locks_logins) {
  memory_store store;
  locks_logins(store);
}

BOOST_AUTO_TEST_CASE(no_write_of_eight_threads_is_lost) {
  memory_store store;
  swaps_among_threads(store, 8, 200);
}

BOOST_AUTO_TEST_CASE(eight_threads_refresh_once_an_epoch) {
  memory_store store;
  refreshes_once<int>(store, 8, 200);
}

BOOST_AUTO_TEST_CASE(a_child_forgets_the_locks_of_its_parent) {
  memory_store store;
  BOOST_TEST(store.compare_and_swap(here, 0, login_of("a")).value());
  auto lock = store.try_lock(here);
  BOOST_TEST(in_child([&] {
    lock->release();  // its parent's: nothing happens
    return store.try_lock(here) && store.load(here) && *store.compare_and_swap(here, 1, login_of("b"));
  }));
  BOOST_TEST((code(store.try_lock(here)) == errc::locked));
}

BOOST_AUTO_TEST_SUITE_END()
