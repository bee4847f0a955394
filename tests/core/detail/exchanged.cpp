#include <countersign/core/detail/exchanged.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

using countersign::detail::exchanged;
using countersign::detail::swapped;

BOOST_AUTO_TEST_SUITE(core_detail_exchanged)

BOOST_AUTO_TEST_CASE(the_old_value_comes_back) {
  std::string text = "old";
  BOOST_TEST(exchanged(text, "new") == "old");
  BOOST_TEST(text == "new");
  auto owner = std::make_unique<int>(7);
  BOOST_TEST(*exchanged(owner, nullptr) == 7);
  BOOST_TEST(!owner);
}

BOOST_AUTO_TEST_CASE(the_new_value_may_hang_on_the_old_one) {
  struct node {
    node* next = nullptr;
  } last, first{&last};
  node* at = &first;
  BOOST_TEST(exchanged(at, at->next) == &first);
  BOOST_TEST(at == &last);
}

BOOST_AUTO_TEST_CASE(two_values_change_places) {
  auto a = std::make_unique<int>(1), b = std::make_unique<int>(2);
  swapped(a, b);
  BOOST_TEST((*a == 2 && *b == 1));
  swapped(a, a);
  BOOST_TEST((a && *a == 2));
}

BOOST_AUTO_TEST_SUITE_END()
