// The table of conversations through real libcurl and a real server on loopback.
#include <countersign/adapt/curl.hpp>

#include "drive/conversations.hpp"
#include "fake/server.hpp"

#include <countersign/drive/send.hpp>

namespace {

namespace cs = countersign;

struct over_curl {
  explicit over_curl(fake::service& api) : server(api) {}
  std::string origin() const { return server.origin(); }
  template <class Auth>
  cs::result<cs::response> send(Auth& auth, cs::request const& call) {
    return cs::send(auth, call, http);
  }
  fake::server server;
  cs::curl_transport http;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_conversations_over_curl)

BOOST_AUTO_TEST_CASE(every_conversation_of_the_table) { conversations::play_all<over_curl>(); }
BOOST_AUTO_TEST_CASE(a_conversation_may_be_left_after_any_event) { conversations::abandon_everywhere<over_curl>(); }
BOOST_AUTO_TEST_CASE(a_source_gets_all_that_it_may_want) { conversations::play_every_want<over_curl>(); }

BOOST_AUTO_TEST_SUITE_END()
