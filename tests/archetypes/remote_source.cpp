#include "archetypes/remote_source.hpp"

#include "fake/context.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

using namespace countersign;
using archetypes::ticket_office, archetypes::ticket_request;

static_assert(remote_source<ticket_office> && credential_source<ticket_office> &&
              !immediate_source<ticket_office>);

namespace {

// Its outcome is a bare credential, without expiry.
class bare_request : public steps<bare_request, secret> {};
struct bare_outcome : ticket_office {
  bare_request acquire(occasion const&, context const&) const { return bare_request(); }
};
struct of_another_type : ticket_office {
  using credential = token;
};
struct no_exchange : ticket_office {
  int acquire(occasion const&, context const&) const { return 0; }
};

}  // namespace

static_assert(!credential_source<bare_outcome> && !credential_source<of_another_type> &&
              !credential_source<no_exchange>);

BOOST_AUTO_TEST_SUITE(archetype_remote_source)

BOOST_AUTO_TEST_CASE(it_asks_and_is_told) {
  fake::world w;
  ticket_office const office{"https://gate.example/ticket"};
  auto talk = office.acquire({}, w.context());
  BOOST_REQUIRE((talk.wants() == want::send));
  BOOST_TEST(talk.pending().method() == "POST");
  talk.supply(response(200, secret("ticket-1")), w.now());
  BOOST_REQUIRE((talk.wants() == want::done));
  auto const got = std::move(talk).outcome();
  BOOST_TEST(got.value().credential.reveal() == "ticket-1");
  BOOST_TEST((got.value().expires == w.now().wall + seconds(300)));
}

BOOST_AUTO_TEST_CASE(a_refusal_and_a_silence_differ) {
  fake::world w;
  auto refused = ticket_request("https://gate.example/ticket"),
       silent = ticket_request("https://gate.example/ticket");
  refused.supply(response(403), w.now());
  BOOST_TEST((std::move(refused).outcome().error().code() == errc::rejected));
  silent.fail(lost::unanswered, w.now());
  BOOST_TEST((std::move(silent).outcome().error().code() == errc::transient));
}

BOOST_AUTO_TEST_SUITE_END()
