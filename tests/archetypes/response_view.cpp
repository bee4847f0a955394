#include "archetypes/response_view.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace countersign;
using archetypes::their_head, archetypes::their_response;

static_assert(response_view<their_head> && foreign_response<their_response> && any_response<their_response>);

namespace {

struct without_status : their_head {
  void status() const = delete;
};
struct without_fields : their_head {
  void fields() const = delete;
};
struct wordy : their_head {
  std::string status() const { return "200 OK"; }
};

}  // namespace

static_assert(!response_view<without_status> && !response_view<without_fields> && !response_view<wordy>);

BOOST_AUTO_TEST_SUITE(archetype_response_view)

BOOST_AUTO_TEST_CASE(its_head_is_all_that_is_looked_at) {
  their_response const response{401, {{"WWW-Authenticate", "Bearer"}}};
  their_head const view(response);
  response_head const head = view;
  BOOST_TEST(head.status() == 401);
  BOOST_TEST(head.get("www-authenticate").value() == "Bearer");
}

BOOST_AUTO_TEST_SUITE_END()
