#include <countersign/mcp/server.hpp>

#include <countersign/text/json.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

BOOST_AUTO_TEST_SUITE(mcp_server)

BOOST_AUTO_TEST_CASE(what_an_entry_leaves_out_is_empty) {
  auto const document = cs::json_document::parse(cs::secret("{}"));
  mcp::server const bare("s", mcp::server_type::http, document->root());
  BOOST_TEST(bare.name() == "s");
  BOOST_TEST(bare.url().empty());
  BOOST_TEST(bare.command().empty());
  BOOST_TEST(bare.env_file().empty());
  BOOST_TEST(!bare.allow_http());
  BOOST_TEST(bare.timeout() == 0);
  BOOST_TEST(!bare.headers());
  BOOST_TEST(!bare.is_stdio());
  std::size_t entries = 0;
  bare.each_auth([&](cs::json_value) { ++entries; });
  BOOST_TEST(entries == 0u);
}

BOOST_AUTO_TEST_CASE(auth_is_one_entry_or_several) {
  auto const document = cs::json_document::parse(
      cs::secret(R"([{"auth":{"type":"basic"}},{"auth":[{"type":"jwt"},{"type":"hmac"}]}])"));
  std::string types;
  for (auto const entry : document->root().elements())
    mcp::server("s", mcp::server_type::http, entry).each_auth([&](cs::json_value one) {
      types += std::string(one["type"].string()) + " ";
    });
  BOOST_TEST(types == "basic jwt hmac ");
}

BOOST_AUTO_TEST_CASE(a_type_is_named_as_the_config_writes_it) {
  static_assert(name(mcp::server_type::stdio) == "stdio");
  static_assert(name(mcp::server_type::http) == "http");
  static_assert(name(mcp::server_type::sse) == "sse");
  static_assert(name(mcp::server_type::ws) == "ws");
}

BOOST_AUTO_TEST_SUITE_END()
