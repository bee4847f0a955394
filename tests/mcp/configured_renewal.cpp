#include <countersign/mcp/configured_renewal.hpp>

#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;
using cs::verdict;

static_assert(cs::refresh_strategy<mcp::configured_renewal>);

namespace {

struct answered {
  int code;
  [[nodiscard]] int status() const { return code; }
  template <class Function>
  void fields(Function&&) const {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_configured_renewal)

BOOST_AUTO_TEST_CASE(only_what_may_be_another_the_next_time_is_asked_for_again_and_once) {
  struct {
    std::string_view entry;
    verdict on_401, on_403;
  } const table[] = {
      {"", verdict::give_up, verdict::accept},
      {R"(,"headers":{"X":"y"})", verdict::give_up, verdict::accept},
      {R"(,"headersHelper":"get")", verdict::renew, verdict::renew},
      {R"(,"auth":{"type":"jwt","algorithm":"HS256","key":"k","claims":{}})", verdict::renew, verdict::accept},
      {R"(,"auth":[{"type":"hmac","key":"k"},{"type":"jwt","algorithm":"HS256","key":"k","claims":{}}])",
       verdict::renew, verdict::accept},
      {R"(,"auth":{"type":"hmac","key":"k"})", verdict::give_up, verdict::accept},
  };
  for (auto const& [entry, on_401, on_403] : table) {
    auto const config = mcp::config::parse(
        cs::secret(R"({"api":{"type":"http","url":"https://h")" + std::string(entry) + "}}"), "f.json");
    BOOST_REQUIRE_MESSAGE(config, entry);
    mcp::configured_renewal const strategy(*config->find("api"));
    answered const unauthorized{401}, forbidden{403}, fine{200}, broken{500};
    BOOST_TEST((strategy.judge(cs::response_head(unauthorized), {}) == on_401), entry);
    BOOST_TEST((strategy.judge(cs::response_head(forbidden), {}) == on_403), entry);
    BOOST_TEST((strategy.judge(cs::response_head(unauthorized), {.renewals = 1}) == verdict::give_up), entry);
    BOOST_TEST((strategy.judge(cs::response_head(forbidden), {.renewals = 1}) == verdict::accept), entry);
    for (auto const* other : {&fine, &broken})
      BOOST_TEST((strategy.judge(cs::response_head(*other), {}) == verdict::accept), entry);
  }
}

BOOST_AUTO_TEST_CASE(a_token_is_due_before_it_expires_and_failures_are_paused_after) {
  mcp::configured_renewal const strategy;
  cs::wall_time const now{1'000'000'000}, end = now + cs::seconds(600);
  BOOST_TEST((strategy.due(now, end, 0) < end));
  BOOST_TEST((strategy.due(now, cs::never_expires, 0) == cs::never_expires));
  BOOST_TEST((strategy.back_off(1) > cs::duration()));
}

BOOST_AUTO_TEST_SUITE_END()
