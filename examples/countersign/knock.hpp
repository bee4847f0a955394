#pragma once
// A server asked without any credential, to hear how it wants one.

#include "signing_in.hpp"

#include <countersign/core/context.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/mcp/discovery.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/sign_in_settings.hpp>

#include <string_view>

namespace program {

/// The request that a server of this type is asked first: http: `initialize`; sse: the stream; ws: the handshake.
countersign::result<countersign::request> first_request(countersign::mcp::server const& server,
                                                        std::string_view url);

/// Sends a `first_request`: of a stream the head is the whole answer.
/// @param http for servers of type http
countersign::result<countersign::response> send_first(countersign::mcp::server const& server,
                                                      countersign::request const& request,
                                                      transport const& http,
                                                      countersign::context const& outside);

/// Whether an answer leaves no doubt that there is nothing to sign in to.
bool is_open(countersign::response const& answer);

/// Where a server's tokens come from.
/// @param challenge of its refusal; may be empty
countersign::result<countersign::mcp::discovered> discover(std::string_view login_url,
                                                           std::string_view challenge,
                                                           countersign::mcp::sign_in_settings const& settings,
                                                           transport const& http,
                                                           countersign::context const& outside);

}  // namespace program
