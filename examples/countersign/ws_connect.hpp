#pragma once
// WebSockets to MCP servers, with the credential in the opening handshake.

#include "signing_in.hpp"

#include <countersign/adapt/beast_websocket.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/time.hpp>
#include <countersign/mcp/tls_files.hpp>

#include <cstddef>
#include <string_view>

namespace program {

/// @param patience for the handshake, and for each message
countersign::websocket_options ws_options(countersign::mcp::tls_files const& tls,
                                          countersign::duration patience, std::size_t max_message);

/// @param http sends what is asked for the credential
/// @param refused receives an answer that was not 101
countersign::result<countersign::websocket_connection> ws_connect(server_auth& auth, std::string_view url,
                                                                  countersign::websocket_options how,
                                                                  transport const& http,
                                                                  countersign::response& refused);

}  // namespace program
