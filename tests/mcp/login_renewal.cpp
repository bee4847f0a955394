#include <countersign/mcp/login_renewal.hpp>

#include "fake/entry.hpp"

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace mcp = countersign::mcp;
using namespace countersign;

static_assert(refresh_strategy<mcp::login_renewal>);

BOOST_AUTO_TEST_SUITE(mcp_login_renewal)

BOOST_AUTO_TEST_CASE(what_a_refusal_means_depends_on_whose_credential_it_was) {
  std::string const url = R"("url":"https://mcp.example/mcp")";
  response refused(401), wider(403), plain(403);
  wider.headers.set("WWW-Authenticate", R"(Bearer error="insufficient_scope", scope="w")");
  struct {
    std::string entry;
    response const& answer;
    tries so_far;
    verdict wanted;
  } const table[] = {
      {url, refused, {}, verdict::renew},
      {url, refused, {.renewals = 1}, verdict::give_up},
      {url, wider, {}, verdict::step_up},
      {url, wider, {.step_ups = 1}, verdict::accept},
      {url, plain, {}, verdict::accept},
      {url + R"(,"headers":{"Authorization":"Bearer x"})", refused, {}, verdict::give_up},
      {url + R"(,"headers":{"Authorization":"Bearer x"})", wider, {}, verdict::accept},
      {url + R"(,"headersHelper":"p")", refused, {}, verdict::renew},
      {url + R"(,"headersHelper":"p")", wider, {}, verdict::renew},
  };
  for (auto const& row : table) {
    fake::entry const api(row.entry);
    BOOST_TEST((mcp::login_renewal(api.server).judge(response_head(row.answer), row.so_far) == row.wanted), row.entry);
  }
}

BOOST_AUTO_TEST_SUITE_END()
