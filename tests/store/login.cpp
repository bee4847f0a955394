#include <countersign/store/login.hpp>

#include "fake/heap.hpp"
#include "store/battery.hpp"

#include <boost/test/unit_test.hpp>

using namespace countersign;

BOOST_AUTO_TEST_SUITE(store_login)

BOOST_AUTO_TEST_CASE(a_mark_tells_refresh_tokens_apart_and_is_none) {
  BOOST_TEST(refresh_mark("abc").view() ==
             "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");  // FIPS 180-4, "abc"
  BOOST_TEST((refresh_mark("a") == refresh_mark("a")));
  BOOST_TEST(!(refresh_mark("a") == refresh_mark("b")));
}

BOOST_AUTO_TEST_CASE(a_login_is_pending_while_the_mark_is_that_of_its_own_refresh_token) {
  login record;
  BOOST_TEST(!record.is_pending());
  record.refresh_token = secret("r1");
  BOOST_TEST(!record.is_pending());
  record.pending = refresh_mark("r1");
  BOOST_TEST(record.is_pending());
  record.refresh_token = secret("r2");
  BOOST_TEST(!record.is_pending());
  record.pending = "short";
  BOOST_TEST(!record.is_pending());
}

BOOST_AUTO_TEST_CASE(a_mark_tells_whether_the_refresh_token_was_sent_twice) {
  login record;
  record.refresh_token = secret("r1");
  record.pending = refresh_mark("r1");
  BOOST_TEST(!record.is_repeated());
  record.pending = owned_text(secret(refresh_mark("r1").view(), repeated_mark));
  BOOST_TEST(record.is_pending());
  BOOST_TEST(record.is_repeated());
  record.refresh_token = secret("r2");
  BOOST_TEST(!record.is_repeated());
}

// It must not be sent for want of memory.
BOOST_AUTO_TEST_CASE(without_memory_a_mark_counts) {
  if (!fake::heap::is_ours) return;
  login record;
  record.refresh_token = secret("r1");
  record.pending = refresh_mark("r1");
  bool pending = false;
  {
    fake::heap::exhausted const none;
    pending = record.is_pending();
  }
  BOOST_TEST(pending);
}

BOOST_AUTO_TEST_CASE(a_failed_allocation_in_any_part_is_told) {
  BOOST_TEST(full_login().ok());
  auto record = full_login();
  static_cast<void>(record.dpop_key.reserve(static_cast<std::size_t>(-1)));
  BOOST_TEST(!record.ok());
  record = full_login();
  static_cast<void>(record.client.secret.reserve(static_cast<std::size_t>(-1)));
  BOOST_TEST(!record.ok());
}

BOOST_AUTO_TEST_SUITE_END()
