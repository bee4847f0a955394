#include <countersign/inspect/finding.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <string>

namespace mcp = countersign::mcp;

BOOST_AUTO_TEST_SUITE(mcp_finding)

BOOST_AUTO_TEST_CASE(severities_have_names) {
  BOOST_TEST(name(mcp::severity::info) == "info");
  BOOST_TEST(name(mcp::severity::warning) == "warning");
  BOOST_TEST(name(mcp::severity::error) == "error");
}

BOOST_AUTO_TEST_CASE(every_rule_has_a_row_in_its_page) {
  std::ifstream file("docs/lint.md");
  std::string const page(std::istreambuf_iterator<char>(file), {});
  namespace rule = mcp::rule;
  for (auto const one :
       {rule::hardcoded_secret, rule::secret_in_default, rule::client_secret_in_file, rule::secret_in_url,
        rule::insecure_url, rule::token_without_scheme, rule::basic_by_hand, rule::basic_where_oauth, rule::long_lived_token,
        rule::invalid_config, rule::secret_in_documentation, rule::secret_in_file, rule::logs_secret,
        rule::env_file_tracked, rule::env_file_not_ignored, rule::secret_file_tracked,
        rule::secret_file_readable, rule::undocumented_variable})
    BOOST_TEST(page.find("\n| `" + std::string(one) + "` |") != page.npos, one);
}

BOOST_AUTO_TEST_SUITE_END()
