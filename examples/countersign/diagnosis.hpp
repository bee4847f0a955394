#pragma once
// All that is found wrong with a server of the config: in its entry, in its login, by its answer.

#include "options.hpp"

#include <countersign/core/context.hpp>
#include <countersign/inspect/problem.hpp>
#include <countersign/mcp/headers_program.hpp>
#include <countersign/mcp/server.hpp>

#include <vector>

namespace program {

/// Sends a request, or starts the program, unless what is seen from here is certain.
std::vector<countersign::mcp::problem> problems_of(options const& asked,
                                                   countersign::mcp::server const& server,
                                                   countersign::context const& world,
                                                   countersign::mcp::config_owner owner);

}  // namespace program
