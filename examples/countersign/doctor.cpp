// `doctor`: what keeps a server from being used, and what to do about it.

#include "commands.hpp"
#include "found_config.hpp"
#include "output.hpp"
#include "probe.hpp"
#include "stdio_client.hpp"
#include "surroundings.hpp"

#include <countersign/inspect/curl_line.hpp>
#include <countersign/inspect/diagnose.hpp>
#include <countersign/inspect/local_problems.hpp>
#include <countersign/mcp/reply.hpp>
#include <countersign/mcp/wire.hpp>
#include <countersign/text/json_writer.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cs = countersign;

namespace program {

namespace {

using cs::mcp::problem;
using cs::mcp::problem_code;
using cs::mcp::server_type;

problem not_mcp(std::string_view what, std::string_view where) {
  return {problem_code::not_mcp, cs::owned_text(what), cs::owned_text(where),
          cs::owned_text("check \"type\" and \"url\": often the path is /mcp or /sse")};
}

// Of an answer that refuses nothing.
std::optional<problem> wrong_answer(cs::mcp::server const& server, cs::response answer) {
  if (server.type() == server_type::ws)
    return not_mcp("the server answered the WebSocket handshake with a page", "url");
  if (server.type() == server_type::sse) {
    auto const type = answer.headers.get("Content-Type").value_or("");
    if (type.starts_with("text/event-stream")) return std::nullopt;
    return not_mcp("the server answered with something else than an event stream", "url");
  }
  auto const reply = cs::mcp::read_reply(std::move(answer), 1);
  if (!reply || reply->error() || !cs::mcp::with_session::read_initialize(*reply, ""))
    return not_mcp("the server answered initialize with something else than MCP", "url");
  return std::nullopt;
}

// What stands behind the mark: whom it is about is said already.
std::string_view behind(std::string_view text, std::string_view mark) {
  auto const at = text.find(mark);
  return at == std::string_view::npos ? text : text.substr(at + mark.size());
}

std::optional<problem> ask(cs::mcp::server const& server, cs::context const& world,
                           cs::mcp::config_owner owner) {
  auto const found = probe(server, world, owner);
  if (!found.answer) {
    auto wrong = cs::mcp::diagnose(server, found.why);
    if (found.sent || !server.headers_command()) return wrong;
    wrong.code = problem_code::helper_failed;
    wrong.message = cs::owned_text(behind(found.why.message(), "headersHelper: "));
    wrong.where = cs::owned_text("headersHelper");
    wrong.fix = cs::owned_text(
        "run it by hand: it must print one JSON object of strings, {\"Authorization\": \"Bearer …\"}");
    return wrong;
  }
  if (server.type() == server_type::ws && found.answer->status() == 101) return std::nullopt;
  auto refused =
      cs::mcp::diagnose(server, found.fields, *found.answer, found.answer->body.reveal(), world.now().wall);
  return refused ? refused : wrong_answer(server, *found.answer);
}

std::optional<problem> start(cs::mcp::server const& server, cs::context const& world) {
  auto const fix = "run it by hand: countersign exec " + std::string(server.name());
  auto const reply = call_over_stdio(server, "ping", {}, world);
  if (reply) return std::nullopt;  // an error too: `initialize` was answered
  bool const garbage = reply.error().code() == cs::errc::bad_input;
  return problem{garbage ? problem_code::not_mcp : problem_code::unreachable,
                 cs::owned_text(reply.error().message()), cs::owned_text("command"), cs::owned_text(fix)};
}

std::vector<problem> problems_of(cs::mcp::server const& server, cs::context const& world,
                                 cs::mcp::config_owner owner) {
  std::vector<problem> all;
  bool certain = false;
  cs::mcp::each_local_problem(server, world, [&](problem const& one) {
    certain = certain || one.certain;
    all.push_back(one);
  });
  if (certain) return all;
  auto told = server.is_stdio() ? start(server, world) : ask(server, world, owner);
  if (!told) return {};  // what was not certain has shown to be no problem
  auto const same = [&](problem const& one) { return one.code == told->code; };
  all.erase(std::remove_if(all.begin(), all.end(), same), all.end());
  all.insert(all.begin(), std::move(*told));
  return all;
}

int show_as_json(std::vector<problem> const& all) {
  cs::secret text;
  cs::json_writer out(text);
  out.open_object().name("problems").open_array();
  for (auto const& one : all)
    out.open_object()
        .member("code", name(one.code))
        .member("message", one.message.view())
        .member("where", one.where.view())
        .member("fix", one.fix.view())
        .close();
  out.close().close();
  if (auto ok = out.finish(); !ok) return report(ok.error());
  text.append("\n");
  return print(text.reveal());
}

int show(std::vector<problem> const& all, cs::mcp::server const& server, options const& asked) {
  std::string text;
  for (auto const& one : all)
    text += std::string(name(one.code)) + ": " + std::string(one.where.view()) + ": " +
            std::string(one.message.view()) + "\n  fix: " + std::string(one.fix.view()) + "\n";
  if (auto const curl = cs::mcp::curl_line(server, asked.config)) {
    text += "to try it: " + shown(curl->line.reveal()) + "\n";
    if (curl->hides) text += "  *** stands for what the config itself holds\n";
    auto const needed = [&](std::string_view file) {
      text += "  the shell needs the variables of " + shown(file) + " first: set -a; . ./FILE; set +a\n";
    };
    if (curl->needs_env_file) needed(server.env_file());
    if (!asked.env_file.empty()) needed(asked.env_file);
  }
  return print(text);
}

}  // namespace

int doctor(options const& asked) {
  auto const found = find_config(asked);
  if (!found) return report(found.error());
  auto const server = found->config.find(asked.arguments[0]);
  if (!server) return report(server.error()), misused;
  surroundings around(asked);
  if (auto ok = around.load(); !ok) return report(ok.error());

  auto const all = problems_of(*server, around.context(), found->owner);
  if (all.empty()) say("server \"" + std::string(server->name()) + "\": no problem found");
  if (asked.json) {
    if (auto const code = show_as_json(all); code != done) return code;
  } else if (!all.empty()) {
    if (auto const code = show(all, *server, asked); code != done) return code;
  }
  return all.empty() ? done : failed;
}

}  // namespace program
