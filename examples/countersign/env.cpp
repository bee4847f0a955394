// `env`: the section of a README that says which variables to set.

#include "commands.hpp"
#include "found_config.hpp"
#include "output.hpp"

#include <countersign/inspect/readme.hpp>

namespace cs = countersign;

namespace program {

int env(options const& asked) {
  auto const found = find_config(asked);
  if (!found) return report(found.error());
  cs::secret text;
  if (!asked.arguments.empty()) {
    auto const server = found->config.find(asked.arguments[0]);
    if (!server) return report(server.error()), misused;
    if (auto ok = cs::mcp::write_readme(*server, false, text); !ok) return report(ok.error());
  } else {
    if (found->config.size() == 0) return say(found->path + " names no server"), done;
    cs::result<void> ok;
    found->config.each([&](cs::mcp::server const& server) {
      if (ok) ok = cs::mcp::write_readme(server, found->config.size() > 1, text);
    });
    if (!ok) return report(ok.error());
  }
  // One line end closes the text, not an empty line.
  auto shown = text.reveal();
  if (shown.ends_with("\n\n")) shown.remove_suffix(1);
  return print(shown);
}

}  // namespace program
