#pragma once
// One JSON-RPC request to an MCP server over a WebSocket: each message is one text message of it.

#include "client.hpp"

#include <countersign/core/result.hpp>
#include <countersign/core/time.hpp>
#include <countersign/mcp/reply.hpp>
#include <countersign/mcp/tls_files.hpp>

#include <string_view>

namespace program {

/// As `client::call_in_session`; the credential is in the opening handshake.
/// @param tls what the server is shown, and known by
/// @param patience for the handshake, and for each answer
/// @param http sends what is asked for the credential
/// @param said of the handshake's answer: 101 where it succeeded
countersign::result<countersign::mcp::reply>
call_over_websocket(server_auth& auth, std::string_view url, std::string_view method,
                    countersign::json_value params, countersign::mcp::tls_files const& tls,
                    countersign::duration patience, transport const& http, heard_back& said);

}  // namespace program
