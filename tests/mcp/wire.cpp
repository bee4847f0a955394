#include <countersign/mcp/wire.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

// MCP 2025-11-25: Lifecycle, Streamable HTTP, Session Management.
// MCP 2026-07-28: Streamable HTTP, request metadata.

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

constexpr std::string_view url = "https://h/mcp";
constexpr mcp::client_info client{"me", "1.2"};

std::string text_of(cs::request const& of) {
  std::string all = std::string(of.method()) + " " + std::string(of.url()) + "\n";
  of.fields(
      [&](std::string_view n, std::string_view v) { all += std::string(n) + ": " + std::string(v) + "\n"; });
  return all + "\n" + std::string(of.body.reveal());
}

cs::json_document json(std::string_view text) {
  return std::move(*cs::json_document::parse(cs::secret(text)));
}

mcp::session session(std::string_view id) { return {"2025-06-18", cs::secret(id)}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_wire)

BOOST_AUTO_TEST_CASE(a_session_begins_with_initialize) {
  BOOST_TEST(
      text_of(*mcp::with_session::initialize(url, 1, client)) ==
      "POST https://h/mcp\nAccept: application/json, text/event-stream\nContent-Type: application/json\n\n"
      R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
      R"("capabilities":{},"clientInfo":{"name":"me","version":"1.2"}}})");
}

BOOST_AUTO_TEST_CASE(then_every_request_says_the_revision_and_the_session) {
  BOOST_TEST(
      text_of(*mcp::with_session::initialized(url, session("s-1"))) ==
      "POST https://h/mcp\nAccept: application/json, text/event-stream\nContent-Type: application/json\n"
      "MCP-Protocol-Version: 2025-06-18\nMcp-Session-Id: s-1\n\n"
      R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  auto const params = json(R"({ "name" : "t", "n": 1.50 })");
  BOOST_TEST(
      text_of(*mcp::with_session::call(url, session(""), 2, "tools/call", params.root())) ==
      "POST https://h/mcp\nAccept: application/json, text/event-stream\nContent-Type: application/json\n"
      "MCP-Protocol-Version: 2025-06-18\n\n"
      R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"t","n":1.50}})");
  BOOST_TEST(mcp::with_session::call(url, session(""), 2, "ping", {})->body.reveal() ==
             R"({"jsonrpc":"2.0","id":2,"method":"ping"})");
  BOOST_TEST(text_of(mcp::with_session::close(url, session("s-1"))) ==
             "DELETE https://h/mcp\nMCP-Protocol-Version: 2025-06-18\nMcp-Session-Id: s-1\n\n");
}

BOOST_AUTO_TEST_CASE(what_initialize_is_answered_with_is_checked) {
  auto const read = [](std::string_view message, std::string_view id = "") {
    auto const got = mcp::with_session::read_initialize(mcp::reply(json(message)), id);
    return got ? std::string(got->revision) + " " + std::string(got->id.reveal())
               : std::string(got.error().message());
  };
  for (std::string_view const revision : mcp::session_revisions)
    BOOST_TEST(read(R"({"result":{"protocolVersion":")" + std::string(revision) + "\"}}", "s") ==
               std::string(revision) + " s");
  BOOST_TEST(read(R"({"result":{"protocolVersion":"2099-01-01"}})") ==
             "initialize: the server speaks none of the revisions from 2024-11-05 to 2025-11-25");
  BOOST_TEST(read(R"({"result":{}})").starts_with("initialize: the server speaks none"));
  BOOST_TEST(read(R"({"error":{"code":-32022,"message":"canary"}})") ==
             "initialize: the server answered error -32022");
  std::string_view const good = R"({"result":{"protocolVersion":"2025-11-25"}})";
  BOOST_TEST(read(good, "a b") == "initialize: the server's session id holds a byte that none may hold");
  BOOST_TEST(read(good, std::string(mcp::max_session_id, 's')).size() == 11 + mcp::max_session_id);
  BOOST_TEST(read(good, std::string(mcp::max_session_id + 1, 's')) ==
             "initialize: a session id of more than 1024 bytes");
}

BOOST_AUTO_TEST_CASE(without_a_session_each_request_says_it_all) {
  auto const params = json(
      R"({"name":"t","_meta":{"progressToken":5,"io.modelcontextprotocol/protocolVersion":"1999-01-01"}})");
  BOOST_TEST(
      text_of(*mcp::without_session::call(url, 1, "tools/call", params.root(), client)) ==
      "POST https://h/mcp\nAccept: application/json, text/event-stream\nContent-Type: application/json\n"
      "MCP-Protocol-Version: 2026-07-28\nMcp-Method: tools/call\nMcp-Name: t\n\n"
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","_meta":{"progressToken":5,)"
      R"("io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":)"
      R"({"name":"me","version":"1.2"},"io.modelcontextprotocol/clientCapabilities":{}}}})");
  auto const bare = mcp::without_session::call(url, 1, "tools/list", {}, client);
  BOOST_TEST(!bare->get("Mcp-Name"));
  BOOST_TEST(bare->body.reveal().find(R"("params":{"_meta":{"io.modelcontextprotocol/protocolVersion")") !=
             std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(the_name_header_repeats_what_the_method_is_about) {
  auto const named = [](std::string_view method, std::string_view text) {
    auto const params = json(text);
    auto const made = mcp::without_session::call(url, 1, method, params.root(), client);
    return std::string(made->get("Mcp-Name").value_or("none"));
  };
  BOOST_TEST(named("prompts/get", R"({"name":"p"})") == "p");
  BOOST_TEST(named("resources/read", R"({"uri":"file:///a b"})") == "file:///a b");
  BOOST_TEST(named("tools/list", R"({"name":"p"})") == "none");
  BOOST_TEST(named("tools/call", R"({"name":"caf\u00e9"})") == "=?base64?Y2Fmw6k=?=");
  BOOST_TEST(named("tools/call", R"({"name":" a"})") == "=?base64?IGE=?=");
  BOOST_TEST(named("tools/call", R"({"name":"a\nb"})") == "=?base64?YQpi?=");
  BOOST_TEST(named("tools/call", R"({"name":"=?base64?x?="})") == "=?base64?PT9iYXNlNjQ/eD89?=");
}

BOOST_AUTO_TEST_SUITE_END()
