#pragma once
// Whether a program is where a shell would look for it.

#include <countersign/core/context.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/server.hpp>

#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// A name without a slash is looked for in PATH. Whether the file may be run is seen when it is.
[[nodiscard]] inline bool program_exists(server const&, std::string_view program, context const& outside) {
  if (program.find('/') != std::string_view::npos) return bool(outside.state_of_file(program));
  auto const path = outside.variable("PATH");
  if (!path) return true;  // the system has a list of its own
  for (auto rest = path->reveal();;) {
    auto const end = rest.find(':');
    auto const folder = rest.substr(0, end);
    secret const file(folder.empty() ? "." : folder, "/", program);
    if (outside.state_of_file(file.reveal())) return true;
    if (end == std::string_view::npos) return false;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace countersign::inline v0::mcp::detail
