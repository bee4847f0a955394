#include "stdio_process.hpp"

#include <countersign/os/clock.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace cs = countersign;

namespace program {

namespace {

// Bytes of one line that a child says.
constexpr std::size_t max_line = 16 * 1024 * 1024;
// What a child has to end by itself, in milliseconds, once its input has ended.
constexpr std::int64_t grace = 1000;

// False when `patience` is over, or nothing is there to wait for any more.
bool ready(int descriptor, short event, std::int64_t until) {
  for (;;) {
    auto const left = until - cs::os::read_clocks().boot.ms;
    if (left <= 0) return false;
    pollfd waited{descriptor, event, 0};
    auto const found = ::poll(&waited, 1, static_cast<int>(left < 60000 ? left : 60000));
    if (found > 0) return true;
    if (found < 0 && errno != EINTR) return false;
  }
}

}  // namespace

cs::result<stdio_process> stdio_process::start(cs::mcp::child_command const& what) {
  std::vector<char*> argv, envp;
  what.each_argument([&](std::string_view one) { argv.push_back(const_cast<char*>(one.data())); });
  argv.push_back(nullptr);
  what.each_entry([&](std::string_view one) { envp.push_back(const_cast<char*>(one.data())); });
  envp.push_back(nullptr);

  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0) return cs::error{cs::errc::transient, "command: no pipe to be had"};
  if (::pipe2(out, O_CLOEXEC) != 0) {
    ::close(in[0]), ::close(in[1]);
    return cs::error{cs::errc::transient, "command: no pipe to be had"};
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  pid_t pid = -1;
  int const failure = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]), ::close(out[1]);
  if (failure != 0) {
    ::close(in[1]), ::close(out[0]);
    return cs::error{cs::errc::fatal,
                     "command: it can't be started: ", std::string_view(std::strerror(failure))};
  }
  ::fcntl(in[1], F_SETFL, O_NONBLOCK);
  return stdio_process(pid, in[1], out[0]);
}

stdio_process::~stdio_process() {
  if (pid_ < 0) return;
  ::close(to_);
  auto const until = cs::os::read_clocks().boot.ms + grace;
  // Its output ends when it does.
  while (ready(from_, POLLIN, until)) {
    char ignored[4096];
    if (::read(from_, ignored, sizeof ignored) <= 0) break;
  }
  ::close(from_);
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (cs::os::read_clocks().boot.ms >= until) ::kill(pid_, SIGKILL);
    ::poll(nullptr, 0, 1);
  }
}

cs::result<void> stdio_process::write(std::string_view line, cs::duration patience) {
  cs::secret const whole(line, "\n");
  auto rest = whole.reveal();
  auto const until = cs::os::read_clocks().boot.ms + patience.ms;
  while (!rest.empty()) {
    if (!ready(to_, POLLOUT, until))
      return cs::error{cs::errc::not_sent, "command: it does not read its standard input"};
    auto const written = ::write(to_, rest.data(), rest.size());
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) return cs::error{cs::errc::not_sent, "command: it ended before it was spoken to"};
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

cs::result<cs::secret> stdio_process::read(cs::duration patience) {
  auto const until = cs::os::read_clocks().boot.ms + patience.ms;
  std::size_t looked_at = 0;
  for (;;) {
    auto const heard = heard_.reveal();
    if (auto const end = heard.find('\n', looked_at); end != std::string_view::npos) {
      cs::secret line(heard.substr(0, end));
      heard_ = cs::secret(heard.substr(end + 1));
      return line;
    }
    looked_at = heard.size();
    if (looked_at > max_line)
      return cs::error{cs::errc::too_large, "command: a line of more than ", max_line, " bytes"};
    if (!ready(from_, POLLIN, until)) return cs::error{cs::errc::unanswered, "command: no answer in time"};
    char piece[8192];
    auto const size = ::read(from_, piece, sizeof piece);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return cs::error{cs::errc::unanswered, "command: it ended without an answer"};
    heard_.append({piece, static_cast<std::size_t>(size)});
    if (!heard_.ok()) return cs::error{cs::errc::no_memory, "command: out of memory"};
  }
}

}  // namespace program
