// `exec`: this process becomes a stdio server.

#include "commands.hpp"
#include "found_config.hpp"
#include "output.hpp"
#include "surroundings.hpp"

#include <countersign/mcp/child_command.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <unistd.h>
#include <vector>

namespace cs = countersign;

namespace program {

namespace {

// Exit codes of a shell.
constexpr int not_runnable = 126, not_found = 127;

// As if a shell at a terminal had started it, whatever our parent ignores or blocks.
void set_signals_to_default() {
  for (int each = 1; each < NSIG; ++each) std::signal(each, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

int become(cs::mcp::child_command const& what) {
  std::vector<char*> argv, environment;
  what.each_argument([&](std::string_view one) { argv.push_back(const_cast<char*>(one.data())); });
  what.each_entry([&](std::string_view one) { environment.push_back(const_cast<char*>(one.data())); });
  argv.push_back(nullptr);
  environment.push_back(nullptr);

  set_signals_to_default();
  ::closefrom(STDERR_FILENO + 1);
  auto** const ours = environ;
  environ = environment.data();  // it is looked up in the PATH that it is given
  ::execvp(argv[0], argv.data());
  int const why = errno;
  environ = ours;
  say(std::string(argv[0]) + ": " + (why == ENOENT ? "not found" : std::strerror(why)));
  return why == ENOENT ? not_found : not_runnable;
}

}  // namespace

int exec(options const& asked) {
  auto const found = find_config(asked);
  if (!found) return report(found.error());
  auto const server = found->config.find(asked.arguments[0]);
  if (!server) return report(server.error()), misused;
  if (!server->is_stdio()) {
    auto const name = asked.arguments[0];
    say("server \"" + name +
        "\" is reached by a URL, so there is nothing to start; see countersign headers " + name +
        " and countersign call " + name);
    return misused;
  }

  surroundings around(asked);
  if (auto ok = around.load(); !ok) return report(ok.error());
  auto what = cs::mcp::expanded_command(*server, around.context());
  if (!what) return report(what.error());
  if (asked.debug)
    what->each_variable(
        [](std::string_view name, std::string_view) { say("sets " + std::string(name) + " ***"); });
  for (auto const& one : asked.child_arguments) what->argument(one);
  if (!what->ok()) return report(cs::error{cs::errc::no_memory, "exec: out of memory"});
  return become(*what);
}

}  // namespace program
