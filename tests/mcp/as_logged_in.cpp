#include <countersign/mcp/as_logged_in.hpp>

#include "fake/context.hpp"
#include "fake/entry.hpp"

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>

namespace mcp = countersign::mcp;
using namespace countersign;
using namespace std::string_view_literals;

namespace {

// Bodies count, so the whole request is shown.
struct frame {
  fake::world world;
  fake::entry const api{R"("url":"https://mcp.example/mcp")"};
  request call{"POST", "https://mcp.example/mcp", secret("{}")};
  mcp::as_logged_in::memory kept;

  [[nodiscard]] result<stamp> format(mcp::login_credential const& credential, draft& out, bool bound = false) {
    return mcp::as_logged_in(mcp::as_configured(api.server), bound).format(credential, request_traits<request>::view(call), out, moment(world.context()), kept);
  }
};

mcp::login_credential with(std::string_view token, std::string_view type) {
  mcp::login_credential made;
  made.configured.fields.append("X-Tenant", "blue");
  made.token.access = {.value = secret(token), .type = secret(type)};
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_as_logged_in)

BOOST_AUTO_TEST_CASE(the_token_stands_beside_what_is_configured) {
  frame f;
  draft out;
  BOOST_REQUIRE(f.format(with("t0ken", "Bearer"), out));
  BOOST_TEST(out.get("X-Tenant").value_or("") == "blue"sv);
  BOOST_TEST(out.get("Authorization").value_or("") == "Bearer t0ken"sv);
}

BOOST_AUTO_TEST_CASE(without_a_token_what_is_configured_goes_alone) {
  frame f;
  draft out;
  BOOST_REQUIRE(f.format(with("", ""), out));
  BOOST_TEST(out.get("X-Tenant").value_or("") == "blue"sv);
  BOOST_TEST(!out.get("Authorization"));
  response const refused(401);
  BOOST_TEST((mcp::as_logged_in(mcp::as_configured(f.api.server))
                  .learn(with("", ""), request_traits<request>::view(f.call), response_head(refused), {}, f.kept) == heard::nothing));
}

BOOST_AUTO_TEST_CASE(a_token_that_should_be_bound_and_is_not_is_refused) {
  frame f;
  draft out;
  BOOST_TEST((f.format(with("t0ken", "Bearer"), out, true).error().code() == errc::fatal));
}

BOOST_AUTO_TEST_SUITE_END()
