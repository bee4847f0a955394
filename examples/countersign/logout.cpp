// `logout`: the tokens of a server are handed back, and forgotten.

#include "commands.hpp"
#include "found_config.hpp"
#include "output.hpp"
#include "signing_in.hpp"
#include "surroundings.hpp"
#include "traced_http.hpp"

#include <countersign/drive/run.hpp>
#include <countersign/oauth/sign_out.hpp>

#include <memory>
#include <string>
#include <utility>

namespace cs = countersign;

namespace program {

int logout(options const& asked) {
  auto const found = find_config(asked);
  if (!found) return report(found.error());
  auto const server = found->config.find(asked.arguments[0]);
  if (!server) return report(server.error()), misused;
  auto const name = "server \"" + std::string(server->name()) + "\"";
  if (server->is_stdio()) return say(name + ": nobody was signed in"), done;
  surroundings around(asked);
  if (auto ok = around.load(); !ok) return report(ok.error());
  auto const world = around.context();
  auto url = cs::mcp::login_url(*server, world);
  if (!url) return report(url.error());
  auto settings = login_settings(*server, world);
  if (!settings) return report(settings.error());

  login_store store(world);
  auto const http = traced_http(*server, *url, world, std::make_shared<sent_fields>());
  cs::oauth::refresh_means means;
  means.client = settings->client;
  means.client_key = settings->client_key;
  means.read_key = settings->keys.read;
  means.named_by = settings->discovery.metadata_url;
  auto const out = cs::run(cs::oauth::sign_out<login_store>(store, {settings->profile, url->reveal()},
                                                            std::move(means), world, world.now()),
                           http, cs::nobody(), world);
  if (!out) {
    say(name + ": " + std::string(out.error().message()));
    return failed;
  }
  say(*out ? name + ": signed out, and the tokens are revoked" : name + ": nobody is signed in");
  return done;
}

}  // namespace program
