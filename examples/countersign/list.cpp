// `list`: the servers of the config, how each is authenticated to, and which variables it needs. No
// secret is looked at.

#include "commands.hpp"
#include "found_config.hpp"
#include "kinds.hpp"
#include "output.hpp"
#include "surroundings.hpp"
#include "table.hpp"

#include <countersign/mcp/server_environment.hpp>
#include <countersign/mcp/variables.hpp>
#include <countersign/os/system.hpp>
#include <countersign/text/json_writer.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace cs = countersign;

namespace program {

namespace {

struct variable {
  std::string name;
  bool set = false, has_default = false;
};

// Each once, in the order of the file; one that has no default anywhere it stands has none.
std::vector<variable> variables_of(cs::mcp::server const& server, cs::context const& beneath) {
  cs::mcp::server_environment known(beneath);
  if (auto ok = known.load(server); !ok) say("warning: " + std::string(ok.error().message()));
  auto const world = known.outside();
  std::vector<variable> found;
  cs::mcp::each_variable(server, [&](std::string_view name, bool has_default) {
    auto const same =
        std::find_if(found.begin(), found.end(), [&](variable const& one) { return one.name == name; });
    if (same != found.end()) {
      same->has_default = same->has_default && has_default;
      return;
    }
    found.push_back({std::string(name), bool(world.variable(name)), has_default});
  });
  return found;
}

std::string_view where(cs::mcp::server const& server) {
  return server.is_stdio() ? server.command() : server.url();
}

int list_as_json(found_config const& found, cs::context const& world) {
  cs::secret text;
  cs::json_writer out(text);
  out.open_object()
      .member("version", 1)
      .member("config", std::string_view(found.path))
      .name("servers")
      .open_array();
  found.config.each([&](cs::mcp::server const& server) {
    out.open_object().member("name", server.name()).member("type", name(server.type()));
    out.member(server.is_stdio() ? "command" : "url", where(server)).name("auth").open_array();
    for (auto const& kind : kinds_of(server)) out.value(std::string_view(kind));
    out.close().name("variables").open_array();
    for (auto const& one : variables_of(server, world))
      out.open_object()
          .member("name", std::string_view(one.name))
          .member("set", one.set)
          .member("default", one.has_default)
          .close();
    out.close().close();
  });
  out.close().close();
  if (auto ok = out.finish(); !ok) return report(ok.error());
  text.append("\n");
  return print(text.reveal());
}

int list_as_table(found_config const& found, cs::context const& world) {
  if (found.config.size() == 0) {
    say(found.path + " names no server");
    return done;
  }
  table rows({"server", "type", "auth", "variables", "url or command"});
  found.config.each([&](cs::mcp::server const& server) {
    std::string kinds, variables;
    for (auto const& kind : kinds_of(server)) kinds += (kinds.empty() ? "" : " ") + kind;
    for (auto const& one : variables_of(server, world))
      variables += (variables.empty() ? "" : " ") + one.name +
                   (one.set           ? ""
                    : one.has_default ? " (default)"
                                      : " (not set)");
    rows.add({std::string(server.name()), std::string(name(server.type())), kinds, variables,
              std::string(where(server))});
  });
  return print(rows.text());
}

}  // namespace

int list(options const& asked) {
  auto const found = find_config(asked);
  if (!found) return report(found.error());
  surroundings around(asked);
  if (auto ok = around.load(); !ok) return report(ok.error());
  return asked.json ? list_as_json(*found, around.context()) : list_as_table(*found, around.context());
}

}  // namespace program
