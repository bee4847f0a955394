#pragma once
// One JSON-RPC request to an MCP server over a WebSocket: each message is one text message of it.

#include "client.hpp"

#include <countersign/core/result.hpp>
#include <countersign/core/time.hpp>
#include <countersign/mcp/reply.hpp>

#include <string_view>

namespace program {

/// As `client::call_in_session`; the credential is in the opening handshake.
/// @param patience for the handshake, and for each answer
/// @param said of the handshake's answer: 101 where it succeeded
countersign::result<countersign::mcp::reply>
call_over_websocket(server_auth& auth, std::string_view url, std::string_view method,
                    countersign::json_value params, countersign::duration patience, heard_back& said);

}  // namespace program
