#include <countersign/inspect/shown_url.hpp>

#include <boost/test/unit_test.hpp>

namespace mcp = countersign::mcp;

BOOST_AUTO_TEST_SUITE(inspect_shown_url)

BOOST_AUTO_TEST_CASE(credentials_give_way_and_the_rest_stays) {
  struct {
    std::string_view url, shown;
  } const table[] = {
      {"https://h.example/mcp", "https://h.example/mcp"},
      {"", ""},
      {"no url", "no url"},
      {"https://h.example/mcp?token=canary-7f3a9b41&x=1", "https://h.example/mcp?token=***&x=1"},
      {"https://h.example/mcp?x=1&api_key=a&secret=b#end", "https://h.example/mcp?x=1&api_key=***&secret=***#end"},
      {"https://user:canary-7f3a9b41@h.example/mcp?password=p", "https://user:***@h.example/mcp?password=***"},
      {"https://${TENANT}.h.example/mcp?token=${TOKEN}", "https://${TENANT}.h.example/mcp?token=${TOKEN}"},
  };
  for (auto const& [url, shown] : table) BOOST_TEST(mcp::shown_url(url).reveal() == shown);
}

BOOST_AUTO_TEST_SUITE_END()
