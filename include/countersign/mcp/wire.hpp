#pragma once
// JSON-RPC requests of MCP over HTTP, one function each, pure: the 2025 wire has a session, the 2026
// wire has none.

#include <countersign/core/field.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/reply.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/json_value.hpp>
#include <countersign/text/json_writer.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// Revisions of MCP by their dates.
inline constexpr std::string_view revision_2025 = "2025-11-25";
inline constexpr std::string_view revision_2026 = "2026-07-28";
/// What `initialize` may be answered with, newest first.
inline constexpr std::string_view session_revisions[] = {"2025-11-25", "2025-06-18", "2025-03-26",
                                                         "2024-11-05"};

/// Bytes of a session's id.
inline constexpr std::size_t max_session_id = 1024;

/// Who calls, as servers are told.
struct client_info {
  std::string_view name;
  std::string_view version;
};

/// What a server answered to `initialize`.
struct session {
  std::string_view revision = revision_2025;  ///< one of `session_revisions`
  secret id = {};  ///< empty: the server keeps none. Who has it can speak in our place
};

namespace detail {

inline json_writer& write_client(json_writer& out, client_info const& client) noexcept {
  return out.open_object().member("name", client.name).member("version", client.version).close();
}

inline json_writer& open_message(json_writer& out, std::optional<std::int64_t> id,
                                 std::string_view method) noexcept {
  out.open_object().member("jsonrpc", std::string_view("2.0"));
  if (id) out.member("id", *id);
  return out.member("method", method);
}

[[nodiscard]] inline result<request> finished_request(std::string_view url, json_writer const& out,
                                                      secret body) {
  if (auto ok = out.finish(); !ok) return ok.error().within("MCP request: ");
  request made("POST", url, std::move(body));
  made.set("Accept", "application/json, text/event-stream");
  made.set("Content-Type", "application/json");
  if (!made.ok()) return error(errc::no_memory, "MCP request: out of memory");
  return made;
}

inline void set_session(request& to, session const& in) noexcept {
  to.set("MCP-Protocol-Version", in.revision);
  if (!in.id.empty()) to.set("Mcp-Session-Id", in.id.reveal());
}

// As it is where a field value can hold it and nobody can take it for the encoded form; else base64 of
// its UTF-8.
inline void append_header_text(std::string_view text, secret& out) noexcept {
  bool plain = is_field_value(text) && !(text.starts_with("=?base64?") && text.ends_with("?="));
  for (char const c : text) plain = plain && static_cast<unsigned char>(c) < 0x80;
  if (plain) return void(out.append(text));
  out.append("=?base64?");
  append_base64(out, text);
  out.append("?=");
}

}  // namespace detail

