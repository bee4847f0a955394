#include "stored_logins.hpp"

#include "login_words.hpp"
#include "output.hpp"
#include "signing_in.hpp"

#include <countersign/mcp/sign_in_entry.hpp>

#include <string_view>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

void text_or_null(cs::json_writer& out, std::string_view name, std::string_view value) {
  if (value.empty()) out.name(name).null();
  else out.member(name, value);
}

}  // namespace

login_status look_up(cs::mcp::server const& server, login_store& store, cs::context const& outside) {
  login_status told;
  told.state = cs::mcp::state_of(server, outside);
  told.oauth = wants_login(server);
  bool const usable =
      told.state != cs::mcp::server_state::variable_missing && told.state != cs::mcp::server_state::invalid;
  if (!usable || !cs::mcp::may_sign_in(server)) return told;
  auto const name = "server \"" + std::string(server.name()) + "\": ";
  auto const fail = [&](cs::error const& why) {
    say(name + std::string(why.message()));
    told.state = cs::mcp::server_state::invalid;
    return told;
  };
  auto const url = cs::mcp::login_url(server, outside);
  if (!url) return fail(url.error());
  auto const settings = login_settings(server, outside);
  if (!settings) return fail(settings.error());
  told.profile = settings->profile.view();
  // Who needs no login needs no store.
  if (auto ok = store.check(); !ok) return told.oauth ? fail(ok.error()) : told;
  auto found = store.load({settings->profile, url->reveal()});
  if (!found && found.error().code() != cs::errc::not_mine) return fail(found.error());
  if (!found) return told;
  told.login = std::move(*found);
  told.oauth = true;
  told.state = cs::mcp::state_of(told.login, outside.now().wall);
  return told;
}

void write_login(cs::json_writer& out, login_status const& status) {
  auto const& login = status.login;
  text_or_null(out, "issuer", login.issuer);
  text_or_null(out, "resource", login.resource);
  text_or_null(out, "client_id", login.client.id);
  out.name("scopes").open_array();
  for (auto rest = login.scope.view(); !rest.empty();) {
    auto const word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size() == rest.size() ? rest.size() : word.size() + 1);
    if (!word.empty()) out.value(word);
  }
  out.close();
  text_or_null(out, "expires_at", login.access_token.empty() ? std::string() : instant(login.expires));
  out.member("refreshable", cs::mcp::is_refreshable(login)).member("dpop", !login.dpop_key.empty());
  out.member("profile", std::string_view(status.profile));
}

}  // namespace program
