// `doctor`: what keeps a server from being used, and what to do about it.

#include "commands.hpp"
#include "diagnosis.hpp"
#include "found_config.hpp"
#include "output.hpp"
#include "surroundings.hpp"

#include <countersign/inspect/curl_line.hpp>
#include <countersign/text/json_writer.hpp>

#include <string>
#include <vector>

namespace cs = countersign;

namespace program {

namespace {

using cs::mcp::problem;

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

  auto const all = problems_of(asked, *server, around.context(), found->owner);
  if (all.empty()) say("server \"" + std::string(server->name()) + "\": no problem found");
  if (asked.json) {
    if (auto const code = show_as_json(all); code != done) return code;
  } else if (!all.empty()) {
    if (auto const code = show(all, *server, asked); code != done) return code;
  }
  return all.empty() ? done : failed;
}

}  // namespace program
