#include "usage.hpp"

#include "output.hpp"

#include <countersign/text/nearest.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace program {

namespace {

constexpr std::string_view help = R"(countersign: authenticates to the servers of a .mcp.json

usage: countersign COMMAND [ARGUMENTS] [OPTIONS]

  list                         the servers, how each is authenticated to, which variables it needs
      --json                     for programs
  status [NAME]                whether each server could be used now; nobody is asked
      --json                     for programs
  headers NAME                 what a request to the server must carry
      --method M                 of the request (POST)
      --url U                    of the request (the server's)
      --body-file F              of the request (empty)
      --format json|lines|curl   one object on one line; `Name: value`; a file for curl -K (json)
      --redact                   values are left out
  call NAME METHOD [PARAMS|-]  one JSON-RPC request, over http, ws or stdio
                                 PARAMS is a JSON object; - reads it from standard input
      --raw                      the whole response, not its result
      --protocol REVISION        2025-11-25 with a session, 2026-07-28 without (2025-11-25)
  login NAME | --url URL       signs in to a server; in the browser, unless the config says otherwise
      --scope S                  asks for these scopes too
      --no-browser               only shows the page's address
      --timeout S                waits that many seconds for the page (180)
  logout NAME                  hands the tokens back, and forgets them
  exec NAME [-- ARGUMENTS]     becomes a stdio server, with its credentials in the environment
  bridge NAME                  a stdio server in front of an http, sse or ws one
      --url URL                  instead of a name: a server that no config names (else $API_URL)
      --cert F --key F           with --url: our certificate, for who asks for one, and its key, as PEM
      --cacert F                 with --url: whom the server is known by
  doctor NAME                  why a server refuses, what to do, and a line for curl to try it
      --json                     for programs
  lint [PATH...]               credentials that stand in the config, a README, a script or git
      --fix                      moves those of configs to variables, prints the lines that set them
      --fix=oauth                a sign-in in place of a password, where the server offers one
      --json                     for programs
  env [NAME]                   the section of a README that says which variables to set, in Markdown
  demo                         a server on loopback that checks every kind of credential, one table

      --config FILE            else $COUNTERSIGN_CONFIG, else .mcp.json here or in a parent up to the
                               root of the git repository, else $XDG_CONFIG_HOME/countersign/mcp.json
      --env-file FILE          a dotenv file for variables that are not set
      --debug                  says each step on stderr
      --help, --version

Options may stand before or after the command. Results are on stdout, all else is on stderr.
Exit codes: 0 done, 1 failed, 2 not understood, 3 somebody must sign in, 128+n ended by signal n.
)";

struct command {
  std::string_view name, usage;
  std::size_t least = 0, most = 0;        // arguments
  std::vector<std::string_view> options;  // beside those that all have
};

std::vector<command> const& commands() {
  static std::vector<command> const all = {
      {"list", "list [--json]", 0, 0, {"--json"}},
      {"status", "status [NAME] [--json]", 0, 1, {"--json"}},
      {"headers", "headers NAME", 1, 1, {"--method", "--url", "--body-file", "--format", "--redact"}},
      {"call", "call NAME METHOD [PARAMS|-]", 2, 3, {"--raw", "--protocol"}},
      {"login",
       "login NAME [--scope S]",
       0,
       1,
       {"--scope", "--no-browser", "--timeout", "--url", "--cert", "--key", "--cacert"}},
      {"logout", "logout NAME", 1, 1, {}},
      {"exec", "exec NAME [-- ARGUMENTS]", 1, 1, {}},
      {"bridge", "bridge NAME, or bridge --url URL", 0, 1, {"--url", "--cert", "--key", "--cacert"}},
      {"doctor", "doctor NAME [--json]", 1, 1, {"--json"}},
      {"lint", "lint [PATH...] [--fix[=oauth]] [--json]", 0, 1000, {"--json", "--fix"}},
      {"env", "env [NAME]", 0, 1, {}},
      {"demo", "demo", 0, 0, {}},
  };
  return all;
}

int misuse(std::string const& line) {
  say(line + "; see countersign --help");
  return misused;
}

std::string did_you_mean(std::string_view near) {
  return near.empty() ? "" : "; did you mean " + std::string(near) + "?";
}

// Every name that the parser knows, as it is typed.
std::vector<std::string> flags_of(CLI::App const& app) {
  std::vector<std::string> names;
  for (auto const* option : app.get_options())
    if (!option->get_lnames().empty()) names.push_back("--" + option->get_lnames().front());
  return names;
}

int unknown_flag(CLI::App const& app, std::string const& flag) {
  auto const bare = flag.substr(0, flag.find('='));
  return misuse("there is no option " + bare + did_you_mean(countersign::nearest(bare, flags_of(app))));
}

// Where a wrapper of others would look for it.
std::string api_url() {
  auto const* const value = std::getenv("API_URL");
  return value == nullptr ? "" : value;
}

bool read_seconds(std::string const& text, int& to) {
  auto const* const end = text.data() + text.size();
  auto const read = std::from_chars(text.data(), end, to);
  return read.ec == std::errc() && read.ptr == end && to >= 1 && to <= 86400;
}

}  // namespace

