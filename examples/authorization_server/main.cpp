// authorization_server [NAME=VALUE…]: serves until its standard input ends, or it is told to terminate. The
// names are those of settings.hpp. Prints one line of JSON with the URLs.

#include "authorization_server.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <iostream>
#include <string>
#include <string_view>

namespace {

std::array<int, 2> told = {-1, -1};  // a pipe

void tell(int) { [[maybe_unused]] auto const ignored = ::write(told[1], "", 1); }

void wait_for_the_end() {
  pollfd ends[] = {{STDIN_FILENO, POLLIN, 0}, {told[0], POLLIN, 0}};
  char skipped[256];
  for (;;) {
    if (::poll(ends, 2, -1) < 0) continue;  // a signal: the pipe says so too
    if (ends[1].revents != 0) return;
    if (ends[0].revents != 0 && ::read(STDIN_FILENO, skipped, sizeof skipped) <= 0) return;
  }
}

}  // namespace

int main(int count, char** words) {
  provider::settings how;
  for (int i = 1; i < count; ++i) {
    std::string_view const word = words[i];
    auto const equals = word.find('=');
    auto const why = equals == std::string_view::npos
                         ? "NAME=VALUE is wanted, not " + std::string(word)
                         : set(how, word.substr(0, equals), word.substr(equals + 1));
    if (why.empty()) continue;
    std::cerr << "authorization_server: " << why << "\n";
    return 2;
  }
  if (::pipe(told.data()) != 0) return 1;
  std::signal(SIGTERM, tell);
  std::signal(SIGINT, tell);
  std::signal(SIGPIPE, SIG_IGN);
  provider::authorization_server const server(how, {}, true);
  if (server.issuer().empty()) {
    std::cerr << "authorization_server: no port of " << how.host << " is to be had\n";
    return 1;
  }
  auto const origin = server.control_url();
  std::cout << R"({"issuer":")" << server.issuer() << R"(","mcp":")" << server.mcp_url() << R"(","control":")"
            << origin << R"(/control","events":")" << origin << R"(/events","counters":")" << origin
            << "/counters\"}" << std::endl;
  wait_for_the_end();
}
