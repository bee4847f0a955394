#pragma once
// The head of an answer whose body may never end: an event stream, a WebSocket.

#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/time.hpp>
#include <countersign/mcp/tls_files.hpp>

namespace program {

/// Sends a GET and hangs up once the head of a 2xx or 101 is there; of other answers the beginning of
/// the body is kept. ws and wss are asked as http and https.
/// @param tls what the server is shown, and known by
countersign::result<countersign::response> stream_head(countersign::request const& what,
                                                       countersign::mcp::tls_files const& tls,
                                                       countersign::duration timeout);

}  // namespace program
