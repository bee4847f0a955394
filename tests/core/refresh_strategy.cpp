#include <countersign/core/refresh_strategy.hpp>

#include "archetypes/refresh_strategy.hpp"

#include <boost/test/unit_test.hpp>

using namespace countersign;

BOOST_AUTO_TEST_SUITE(core_refresh_strategy)

BOOST_AUTO_TEST_CASE(nothing_has_been_tried_at_first) {
  tries const none;
  BOOST_TEST(none.renewals == 0u);
  BOOST_TEST(none.step_ups == 0u);
  archetypes::once const strategy;
  BOOST_TEST((strategy.judge(response_head(401), none) == verdict::renew));
}

BOOST_AUTO_TEST_SUITE_END()
