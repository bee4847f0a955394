#include <countersign/mcp/reply.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

// MCP 2025-11-25 and 2026-07-28, Streamable HTTP; JSON-RPC 2.0; server-sent events as in WHATWG HTML §9.2.6.

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

cs::response answer(int status, std::string_view type, std::string_view body) {
  cs::response made(status, cs::secret(body));
  made.headers.set("Content-Type", type);
  return made;
}

// The number in `result`, or the error.
std::string read(int status, std::string_view type, std::string_view body) {
  auto const got = mcp::read_reply(answer(status, type, body), 7);
  if (!got) return std::string(got.error().message());
  if (got->error()) return "error " + std::string(got->error()["code"].number());
  return std::string(got->result().number());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_reply)

BOOST_AUTO_TEST_CASE(a_reply_is_json_or_an_event_of_a_stream) {
  struct {
    std::string_view type, body;
  } const table[] = {
      {"application/json", R"({"jsonrpc":"2.0","id":7,"result":1})"},
      {"Application/JSON ; charset=utf-8", R"({"jsonrpc":"2.0","id":7,"result":1})"},
      {"text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}\n\n"},
      {"text/event-stream", "\xef\xbb\xbf"
                            "data:{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}\r\n\r\n"},
      {"text/event-stream",
       "event: message\rid: 1\rdata: {\"jsonrpc\":\"2.0\",\rdata: \"id\":7,\"result\":1}\r\r"},
      {"text/event-stream",
       ": a comment\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n"
       "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}\n\n"
       "data: {\"jsonrpc\":\"2.0\",\"id\":6,\"result\":2}\n\nretry: 5\n"
       "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}\n\n"},
  };
  for (auto const& row : table) BOOST_TEST(read(200, row.type, row.body) == "1", row.body);
}

BOOST_AUTO_TEST_CASE(a_json_rpc_error_is_a_reply_whatever_the_status) {
  std::string_view const body = R"({"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"m"}})";
  for (int const status : {200, 400, 404, 500})
    BOOST_TEST(read(status, "application/json", body) == "error -32601");
  BOOST_TEST(read(400, "application/json",
                  R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}})") == "error -32700");
}

BOOST_AUTO_TEST_CASE(what_is_no_reply_is_told) {
  struct {
    int status;
    std::string_view type, body, error;
  } const table[] = {
      {200, "text/html", "<html>",
       "MCP reply: neither application/json nor text/event-stream; is the URL that of an MCP server?"},
      {200, "application/json", "",
       "MCP reply: JSON line 1, column 1: expected a value, found the end of the text"},
      {200, "application/json", "[]", "MCP reply: JSON, but no JSON-RPC 2.0 answer to the request"},
      {200, "application/json", R"({"jsonrpc":"2.0","id":8,"result":1})",
       "MCP reply: JSON, but no JSON-RPC 2.0 answer to the request"},
      {200, "application/json", R"({"id":7,"result":1})",
       "MCP reply: JSON, but no JSON-RPC 2.0 answer to the request"},
      {200, "text/event-stream", "", "MCP reply: the event stream ended without an answer to the request"},
      {200, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}\n",
       "MCP reply: the event stream ended without an answer to the request"},
      {200, "text/event-stream", "data: x\n\n",
       "MCP reply: an event of the stream: JSON line 1, column 1: expected a value"},
      {500, "text/html", "<html>", "the server answered HTTP 500"},
      {404, "application/json", "{}", "the server answered HTTP 404"},
      {202, "", "", "the server answered HTTP 202"},
  };
  for (auto const& row : table) BOOST_TEST(read(row.status, row.type, row.body) == row.error, row.body);
}

BOOST_AUTO_TEST_CASE(a_status_decides_whether_trying_again_can_help) {
  struct {
    int status;
    cs::errc code;
  } const table[] = {{401, cs::errc::rejected},  {403, cs::errc::rejected},  {404, cs::errc::fatal},
                     {408, cs::errc::transient}, {429, cs::errc::transient}, {503, cs::errc::transient}};
  for (auto const& row : table)
    BOOST_TEST(name(mcp::read_reply(answer(row.status, "", ""), 7).error().code()) == name(row.code));
}

BOOST_AUTO_TEST_CASE(a_tool_that_failed_says_so_in_its_result) {
  auto const of = [](std::string_view body) {
    return mcp::read_reply(answer(200, "application/json", body), 7)->is_error();
  };
  BOOST_TEST(of(R"({"jsonrpc":"2.0","id":7,"result":{"isError":true}})"));
  BOOST_TEST(!of(R"({"jsonrpc":"2.0","id":7,"result":{}})"));
}

BOOST_AUTO_TEST_SUITE_END()
