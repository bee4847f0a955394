#include <countersign/core/transport.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>

using namespace countersign;

namespace {

struct users_request {};
struct users_response {};
struct both {
  result<response> operator()(request const&) { return response(200); }
  result<users_response> operator()(users_request const&) { return users_response(); }
};

}  // namespace

static_assert(sends<both, request> && sends<both, users_request> && transport<both>);
static_assert(std::is_same_v<response_of<both, users_request>, users_response>);
static_assert(std::is_same_v<response_of<both, request>, response>);
static_assert(!sends<both, std::string>);

BOOST_AUTO_TEST_SUITE(core_transport)

BOOST_AUTO_TEST_CASE(one_that_sends_the_users_requests_alone_is_none_for_ours) {
  auto const for_user = [](users_request const&) -> result<users_response> { return users_response(); };
  static_assert(sends<decltype(for_user), users_request> && !transport<decltype(for_user)>);
  auto const to_text = [](request const&) -> result<std::string> { return std::string(); };
  static_assert(sends<decltype(to_text), request> && !transport<decltype(to_text)>);
  both t;
  BOOST_TEST(t(request()).value().status() == 200);
}

BOOST_AUTO_TEST_CASE(a_response_by_reference_is_taken_too) {
  result<response> kept = response(204);
  auto const keeps = [&](request const&) -> result<response>& { return kept; };
  static_assert(transport<decltype(keeps)>);
  BOOST_TEST(keeps(request()).value().status() == 204);
}

BOOST_AUTO_TEST_SUITE_END()
