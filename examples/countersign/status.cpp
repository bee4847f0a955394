// `status`: whether each server could be used now, without asking any.

#include "commands.hpp"
#include "found_config.hpp"
#include "kinds.hpp"
#include "output.hpp"
#include "server_row.hpp"
#include "signing_in.hpp"
#include "stored_logins.hpp"
#include "surroundings.hpp"
#include "table.hpp"

#include <countersign/mcp/sign_in_entry.hpp>
#include <countersign/text/json_writer.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace cs = countersign;

namespace program {

namespace {

int status_as_json(found_config const& found, std::vector<cs::mcp::server> const& servers, login_store& store,
                   cs::context const& world) {
  cs::secret text;
  cs::json_writer out(text);
  out.open_object()
      .member("version", 1)
      .member("config", std::string_view(found.path))
      .name("servers")
      .open_array();
  for (auto const& server : servers) {
    out.open_object();
    write_server(out, server, world);
    auto const about = look_up(server, store, world);
    out.member("state", name(about.state));
    if (about.oauth) write_login(out, about);
    out.close();
  }
  out.close().close();
  if (auto ok = out.finish(); !ok) return report(ok.error());
  text.append("\n");
  return print(text.reveal());
}

int status_as_table(found_config const& found, std::vector<cs::mcp::server> const& servers,
                    login_store& store, cs::context const& world) {
  if (servers.empty()) {
    say(found.path + " names no server");
    return done;
  }
  table rows({"server", "type", "auth", "state", "url or command"});
  for (auto const& server : servers) {
    std::string kinds;
    for (auto const& kind : kinds_of(server)) kinds += (kinds.empty() ? "" : " ") + kind;
    rows.add({std::string(server.name()), std::string(name(server.type())), kinds,
              std::string(name(look_up(server, store, world).state)), where(server)});
  }
  return print(rows.text());
}

}  // namespace

int status(options const& asked) {
  auto const found = find_config(asked);
  if (!found) return report(found.error());
  std::vector<cs::mcp::server> servers;
  if (asked.arguments.empty()) {
    found->config.each([&](cs::mcp::server const& one) { servers.push_back(one); });
  } else {
    auto const one = found->config.find(asked.arguments[0]);
    if (!one) return report(one.error()), misused;
    servers.push_back(*one);
  }
  surroundings around(asked);
  if (auto ok = around.load(); !ok) return report(ok.error());
  login_store store(around.context());
  // Servers that want a login say it themselves.
  bool const told = std::any_of(servers.begin(), servers.end(), wants_login) ||
                    std::none_of(servers.begin(), servers.end(), cs::mcp::may_sign_in);
  if (auto const ok = store.check(); !ok && !told)
    say("no login is looked at: " + std::string(ok.error().message()));
  return asked.json ? status_as_json(*found, servers, store, around.context())
                    : status_as_table(*found, servers, store, around.context());
}

}  // namespace program
