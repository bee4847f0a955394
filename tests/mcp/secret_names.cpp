#include <countersign/mcp/secret_names.hpp>

#include <boost/test/unit_test.hpp>

namespace mcp = countersign::mcp;

BOOST_AUTO_TEST_SUITE(mcp_secret_names)

BOOST_AUTO_TEST_CASE(the_last_word_of_a_name_says_whether_it_is_a_credential) {
  for (auto const name :
       {"Authorization", "Proxy-Authorization", "X-API-Key", "x-apikey", "X-Auth-Token", "accessToken2",
        "API_KEY", "PGPASSWORD", "Cookie", "DB_PASS", "GITHUB_PAT", "clientSecret", "--token"})
    BOOST_TEST(mcp::names_secret(name), name);
  for (auto const name :
       {"", "X-Tenant", "X-Key-Id", "KEY_FILE", "TOKEN_URL", "Idempotency-Key", "NEXT_PAGE_TOKEN",
        "MAX_TOKENS", "X-Keyboard", "Accept", "PUBLIC_KEY", "compass", "123"})
    BOOST_TEST(!mcp::names_secret(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
