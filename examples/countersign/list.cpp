// `list`: the servers of the config, how each is authenticated to, and which variables it needs. No
// secret is looked at.

#include "commands.hpp"
#include "found_config.hpp"
#include "kinds.hpp"
#include "output.hpp"
#include "server_row.hpp"
#include "surroundings.hpp"
#include "table.hpp"

#include <countersign/text/json_writer.hpp>

#include <string>

namespace cs = countersign;

namespace program {

namespace {

int list_as_json(found_config const& found, cs::context const& world) {
  cs::secret text;
  cs::json_writer out(text);
  out.open_object()
      .member("version", 1)
      .member("config", std::string_view(found.path))
      .name("servers")
      .open_array();
  found.config.each([&](cs::mcp::server const& server) {
    out.open_object();
    write_server(out, server, world);
    out.close();
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
              where(server)});
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
