#include <countersign/refresh/never.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>

namespace cs = countersign;

static_assert(cs::refresh_strategy<cs::never>);
static_assert(cs::never().due({0}, {5000}, 7) == cs::wall_time{5000});
static_assert(cs::never().due({0}, cs::never_expires, 7) == cs::never_expires);
static_assert(cs::never().back_off(1) == cs::duration() &&
              cs::never().back_off(std::numeric_limits<unsigned>::max()) == cs::duration());

BOOST_AUTO_TEST_SUITE(refresh_never)

BOOST_AUTO_TEST_CASE(a_401_is_final_and_everything_else_is_the_users) {
  for (int status = 100; status < 600; ++status)
    for (auto const tried : {cs::tries{}, cs::tries{.renewals = 9, .step_ups = 9}})
      BOOST_TEST((cs::never().judge(cs::response_head(status), tried) ==
                  (status == 401 ? cs::verdict::give_up : cs::verdict::accept)));
}

BOOST_AUTO_TEST_SUITE_END()
