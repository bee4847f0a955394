// RFC 6749 §3.3.
#include <countersign/oauth/text_list.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

namespace oauth = countersign::oauth;
using oauth::text_list;

BOOST_AUTO_TEST_SUITE(oauth_text_list)

BOOST_AUTO_TEST_CASE(it_keeps_texts_in_order) {
  text_list list{"a", "bc", "a"};
  list.add("").add("d e");
  BOOST_TEST(list.size() == 5u);
  BOOST_TEST(list[0] == "a");
  BOOST_TEST(list[1] == "bc");
  BOOST_TEST(list[2] == "a");
  BOOST_TEST(list[3] == "");
  BOOST_TEST(list[4] == "d e");
  BOOST_TEST(list[5] == "");
  BOOST_TEST(list.contains("bc"));
  BOOST_TEST(list.contains(""));
  BOOST_TEST(!list.contains("b"));
  BOOST_TEST(!list.empty());
  BOOST_TEST(text_list().empty());
  for (int i = 0; i < 10; ++i) list.add(list[1]);
  BOOST_TEST(list[14] == "bc");
}

BOOST_AUTO_TEST_CASE(a_scope_is_words_each_once) {
  text_list list{"read"};
  list.add_words("write  read admin write ").add_words("").add_words(" ");
  BOOST_TEST(list.joined().view() == "read write admin");
  BOOST_TEST(text_list().joined().empty());
}

BOOST_AUTO_TEST_CASE(a_failed_allocation_sticks) {
  if (!fake::heap::is_ours) return;
  text_list const good{"read", "write"};
  fake::heap::exhausted const none;
  text_list list;
  list.add("read");
  BOOST_TEST(!list.ok());
  BOOST_TEST(!list.joined().ok());
  BOOST_TEST(!good.joined().ok());
  BOOST_TEST(good.ok());
}

BOOST_AUTO_TEST_SUITE_END()
