#pragma once
// What `list` and `status` tell of a server. No secret is looked at.

#include <countersign/core/context.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/text/json_writer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace program {

struct variable {
  std::string name;
  bool set = false, has_default = false;
};

/// Each once, in the order of the file; one that has no default anywhere it stands has none. Warns of
/// an `envFile` that can't be read.
std::vector<variable> variables_of(countersign::mcp::server const& server,
                                   countersign::context const& beneath);

/// URL or command, as the config writes it, but for a credential that stands in it.
std::string where(countersign::mcp::server const& server);

/// The members "name", "type", "url" or "command", "auth", "variables" of an open object.
void write_server(countersign::json_writer& out, countersign::mcp::server const& server,
                  countersign::context const& beneath);

}  // namespace program
