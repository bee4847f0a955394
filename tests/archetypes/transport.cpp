#include "archetypes/transport.hpp"

#include <boost/test/unit_test.hpp>

using namespace countersign;
using archetypes::echo;

static_assert(transport<echo> && sends<echo, request>);

namespace {

struct without_call : echo {
  void operator()() = delete;
};
struct without_result : echo {
  response operator()(request const&) { return response(200); }
};
struct changing {
  result<response> operator()(request&) { return response(200); }
};
struct of_another_type {
  result<int> operator()(request const&) { return 200; }
};

}  // namespace

static_assert(!transport<without_call> && !transport<without_result>);
static_assert(!transport<changing>, "the same request may be sent again");
static_assert(!transport<of_another_type> && sends<of_another_type, request>);

BOOST_AUTO_TEST_SUITE(archetype_transport)

BOOST_AUTO_TEST_CASE(it_answers_or_says_that_nothing_left) {
  BOOST_TEST(echo()(request("GET", "https://example.com/x")).value().body.reveal() == "GET /x");
  request half("GET", "https://example.com/");
  static_cast<void>(half.body.reserve(static_cast<std::size_t>(-1)));
  BOOST_TEST((echo()(half).error().code() == errc::not_sent));
}

BOOST_AUTO_TEST_SUITE_END()
