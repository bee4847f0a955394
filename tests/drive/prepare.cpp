#include <countersign/drive/prepare.hpp>

#include "fake/context.hpp"
#include "fake/service.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/auth/only.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/oauth/client_credentials.hpp>
#include <countersign/refresh/renewal.hpp>

#include <boost/test/unit_test.hpp>

namespace cs = countersign;

namespace {
auto client(fake::world& world) {
  return cs::authenticator(cs::oauth::client_credentials{.token_endpoint = "https://api.example/token", .client = {.id = "c", .secret = cs::secret("s")}},
                           cs::bearer{}, cs::renewal{}, cs::only{"https://api.example"}, world.context());
}
}  // namespace

BOOST_AUTO_TEST_SUITE(drive_prepare)

BOOST_AUTO_TEST_CASE(the_credential_is_asked_for_and_written_and_nothing_else_is_sent) {
  fake::world world;
  fake::service api;
  auto auth = client(world);
  for (int i = 0; i < 2; ++i) {
    cs::request call("GET", "https://api.example/things");
    BOOST_REQUIRE(cs::prepare(auth, call, fake::direct(api)));
    BOOST_TEST((call.get("Authorization") == "Bearer t1"));
  }
  BOOST_TEST(api.token_posts() == 1);
  BOOST_TEST(api.calls() == 0);
}

BOOST_AUTO_TEST_CASE(without_a_credential_the_request_stays_as_it_was_and_the_reason_is_told) {
  fake::world world;
  fake::service api;
  api.turn.token_status = 401;
  auto auth = client(world);
  cs::request call("GET", "https://api.example/things");
  auto const done = cs::prepare(auth, call, fake::direct(api));
  BOOST_REQUIRE(!done);
  BOOST_TEST(!call.get("Authorization"));
  cs::request elsewhere("GET", "https://other.example/");
  BOOST_TEST((cs::prepare(auth, elsewhere, fake::direct(api)).error().code() == cs::errc::wrong_origin));
}

BOOST_AUTO_TEST_SUITE_END()
