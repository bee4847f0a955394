#include <countersign/inspect/server_state.hpp>

#include <countersign/text/base64.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>
#include <fake/entry.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace mcp = countersign::mcp;

BOOST_AUTO_TEST_SUITE(mcp_server_state)

BOOST_AUTO_TEST_CASE(each_state_has_its_name) {
  BOOST_TEST(name(mcp::server_state::ready) == "ready");
  BOOST_TEST(name(mcp::server_state::variable_missing) == "variable_missing");
  BOOST_TEST(name(mcp::server_state::sign_in_needed) == "sign_in_needed");
  BOOST_TEST(name(mcp::server_state::signed_in) == "signed_in");
  BOOST_TEST(name(mcp::server_state::expired) == "expired");
  BOOST_TEST(name(mcp::server_state::invalid) == "invalid");
}

BOOST_AUTO_TEST_CASE(the_state_is_told_without_running_or_asking_anything) {
  cs::secret over("e30.");
  cs::append_base64(over, R"({"exp":999999999})", cs::base64::url).append(".c2ln");
  struct {
    std::string_view entry, state;
  } const table[] = {
      {R"("url":"https://h/mcp")", "ready"},
      {R"("url":"https://h","headers":{"Authorization":"Bearer ${TOKEN}"})", "ready"},
      {R"("url":"https://h","headers":{"Authorization":"${TOKEN}"})", "ready"},
      {R"("url":"https://h","headers":{"Authorization":"Bearer ${NONE}"})", "variable_missing"},
      {R"("url":"https://h","headers":{"Authorization":"Bearer ${EMPTY}"})", "variable_missing"},
      {R"("url":"https://h","oauth":{"clientId":"${NONE}"})", "variable_missing"},
      {R"("url":"https://h","oauth":{"clientId":"c"})", "sign_in_needed"},
      {R"("url":"http://localhost","oauth":{})", "sign_in_needed"},
      {R"("url":"http://h","oauth":{})", "invalid"},
      {R"("url":"https://h","oauth":{"grantType":"device_code"})", "sign_in_needed"},
      {R"("url":"https://h","oauth":{"clientId":"c","privateKeyFile":"gone.pem"})", "invalid"},
      {R"("url":"https://h","headers":{"Authorization":"Bearer ${OVER}"})", "expired"},
      {R"("url":"http://h","headers":{"Authorization":"Bearer ${OVER}"})", "invalid"},
      {R"("url":"https://h","auth":{"type":"digest","user":"u","password":"p"})", "ready"},
      {R"("url":"https://h","auth":{"type":"digest","user":"a:b","password":"p"})", "invalid"},
      {R"("url":"https://h","auth":{"type":"digest","user":"u","password":"${NONE}"})", "variable_missing"},
      {R"("url":"https://h","auth":{"type":"http_signature","key":"k"})", "ready"},
      {R"("url":"https://h","auth":{"type":"http_signature","key":"${NONE}"})", "variable_missing"},
      {R"("url":"https://h","auth":{"type":"http_signature","key":"k","components":["@x"]})", "invalid"},
      {R"("url":"https://h","headersHelper":"exit 1")", "ready"},
      {R"("url":"https://h","envFile":"gone")", "invalid"},
      {R"("command":"nowhere")", "invalid"},
  };
  for (auto const& row : table) {
    fake::entry const api(row.entry);
    fake::world world;
    world.variables = {{"TOKEN", "t"}, {"EMPTY", ""}, {"PATH", "/bin"}, {"OVER", std::string(over.reveal())}};
    BOOST_TEST(name(mcp::state_of(api.server, world.context())) == row.state, row.entry);
    BOOST_TEST(world.runs().empty());
  }
}

BOOST_AUTO_TEST_CASE(a_login_that_can_be_renewed_counts_as_signed_in) {
  constexpr cs::wall_time now{1000};
  cs::login some;
  BOOST_TEST(name(mcp::state_of(some, now)) == "sign_in_needed");
  some.access_token = cs::secret("at");
  BOOST_TEST(name(mcp::state_of(some, now)) == "signed_in");
  some.expires = now;
  BOOST_TEST(name(mcp::state_of(some, now)) == "expired");
  some.refresh_token = cs::secret("rt");
  BOOST_TEST(mcp::is_refreshable(some));
  BOOST_TEST(name(mcp::state_of(some, now)) == "signed_in");
  some.pending = cs::refresh_mark("rt");
  BOOST_TEST(!mcp::is_refreshable(some));
  BOOST_TEST(name(mcp::state_of(some, now)) == "expired");
  some.expires = now + cs::milliseconds(1);
  BOOST_TEST(name(mcp::state_of(some, now)) == "signed_in");
}

BOOST_AUTO_TEST_SUITE_END()
