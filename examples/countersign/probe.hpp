#pragma once
// One authenticated request that finds out whether a server takes the credential.

#include <countersign/core/context.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/mcp/headers_program.hpp>
#include <countersign/mcp/server.hpp>

#include <optional>

namespace program {

struct probed {
  std::optional<countersign::response> answer;  // the last; none: see `why`
  bool sent = false;                            // whether a request was made at all
  int times = 0;                                // how often it was
  countersign::error trouble;                   // what kept logins from being looked at
  countersign::error why;                       // no secret is in it
  countersign::fields fields;                   // what the authenticator wrote
};

/// http: `initialize`, and the session is closed again; sse: the head of the stream; ws: the handshake,
/// of which 101
/// is the answer. What a helper prints is got anew once where the server refuses it.
probed probe(countersign::mcp::server const& server, countersign::context const& outside,
             countersign::mcp::config_owner owner);

}  // namespace program