/// The 2025 wire: `initialize`, `initialized`, then `call`s, at last `close`.
namespace with_session {

[[nodiscard]] inline result<request> initialize(std::string_view url, std::int64_t id,
                                                client_info const& client) {
  secret body;
  json_writer out(body);
  detail::open_message(out, id, "initialize").name("params").open_object();
  out.member("protocolVersion", revision_2025).name("capabilities").open_object().close().name("clientInfo");
  detail::write_client(out, client).close().close();
  return detail::finished_request(url, out, std::move(body));
}

/// Reads what `initialize` was answered with. What a server says in an error is its own text and is not
/// repeated here: look into the reply for it.
/// @param session_id the field Mcp-Session-Id of the answer, or an empty text
[[nodiscard]] inline result<session> read_initialize(reply const& got, std::string_view session_id) {
  if (auto const refused = got.error())
    return error(errc::fatal, "initialize: the server answered error ",
                 refused["code"].integer().value_or(0));
  session made;
  made.revision = {};
  auto const revision = got.result()["protocolVersion"].string();
  for (auto const known : session_revisions)
    if (known == revision) made.revision = known;
  if (made.revision.empty())
    return error(errc::fatal, "initialize: the server speaks none of the revisions from 2024-11-05 to ",
                 revision_2025);
  // 2025-11-25, Session Management: visible ASCII only.
  if (session_id.size() > max_session_id)
    return error(errc::too_large, "initialize: a session id of more than ", max_session_id, " bytes");
  for (char const c : session_id)
    if (c < 0x21 || c > 0x7e)
      return error(errc::bad_input, "initialize: the server's session id holds a byte that none may hold");
  made.id = secret(session_id);
  if (!made.id.ok()) return error(errc::no_memory, "initialize: out of memory");
  return made;
}

[[nodiscard]] inline result<request> initialized(std::string_view url, session const& in) {
  secret body;
  json_writer out(body);
  detail::open_message(out, std::nullopt, "notifications/initialized").close();
  auto made = detail::finished_request(url, out, std::move(body));
  if (made) detail::set_session(*made, in);
  return made;
}

/// @param params an object, or none
[[nodiscard]] inline result<request> call(std::string_view url, session const& in, std::int64_t id,
                                          std::string_view method, json_value params) {
  secret body;
  json_writer out(body);
  detail::open_message(out, id, method);
  if (params) out.name("params").value(params);
  out.close();
  auto made = detail::finished_request(url, out, std::move(body));
  if (made) detail::set_session(*made, in);
  return made;
}

/// Writes the fields of a session on a request of somebody else's making.
inline void describe(request& to, session const& in) noexcept { detail::set_session(to, in); }

/// Ends a session that has an id. A server may answer 405: it ends sessions by itself.
[[nodiscard]] inline request close(std::string_view url, session const& in) {
  request made("DELETE", url);
  detail::set_session(made, in);
  return made;
}

}  // namespace with_session

/// The 2026 wire: each request says all there is to know about the client.
namespace without_session {

/// What `Mcp-Name` repeats, so that a gateway need not read the body (2026-07-28, Streamable HTTP).
[[nodiscard]] inline std::string_view named_in(std::string_view method, json_value params) noexcept {
  if (method == "tools/call" || method == "prompts/get") return params["name"].string();
  if (method == "resources/read") return params["uri"].string();
  return {};
}

/// Writes the fields that repeat what the body says, on a request of somebody else's making.
/// @param revision as `_meta` of the body says it
/// @param name `named_in` the body
[[nodiscard]] inline result<void> describe(request& to, std::string_view revision, std::string_view method,
                                           std::string_view name) {
  to.set("MCP-Protocol-Version", revision);
  secret named;
  detail::append_header_text(method, named);
  to.set("Mcp-Method", named.reveal());
  if (!name.empty()) {
    named.clear();
    detail::append_header_text(name, named);
    to.set("Mcp-Name", named.reveal());
  }
  if (!to.ok() || !named.ok()) return error(errc::no_memory, "MCP request: out of memory");
  return {};
}

/// @param params an object, or none; members of its `_meta` are kept, but for those that are written here
[[nodiscard]] inline result<request> call(std::string_view url, std::int64_t id, std::string_view method,
                                          json_value params, client_info const& client) {
  constexpr std::string_view version = "io.modelcontextprotocol/protocolVersion",
                             info = "io.modelcontextprotocol/clientInfo",
                             capabilities = "io.modelcontextprotocol/clientCapabilities";
  secret body;
  json_writer out(body);
  detail::open_message(out, id, method).name("params").open_object();
  for (auto const [name, value] : params.members())
    if (name.string() != "_meta") out.name(name.string()).value(value);
  out.name("_meta").open_object();
  for (auto const [name, value] : params["_meta"].members())
    if (name.string() != version && name.string() != info && name.string() != capabilities)
      out.name(name.string()).value(value);
  out.member(version, revision_2026).name(info);
  detail::write_client(out, client).name(capabilities).open_object().close();
  out.close().close().close();
  auto made = detail::finished_request(url, out, std::move(body));
  if (!made) return made;
  if (auto ok = describe(*made, revision_2026, method, named_in(method, params)); !ok) return ok.error();
  return made;
}

}  // namespace without_session

}  // namespace countersign::inline v0::mcp
