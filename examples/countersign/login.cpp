// `login`: somebody signs in to a server, in a browser; or a client does by itself.

#include "at_terminal.hpp"
#include "client.hpp"
#include "commands.hpp"
#include "found_config.hpp"
#include "knock.hpp"
#include "login_words.hpp"
#include "output.hpp"
#include "surroundings.hpp"
#include "traced_http.hpp"

#include <countersign/drive/run.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/scope_choice.hpp>
#include <countersign/mcp/sign_in.hpp>
#include <countersign/mcp/sign_in_entry.hpp>

#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

constexpr int interrupted_by_user = 128 + SIGINT;

// What a sign-in is about, as far as it is known before anybody is asked.
struct intent {
  cs::secret url, login_url;
  std::string challenge;
  cs::mcp::discovered found;
  cs::mcp::sign_in_settings settings;
  cs::owned_text scope;  // what will be asked for
};

std::string named(cs::mcp::server const& server) { return "server \"" + std::string(server.name()) + "\""; }

int not_oauth(cs::mcp::server const& server, std::string_view why) {
  say(named(server) + std::string(why) + "; there is nothing to sign in to");
  return misused;
}

// Words of both.
cs::owned_text together(std::string_view some, std::string_view others) {
  return cs::owned_text(cs::secret(some, some.empty() || others.empty() ? "" : " ", others));
}

// Asks the server what it wants, and where that is to be had. An exit code where there is nothing to ask for.
std::optional<int> look_around(cs::mcp::server const& server, transport const& http, cs::context const& world,
                               intent& about) {
  auto const question = first_request(server, about.url.reveal());
  if (!question) return report(question.error());
  auto const answer = send_first(server, *question, http, world);
  if (answer) about.challenge = heard_of(*answer).challenge;
  auto found = discover(about.login_url.reveal(), about.challenge, about.settings, http, world);
  bool const refuses = answer && answer->status() == 401;
  if (!refuses && answer && (!found || found->assumed) &&
      (!found || is_open(*answer) || answer->status() == 404))
    return not_oauth(server, is_open(*answer) ? " answers whoever asks, and names no place for tokens"
                                              : " names no place for tokens");
  if (!found) {
    say(named(server) + ": " + std::string(found.error().message()));
    return failed;
  }
  about.found = std::move(*found);
  return std::nullopt;
}

// The user's words, and what was granted before: a sign-in takes nothing away.
cs::result<void> choose(options const& asked, cs::result<cs::login> const& before, intent& about) {
  // Another client's scopes are none of ours.
  bool const same = before && before->issuer == about.found.server.issuer &&
                    (about.settings.client.id.empty() || about.settings.client.id == before->client.id);
  std::string_view const granted = same ? before->scope.view() : std::string_view();
  auto words = together(about.settings.scope, asked.scope);
  if (!words.empty()) words = together(words, granted);
  bool const by_person = cs::mcp::is_by_person(about.settings.grant);
  auto const& found = about.found;
  auto scope = cs::mcp::choose_scope({.configured = words,
                                      .challenged = found.challenged_scope,
                                      .granted = granted,
                                      .refresh_token = by_person},
                                     found.resource, found.server);
  if (!scope) return scope.error();
  about.scope = *scope;
  about.settings.scope = std::move(*scope);
  return {};
}

void introduce(cs::mcp::server const& server, intent const& about) {
  say("signs in to " + named(server) + ", " + shown(server.url()));
  say("  at " + shown(about.found.server.issuer) +
      (about.found.assumed ? " (by default: it has no metadata)" : ""));
  say("  for " + (about.scope.empty() ? "the scopes that it gives by itself" : shown(about.scope)));
}

int sign_in(options const& asked, cs::mcp::server const& server, login_store& store, intent about,
            std::string const& host, transport const& http, cs::context const& world) {
  about.settings.anew = about.settings.interactive = true;
  at_terminal person(asked, host, world);
  cs::mcp::sign_in<login_store> const source(about.login_url.reveal(), store, about.settings);
  cs::mcp::sign_in<login_store>::memory kept;
  auto const got = cs::run(source.acquire({cs::why::refused, about.challenge, world.now()}, world, kept),
                           http, person, world);
  if (person.interrupted()) {
    say("interrupted; nobody is signed in anew");
    return interrupted_by_user;
  }
  if (!got) {
    say(named(server) + ": " + std::string(got.error().message()));
    return failed;
  }
  auto const stored = store.load(source.key());
  if (!stored || !(stored->access_token == got->credential.access.value)) {
    say(named(server) + ": somebody signed in, but the login could not be kept" +
        (stored ? std::string() : ": " + std::string(stored.error().message())));
    return failed;
  }
  say("signed in to " + named(server) + ": " + words_of(*stored));
  return done;
}

}  // namespace

int login(options const& asked) {
  auto const found = find_config(asked);
  if (!found) return report(found.error());
  auto const server = found->config.find(asked.arguments[0]);
  if (!server) return report(server.error()), misused;
  if (server->is_stdio()) return not_oauth(*server, " is a program that is started here");
  if (!cs::mcp::may_sign_in(*server))
    return not_oauth(*server,
                     cs::mcp::gives_authorization(*server)
                         ? " is given its Authorization by the config"
                         : " is given its credential by the config, which has no \"oauth\" beside it");
  surroundings around(asked);
  if (auto ok = around.load(); !ok) return report(ok.error());
  auto const world = around.context();

  intent about;
  auto url = cs::mcp::expanded_url(*server, world);
  auto login_url = cs::mcp::login_url(*server, world);
  auto settings = login_settings(*server, world);
  if (!url) return report(url.error());
  if (!login_url) return report(login_url.error());
  if (!settings) return report(settings.error());
  auto const host = redirect_host(*server, world);
  if (!host) return report(host.error());
  about.url = std::move(*url);
  about.login_url = std::move(*login_url);
  about.settings = std::move(*settings);

  login_store store(world);
  cs::login_key const key{about.settings.profile, about.login_url.reveal()};
  if (auto ok = store.prepare(key); !ok) return report(ok.error());
  auto const http = traced_http(*server, about.url, world, std::make_shared<sent_fields>());
  if (auto const code = look_around(*server, http, world, about)) return *code;
  auto const before = store.load(key);
  if (!before && before.error().code() != cs::errc::not_mine) {
    say(std::string(before.error().message()));
    if (before.error().code() != cs::errc::bad_input) return failed;
  }
  if (auto ok = choose(asked, before, about); !ok) return report(ok.error());
  introduce(*server, about);
  return sign_in(asked, *server, store, std::move(about), *host, http, world);
}

}  // namespace program
