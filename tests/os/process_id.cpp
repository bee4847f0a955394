#include <countersign/os/process_id.hpp>

#include "os/forked.hpp"

#include <boost/test/unit_test.hpp>

using namespace countersign;

BOOST_AUTO_TEST_SUITE(os_process_id)

BOOST_AUTO_TEST_CASE(it_stays_the_same_and_a_forked_child_has_another) {
  auto const ours = os::process_id();
  BOOST_TEST(ours != 0u);
  BOOST_TEST(os::process_id() == ours);
  BOOST_TEST(in_child([&] { return os::process_id() != ours && os::process_id() != 0; }));
}

BOOST_AUTO_TEST_SUITE_END()
