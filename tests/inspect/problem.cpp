#include <countersign/inspect/problem.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace mcp = countersign::mcp;

BOOST_AUTO_TEST_SUITE(mcp_problem)

BOOST_AUTO_TEST_CASE(every_code_has_a_name_of_its_own) {
  std::set<std::string> names;
  int code = 0;
  for (; name(static_cast<mcp::problem_code>(code)) != "unknown"; ++code)
    names.emplace(name(static_cast<mcp::problem_code>(code)));
  BOOST_TEST(code == static_cast<int>(mcp::problem_code::store_unusable) + 1);
  BOOST_TEST(names.size() == static_cast<std::size_t>(code));
  BOOST_TEST(name(mcp::problem_code::variable_missing) == "variable_missing");
  BOOST_TEST(name(mcp::problem_code::invalid_entry) == "invalid_entry");
  BOOST_TEST(name(mcp::problem_code::credential_missing) == "credential_missing");
  BOOST_TEST(name(mcp::problem_code::not_mcp) == "not_mcp");
  BOOST_TEST(name(mcp::problem_code::sign_in_needed) == "sign_in_needed");
  BOOST_TEST(name(mcp::problem_code::store_unusable) == "store_unusable");
}

BOOST_AUTO_TEST_SUITE_END()
