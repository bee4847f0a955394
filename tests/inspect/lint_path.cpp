#include <countersign/inspect/lint_path.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace mcp = countersign::mcp;

namespace {

std::string rules(std::string_view path, mcp::file_facts const& facts) {
  std::string all;
  mcp::lint_path(path, facts,
                 [&](mcp::finding const& one) { all += (all.empty() ? "" : " ") + std::string(one.rule); });
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_lint_path)

BOOST_AUTO_TEST_CASE(files_of_variables_are_known_by_name) {
  for (std::string_view const path :
       {".env", "a/.env", "a\\.env", ".env.local", ".env.production", "prod.env"})
    BOOST_TEST(mcp::is_env_file(path), path);
  for (std::string_view const path :
       {".env.example", ".env.sample", "a/.env.template", "env", ".envrc.d", "environment", "x.environment"})
    BOOST_TEST(!mcp::is_env_file(path), path);
  for (std::string_view const path : {"id_rsa", "a/.netrc", "client.p12", "credentials.json"})
    BOOST_TEST(mcp::is_secret_file(path), path);
  for (std::string_view const path : {"id_rsa.pub", "netrc.cpp", "p12", "credentials.hpp"})
    BOOST_TEST(!mcp::is_secret_file(path), path);
}

BOOST_AUTO_TEST_CASE(where_a_file_lies_decides) {
  mcp::file_facts const tracked{.versioned = true, .tracked = true}, added{.versioned = true},
      ignored{.versioned = true, .ignored = true}, no_git{}, open{.readable_by_others = true};
  BOOST_TEST(rules(".env", tracked) == "env-file-tracked");
  BOOST_TEST(rules(".env", added) == "env-file-not-ignored");
  BOOST_TEST(rules(".env", ignored) == "");
  BOOST_TEST(rules(".env", no_git) == "");
  BOOST_TEST(rules(".env", open) == "secret-file-readable");
  BOOST_TEST(rules("id_rsa", tracked) == "secret-file-tracked");
  BOOST_TEST(rules("id_rsa", added) == "env-file-not-ignored");
  BOOST_TEST(rules("main.cpp", tracked) == "");
  BOOST_TEST(rules("main.cpp", open) == "");
  BOOST_TEST(rules("secrets.txt", {.versioned = true, .tracked = true, .named_by_config = true}) ==
             "env-file-tracked");
}

BOOST_AUTO_TEST_CASE(a_variable_is_named_as_a_word) {
  BOOST_TEST(mcp::names_word("export API_TOKEN=x", "API_TOKEN"));
  BOOST_TEST(mcp::names_word("API_TOKEN", "API_TOKEN"));
  BOOST_TEST(mcp::names_word("MY_API_TOKEN and `API_TOKEN`", "API_TOKEN"));
  BOOST_TEST(!mcp::names_word("MY_API_TOKEN API_TOKENS API_TOKEN_2", "API_TOKEN"));
  BOOST_TEST(!mcp::names_word("", "API_TOKEN"));
}

BOOST_AUTO_TEST_SUITE_END()