std::optional<int> read_command_line(int argc, char** argv, options& to) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();  // words too: as an option's values CLI11 would take "[1]" apart
  bool help_wanted = false, version_wanted = false;
  app.add_flag("-h,--help", help_wanted);
  app.add_flag("--version", version_wanted);
  app.add_flag("--debug", to.debug);
  app.add_option("--config", to.config)->type_size(1);
  app.add_option("--env-file", to.env_file);
  app.add_flag("--json", to.json);
  app.add_option("--method", to.method);
  app.add_option("--url", to.url);
  app.add_option("--cert", to.cert);
  app.add_option("--key", to.key);
  app.add_option("--cacert", to.cacert);
  app.add_option("--body-file", to.body_file);
  auto* const format = app.add_option("--format", to.format);
  app.add_flag("--redact", to.redact);
  app.add_flag("--raw", to.raw);
  app.add_option("--scope", to.scope)->type_size(1);
  app.add_flag("--no-browser", to.no_browser);
  std::string timeout;
  app.add_option("--timeout", timeout);
  app.add_flag("--fix{secrets}", to.fix);
  auto* const protocol = app.add_option("--protocol", to.protocol);

  // What stands behind "--" is for another program.
  auto* const mark = std::find(argv, argv + argc, std::string_view("--"));
  bool const marked = mark != argv + argc;
  if (marked) to.child_arguments.assign(mark + 1, argv + argc);
  try {
    app.parse(static_cast<int>(mark - argv), argv);
  } catch (CLI::ArgumentMismatch const& why) {
    std::string const said(why.what());  // "--config: 1 required TEXT missing"
    return misuse(said.substr(0, said.find(':')) + " takes one value");
  } catch (CLI::ParseError const&) {
    return misuse("the options can't be read");
  }
  if (help_wanted) return print(help);
  if (version_wanted) return print("countersign " COUNTERSIGN_PROGRAM_VERSION "\n");
  auto const words = app.remaining();
  for (auto const& word : words)
    if (word.size() > 1 && word[0] == '-') return unknown_flag(app, word);

  if (words.empty()) return misuse("which command? list, headers, call, login, exec or demo");
  auto const& all = commands();
  auto const found =
      std::find_if(all.begin(), all.end(), [&](command const& one) { return one.name == words[0]; });
  if (found == all.end()) {
    countersign::nearest_word near(words[0]);
    for (auto const& one : all) near.consider(one.name);
    return misuse("there is no command " + words[0] + did_you_mean(near.best()));
  }
  to.command = words[0];
  to.arguments.assign(words.begin() + 1, words.end());
  if (to.arguments.size() < found->least || to.arguments.size() > found->most)
    return misuse("usage: countersign " + std::string(found->usage));
  if (to.command == "bridge" && to.arguments.empty() && to.url.empty()) to.url = api_url();
  if (to.command == "bridge" || to.command == "login") {
    bool const files = !to.cert.empty() || !to.key.empty() || !to.cacert.empty();
    if (to.names_url() == !to.arguments.empty() || (files && !to.names_url()))
      return misuse("usage: countersign " + std::string(found->usage));
    if (to.names_url()) to.arguments = {typed_server};
  }
  if (marked && to.command != "exec") return misuse("-- means nothing to " + to.command);

  for (auto const* option : app.get_options()) {
    if (option->count() == 0 || option->get_lnames().empty()) continue;
    auto const flag = "--" + option->get_lnames().front();
    if (flag == "--debug" || ((flag == "--config" || flag == "--env-file") && to.command != "demo")) continue;
    if (std::find(found->options.begin(), found->options.end(), flag) == found->options.end())
      return misuse(flag + " means nothing to " + to.command);
    if (option->get_expected_min() > 0 && option->results().front().empty())
      return misuse(flag + " needs a value");
  }
  if (!to.fix.empty() && to.fix != "secrets" && to.fix != "oauth") return misuse("--fix is --fix or --fix=oauth");
  if (!timeout.empty() && !read_seconds(timeout, to.timeout))
    return misuse("--timeout is a number of seconds, 1 to 86400");
  std::vector<std::string_view> const formats = {"json", "lines", "curl"},
                                      protocols = {"2025-11-25", "2026-07-28"};
  if (std::find(formats.begin(), formats.end(), to.format) == formats.end())
    return misuse(format->get_name() + " is json, lines or curl" +
                  did_you_mean(countersign::nearest(to.format, formats)));
  if (std::find(protocols.begin(), protocols.end(), to.protocol) == protocols.end())
    return misuse(protocol->get_name() + " is 2025-11-25 or 2026-07-28");
  return std::nullopt;
}

}  // namespace program
