#pragma once
// One JSON-RPC request to an MCP server over HTTP, on either wire.

#include "signing_in.hpp"

#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/mcp/reply.hpp>
#include <countersign/mcp/wire.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace program {

/// What servers are told about us.
inline constexpr countersign::mcp::client_info ourselves{"countersign", COUNTERSIGN_PROGRAM_VERSION};

/// Of the server's last answer.
struct heard_back {
  int status = 0;         ///< 0: there was none
  std::string challenge;  ///< its WWW-Authenticate fields, joined by ", "
};

/// What is told of an answer.
heard_back heard_of(countersign::response const& answer);

/// `call_in_session` over another wire than HTTP.
using other_wire = std::function<countersign::result<countersign::mcp::reply>(
    server_auth&, std::string_view url, std::string_view method, countersign::json_value params,
    heard_back&)>;

/// Speaks with one server. Refers to all that it is given.
class client {
public:
  /// @param url expanded
  /// @param other none: it is spoken over HTTP
  client(server_auth& auth, std::string_view url, transport http, other_wire other = {})
      : auth_(auth), url_(url), http_(std::move(http)), other_(std::move(other)) {}

  /// `initialize`, the request, and the end of the session. A JSON-RPC error, also one to `initialize`,
  /// is a reply.
  countersign::result<countersign::mcp::reply> call_in_session(std::string_view method,
                                                               countersign::json_value params);
  /// The request alone, as revision 2026-07-28 has it.
  countersign::result<countersign::mcp::reply> call_alone(std::string_view method,
                                                          countersign::json_value params);

  /// The status of the server's last answer; 0: there was none.
  [[nodiscard]] int status() const { return heard_.status; }
  [[nodiscard]] heard_back const& heard() const { return heard_; }

private:
  countersign::result<countersign::response> send(countersign::request const& request);
  countersign::result<countersign::mcp::reply> call_within(countersign::mcp::session const& session,
                                                           std::string_view method,
                                                           countersign::json_value params);

  server_auth& auth_;
  std::string_view url_;
  transport http_;
  other_wire other_;
  heard_back heard_;
};

}  // namespace program
