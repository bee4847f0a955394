// countersign: authenticates to the servers of a `.mcp.json`.

#include "commands.hpp"
#include "options.hpp"
#include "output.hpp"
#include "usage.hpp"

#include <exception>
#include <fcntl.h>
#include <new>
#include <string>
#include <unistd.h>

namespace {

// A standard descriptor that is closed would become that of a socket: it is one of a file that is empty and takes
// nothing.
void open_standard_descriptors() {
  int last = -1;
  do last = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  while (last >= 0 && last <= 2);
  if (last >= 0) ::close(last);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace program;
  open_standard_descriptors();
  try {
    options asked;
    if (auto const early = read_command_line(argc, argv, asked)) return *early;
    if (asked.command == "list") return list(asked);
    if (asked.command == "status") return status(asked);
    if (asked.command == "headers") return headers(asked);
    if (asked.command == "call") return call(asked);
    if (asked.command == "login") return login(asked);
    if (asked.command == "logout") return logout(asked);
    if (asked.command == "exec") return exec(asked);
    if (asked.command == "bridge") return bridge(asked);
    if (asked.command == "doctor") return doctor(asked);
    if (asked.command == "lint") return lint(asked);
    if (asked.command == "env") return env(asked);
    return demo();
  } catch (std::bad_alloc const&) {
    say("out of memory");
  } catch (std::exception const&) {
    // Its text is a stranger's and might hold anything.
    say("an exception that nobody expected");
  }
  return failed;
}
