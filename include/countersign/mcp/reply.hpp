#pragma once
// The answer to one JSON-RPC request over HTTP: a JSON body, or an event stream that brings it (MCP,
// Streamable HTTP).

#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/detail/events.hpp>
#include <countersign/text/json.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// A JSON-RPC response. Values refer to it and end when it is moved.
class reply {
public:
  explicit reply(json_document message) noexcept : message_(std::move(message)) {}

  [[nodiscard]] json_value message() const noexcept { return message_.root(); }
  /// None where the server answered an error.
  [[nodiscard]] json_value result() const noexcept { return message_["result"]; }
  /// JSON-RPC 2.0 §5.1: an object with `code` and `message`, or none.
  [[nodiscard]] json_value error() const noexcept { return message_["error"]; }
  /// The request was carried out and failed, as a tool says it.
  [[nodiscard]] bool is_error() const noexcept { return result()["isError"].boolean(); }

private:
  json_document message_;
};

namespace detail {

[[nodiscard]] inline bool answers(json_value message, std::int64_t id) noexcept {
  if (message["jsonrpc"].string() != "2.0") return false;
  if (!message["result"] && !message["error"].is_object()) return false;
  // An error may come without our id where the server could not read it (JSON-RPC 2.0 §5).
  return message["id"].integer() == id || (message["id"].is_null() && message["error"]);
}

[[nodiscard]] inline bool is_media_type(std::string_view value, std::string_view wanted) noexcept {
  auto type = value.substr(0, value.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  return equal_without_case(type, wanted);
}

[[nodiscard]] inline result<reply> reply_in_stream(std::string_view stream, std::int64_t id) {
  event_reader events(stream);
  secret data;
  while (events.next(data)) {
    if (!data.ok()) return error(errc::no_memory, "MCP reply: out of memory");
    auto message = json_document::parse(std::move(data));
    data = secret();
    if (!message) return message.error().within("MCP reply: an event of the stream: ");
    if (answers(message->root(), id)) return reply(std::move(*message));
  }
  return error(errc::bad_input, "MCP reply: the event stream ended without an answer to the request");
}

[[nodiscard]] inline errc code_of(int status) noexcept {
  if (status == 401 || status == 403) return errc::rejected;
  return status == 408 || status == 429 || status >= 500 ? errc::transient : errc::fatal;
}

}  // namespace detail

/// Reads the answer to the request of that id. A JSON-RPC error is a reply, whatever the HTTP status;
/// any other status than 200 is an error that names it, and so is an answer to something else. Other
/// messages in a stream are skipped.
[[nodiscard]] inline result<reply> read_reply(response answer, std::int64_t id) {
  auto const type = answer.headers.get("Content-Type").value_or("");
  bool const is_json = detail::is_media_type(type, "application/json");
  bool const is_stream = detail::is_media_type(type, "text/event-stream");
  int const status = answer.status();
  if (status == 200 && is_stream) return detail::reply_in_stream(answer.body.reveal(), id);
  if (is_json) {
    auto message = json_document::parse(std::move(answer.body));
    if (message && detail::answers(message->root(), id)) return reply(std::move(*message));
    if (status == 200 && !message) return message.error().within("MCP reply: ");
    if (status == 200)
      return error(errc::bad_input, "MCP reply: JSON, but no JSON-RPC 2.0 answer to the request");
  }
  if (status != 200) return error(detail::code_of(status), "the server answered HTTP ", status);
  return error(
      errc::bad_input,
      "MCP reply: neither application/json nor text/event-stream; is the URL that of an MCP server?");
}

}  // namespace countersign::inline v0::mcp
