// `call`: one authenticated JSON-RPC request.

#include "client.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "found_config.hpp"
#include "output.hpp"
#include "stdio_client.hpp"
#include "surroundings.hpp"

#include <countersign/mcp/challenged.hpp>
#include <countersign/text/challenge.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

#include <optional>
#include <string>
#include <unistd.h>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

// Bytes of PARAMS on standard input.
constexpr std::size_t max_params = 16 * 1024 * 1024;

cs::result<cs::secret> standard_input() {
  cs::secret text;
  for (;;) {
    char piece[8192];
    auto const size = ::read(STDIN_FILENO, piece, sizeof piece);
    if (size < 0) return cs::error{cs::errc::fatal, "standard input can't be read"};
    if (size == 0) return text;
    if (text.size() + static_cast<std::size_t>(size) > max_params)
      return cs::error{cs::errc::too_large, "standard input: more than ", max_params, " bytes"};
    text.append({piece, static_cast<std::size_t>(size)});
    if (!text.ok()) return cs::error{cs::errc::no_memory, "standard input: out of memory"};
  }
}

cs::result<cs::json_document> params_of(options const& asked) {
  if (asked.arguments.size() < 3) return cs::json_document::parse(cs::secret("{}"));
  cs::secret text(asked.arguments[2]);
  if (asked.arguments[2] == "-") {
    auto read = standard_input();
    if (!read) return read.error();
    text = std::move(*read);
  }
  auto params = cs::json_document::parse(std::move(text));
  if (!params) return params.error().within("PARAMS: ");
  if (!params->root().is_object()) return params->root().expected("an object").within("PARAMS: ");
  return params;
}

int show(cs::mcp::reply const& reply, options const& asked, connection const* with) {
  cs::secret text;
  auto const refused = reply.error();
  if (asked.raw || !refused) {
    cs::json_writer out(text);
    out.value(asked.raw ? reply.message() : reply.result());
    if (auto ok = out.finish(); !ok) return report(ok.error());
    text.append("\n");
  }
  if (refused) {
    auto const said = refused["message"].string();
    say(std::string(refused["code"].number()) + " " +
        (with != nullptr ? with->without_secrets(said) : std::string(said)));
  }
  if (auto const code = text.empty() ? done : print(text.reveal()); code != done) return code;
  return refused || reply.is_error() ? failed : done;
}

// Why there is no reply: a person is needed, or it is broken.
int explain(options const& asked, cs::mcp::server const& server, connection const& with,
            heard_back const& heard, cs::error const& why) {
  auto const name = "server \"" + std::string(server.name()) + "\"";
  auto const fail = [&](std::string_view text) {
    say(name + ": " + with.without_secrets(text));
    return failed;
  };
  if (why.code() != cs::errc::needs_person) return fail(why.message());
  if (with.trouble().code() != cs::errc::none) return fail(with.trouble().message());
  auto const said = cs::mcp::read_challenged(heard.challenge);
  auto const all = cs::challenges::parse(heard.challenge);
  bool const offers = all && (all->find("Bearer") || all->find("DPoP"));
  // What the config gives was refused, and nothing speaks of tokens.
  if (heard.status == 401 && !wants_login(server) && with.has_credential() && !offers)
    return fail("the server answered 401 to this credential");
  if (said && said->wants_scope()) {
    auto const scope = with.without_secrets(said->scope);
    return ask_to_sign_in(asked, server, "wants more scope than was granted", scope);
  }
  if (!with.has_credential())
    return ask_to_sign_in(asked, server, "wants a credential, and the config gives none");
  return ask_to_sign_in(asked, server,
                        "wants somebody to sign in anew: " + with.without_secrets(why.message()));
}

int call_http(options const& asked, cs::mcp::server const& server, cs::json_value params,
              cs::context const& world, cs::mcp::config_owner owner) {
  auto with = connection::open(server, world, owner);
  if (!with && with.error().code() == cs::errc::needs_person)
    return ask_to_sign_in(asked, server, "wants somebody to sign in: " + std::string(with.error().message()));
  if (!with) return report(with.error());
  auto speaker = with->speaker();
  bool const alone = asked.protocol == cs::mcp::revision_2026;
  auto const& method = asked.arguments[1];
  auto const reply = alone ? speaker.call_alone(method, params) : speaker.call_in_session(method, params);
  if (reply) return show(*reply, asked, &*with);
  return explain(asked, server, *with, speaker.heard(), reply.error());
}

int call_stdio(options const& asked, cs::mcp::server const& server, cs::json_value params,
               surroundings const& around) {
  if (asked.protocol == cs::mcp::revision_2026)
    return report(cs::error{cs::errc::fatal, "--protocol 2026-07-28 is for http servers"});
  auto const reply = call_over_stdio(server, asked.arguments[1], params, around.context());
  return reply ? show(*reply, asked, nullptr) : report(reply.error());
}

}  // namespace

int call(options const& asked) {
  auto const found = find_config(asked);
  if (!found) return report(found.error());
  auto const server = found->config.find(asked.arguments[0]);
  if (!server) return report(server.error()), misused;
  auto const params = params_of(asked);
  if (!params) return report(params.error()), misused;

  auto const given = asked.arguments.size() == 3 ? params->root() : cs::json_value();
  surroundings around(asked);
  if (auto ok = around.load(); !ok) return report(ok.error());
  return server->is_stdio() ? call_stdio(asked, *server, given, around)
                            : call_http(asked, *server, given, around.context(), found->owner);
}

}  // namespace program
