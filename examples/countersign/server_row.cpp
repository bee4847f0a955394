#include "server_row.hpp"

#include "kinds.hpp"
#include "output.hpp"

#include <countersign/inspect/shown_url.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/mcp/variables.hpp>

#include <algorithm>

namespace cs = countersign;

namespace program {

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

std::string where(cs::mcp::server const& server) {
  if (server.is_stdio()) return std::string(server.command());
  return std::string(cs::mcp::shown_url(server.url()).reveal());
}

void write_server(cs::json_writer& out, cs::mcp::server const& server, cs::context const& beneath) {
  out.member("name", server.name()).member("type", name(server.type()));
  out.member(server.is_stdio() ? "command" : "url", std::string_view(where(server))).name("auth").open_array();
  for (auto const& kind : kinds_of(server)) out.value(std::string_view(kind));
  out.close().name("variables").open_array();
  for (auto const& one : variables_of(server, beneath))
    out.open_object()
        .member("name", std::string_view(one.name))
        .member("set", one.set)
        .member("default", one.has_default)
        .close();
  out.close();
}

}  // namespace program
