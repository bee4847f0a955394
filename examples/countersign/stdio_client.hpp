#pragma once
// One JSON-RPC request to a stdio server: it is started, asked, and ended.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/mcp/reply.hpp>
#include <countersign/mcp/server.hpp>

#include <string_view>

namespace program {

/// As `client::call_in_session`, over standard input and output. Its credentials are what `env` gives it.
countersign::result<countersign::mcp::reply>
call_over_stdio(countersign::mcp::server const& server, std::string_view method,
                countersign::json_value params, countersign::context const& outside);

}  // namespace program
