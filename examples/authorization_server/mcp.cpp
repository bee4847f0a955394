// The MCP server behind the authorization server: JSON-RPC over HTTP, the 2025 wire with sessions and the
// 2026 wire without.

#include "mcp.hpp"

#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

namespace cs = countersign;

namespace provider {

namespace {

constexpr std::string_view tools =
    R"([{"name":"read_note","description":"Reads the note.","inputSchema":{"type":"object"}},)"
    R"({"name":"write_note","description":"Writes the note.",)"
    R"("inputSchema":{"type":"object","properties":{"text":{"type":"string"}}}}])";

constexpr std::string_view about_2025 =
    R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},)"
    R"("serverInfo":{"name":"notes","version":"1"}})";
constexpr std::string_view about_2026 =
    R"({"supportedVersions":["2026-07-28","2025-11-25"],"capabilities":{"tools":{}},)"
    R"("serverInfo":{"name":"notes","version":"1"},"resultType":"complete"})";

using writer = cs::json_writer;

// Only numbers and strings are ids.
template <class Fill>
std::string message(cs::json_value id, Fill fill) {
  cs::secret text;
  writer out(text);
  out.open_object().member("jsonrpc", "2.0").name("id");
  if (id.is_string() || id.is_number()) out.value(id);
  else out.null();
  fill(out);
  out.close();
  return std::string(text.reveal());
}

answer refused(cs::json_value id, int status, int code, std::string_view why) {
  return {status, "application/json", message(id, [&](writer& out) {
            out.name("error").open_object().member("code", code).member("message", why).close();
          })};
}

std::string wrong_without_session(request const& asked, cs::json_document const& message) {
  auto const params = message["params"], meta = params["_meta"];
  auto const method = message["method"].string();
  if (meta["io.modelcontextprotocol/protocolVersion"].string() != "2026-07-28")
    return "_meta names another revision";
  if (!meta["io.modelcontextprotocol/clientCapabilities"].is_object()) return "_meta names no capabilities";
  if (asked.header("Mcp-Method") != method) return "Mcp-Method is another one";
  if (method == "tools/call" && asked.header("Mcp-Name") != params["name"].string())
    return "Mcp-Name is another one";
  return "";
}

}  // namespace

answer mcp_server::refuse(request const& asked, std::string const& method, std::string const& tool,
                          verdict const& why) {
  state_.log.add("call", {{"status", std::to_string(why.status)},
                          {"method", method},
                          {"tool", tool},
                          {"why", why.words},
                          {"access", why.number == 0 ? "" : std::to_string(why.number)}});
  auto const& set = state_.set;
  std::string said(set.dpop == "required" || asked.header("Authorization").starts_with("DPoP ") ? "DPoP"
                                                                                                : "Bearer");
  std::string_view between = " ";
  auto const add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    (((said += between) += name) += "=\"") += value;
    said += '"';
    between = ", ";
  };
  add("error", why.error);
  add("error_description", why.error.empty() ? "" : why.words);
  add("scope", why.scope);
  if (said.starts_with("DPoP")) add("algs", "ES256 ES384 RS256 PS256 EdDSA");
  if (set.hint && set.resource_metadata != "none")
    add("resource_metadata", state_.resource_origin + metadata_path());
  answer to{why.status, "text/plain", why.words + "\n", {{"WWW-Authenticate", said}}};
  return to;
}

answer mcp_server::end_session(request const& asked) {
  if (auto const why = check(asked, ""); why.status != 200) return refuse(asked, "DELETE", "", why);
  bool const was_there = sessions_.erase(asked.header("Mcp-Session-Id")) > 0;
  return {was_there ? 204 : 404};
}

std::string mcp_server::wrong_in_session(request const& asked, std::string_view method) {
  if (method == "initialize" || !state_.set.sessions) return "";
  if (sessions_.count(asked.header("Mcp-Session-Id")) == 0) return "no such session";
  return asked.header("MCP-Protocol-Version") == "2025-11-25"
             ? ""
             : "another MCP-Protocol-Version than initialize agreed on";
}

answer mcp_server::post(request const& asked) {
  auto const parsed = cs::json_document::parse(cs::secret(asked.body));
  std::string const method(parsed ? (*parsed)["method"].string() : "");
  std::string const tool(parsed && method == "tools/call" ? (*parsed)["params"]["name"].string() : "");
  auto const why = check(asked, tool == "write_note"  ? "notes:write"
                                : tool == "read_note" ? "notes:read"
                                                      : "");
  if (why.status != 200) return refuse(asked, method, tool, why);
  state_.log.add(
      "call",
      {{"status", "200"}, {"method", method}, {"tool", tool}, {"access", std::to_string(why.number)}});

  if (!parsed || method.empty()) return refused({}, 400, -32700, "no JSON-RPC request");
  bool const stateless = asked.header("MCP-Protocol-Version") == "2026-07-28";
  auto const id = (*parsed)["id"];
  auto const wrong = stateless ? wrong_without_session(asked, *parsed) : wrong_in_session(asked, method);
  if (!wrong.empty()) return refused(id, wrong == "no such session" ? 404 : 400, -32600, wrong);
  if (!id) return {202};
  auto const text = result_of(method, tool, (*parsed)["params"]["arguments"]["text"].string(), stateless);
  if (text.empty())
    return refused(id, stateless ? 404 : 200, tool.empty() ? -32601 : -32602,
                   "there is no " + (tool.empty() ? method : tool));

  auto const whole = message(id, [&](writer& out) { out.name("result").raw(text); });
  answer to{200, "application/json", whole};
  if (!stateless && state_.set.replies == "sse") {
    to.type = "text/event-stream";
    to.body = "event: message\ndata: " + whole + "\n\n";
  }
  if (method == "initialize" && state_.set.sessions) {
    auto const session = "session-" + base64url(random_bytes(9));
    sessions_.insert(session);
    to.headers.emplace_back("Mcp-Session-Id", session);
  }
  return to;
}

std::string mcp_server::result_of(std::string_view method, std::string_view tool, std::string_view text,
                                  bool stateless) {
  if (method == "initialize" && !stateless) return std::string(about_2025);
  if (method == "server/discover" && stateless) return std::string(about_2026);
  cs::secret result;
  writer out(result);
  out.open_object();
  if (method == "tools/list") {
    out.name("tools").raw(tools);
  } else if (tool == "read_note" || tool == "write_note") {
    if (tool == "write_note") note_ = text;
    std::string_view const said = tool == "write_note" ? "written" : std::string_view(note_);
    out.name("content")
        .open_array()
        .open_object()
        .member("type", "text")
        .member("text", said)
        .close()
        .close();
    out.member("isError", false);
  } else if (method != "ping") {
    return "";
  }
  if (stateless) out.member("resultType", "complete");
  out.close();
  return std::string(result.reveal());
}

}  // namespace provider
