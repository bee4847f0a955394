#include "archetypes/refresh_strategy.hpp"

#include <boost/test/unit_test.hpp>

using namespace countersign;
using archetypes::once;

static_assert(refresh_strategy<once>);

namespace {

struct without_due : once {
  void due() const = delete;
};
struct without_judge : once {
  void judge() const = delete;
};
struct without_back_off : once {
  void back_off() const = delete;
};
struct vague : once {
  bool judge(response_head const&, tries) const { return true; }
};
struct changing : once {
  duration back_off(unsigned) { return {}; }
};

}  // namespace

static_assert(!refresh_strategy<without_due> && !refresh_strategy<without_judge> &&
              !refresh_strategy<without_back_off>);
static_assert(!refresh_strategy<vague> && !refresh_strategy<changing>);

BOOST_AUTO_TEST_SUITE(archetype_refresh_strategy)

BOOST_AUTO_TEST_CASE(it_renews_a_minute_early_but_never_before_it_began) {
  BOOST_TEST((once().due({0}, {600'000}, 0) == wall_time{540'000}));
  BOOST_TEST((once().due({0}, {30'000}, 0) == wall_time{30'000}));
  BOOST_TEST((once().due({0}, never_expires, 0) <= never_expires));
}

BOOST_AUTO_TEST_CASE(it_renews_once_for_a_request) {
  BOOST_TEST((once().judge(response_head(200), {}) == verdict::accept));
  BOOST_TEST((once().judge(response_head(401), {}) == verdict::renew));
  BOOST_TEST((once().judge(response_head(401), {1, 0}) == verdict::give_up));
  BOOST_TEST((once().back_off(3) == seconds(3)));
  BOOST_TEST((once().back_off(1000) == seconds(60)));
}

BOOST_AUTO_TEST_SUITE_END()
