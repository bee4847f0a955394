#pragma once
// A grandchild by two forks: the child between them ends at once, so that nobody here ever has to wait for
// the program. Whatever needs memory is done before; between fork and exec only what a signal handler may
// call.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/os/detail/c_strings.hpp>
#include <countersign/os/detail/check_command.hpp>
#include <countersign/os/detail/spawn.hpp>
#include <countersign/os/detail/system_text.hpp>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <stdlib.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace countersign::inline v0::os::detail {

/// The path of a program, with its final zero: itself if it has a slash, else its first place in the absolute
/// folders of PATH. Empty if it is in none.
inline secret path_of_program(std::string_view program) noexcept {
  constexpr std::string_view zero("\0", std::size_t{1});
  if (program.find('/') != std::string_view::npos) return secret(program, zero);
  auto const* const given = ::getenv("PATH");
  for (std::string_view left = given == nullptr ? "/usr/local/bin:/usr/bin:/bin" : given; !left.empty();) {
    auto const folder = left.substr(0, left.find(':'));
    left.remove_prefix(folder.size() == left.size() ? folder.size() : folder.size() + 1);
    if (!folder.starts_with('/')) continue;  // below the current folder anything may lie
    secret path(folder, std::string_view("/"), program, zero);
    struct stat found;
    if (path.ok() && ::stat(path.data(), &found) == 0 && S_ISREG(found.st_mode) &&
        ::access(path.data(), X_OK) == 0)
      return path;
  }
  return {};
}

inline void close_from(int first) noexcept {
#if defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 34)
  return ::closefrom(first);
#endif
#endif
  auto const most = ::sysconf(_SC_OPEN_MAX);
  for (int n = first; n < most && n < 65536; ++n) ::close(n);
}

/// In the grandchild: becomes the program, or tells `report` the error number.
[[noreturn]] inline void become(char const* path, char* const* argv, char* const* environment,
                                int report) noexcept {
  auto const give_up = [&report] {
    auto const why = errno;
    ::_exit(::write(report, &why, sizeof why) < 0 ? 126 : 127);
  };
  struct sigaction usual = {};
  usual.sa_handler = SIG_DFL;
  for (int number = 1; number < 65; ++number) ::sigaction(number, &usual, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  auto const nothing = ::open("/dev/null", O_RDWR);
  if (nothing < 0) give_up();
  for (int standard = 0; standard < 3; ++standard)
    if (::dup2(nothing, standard) < 0) give_up();
  if (report != 3) {
    if (::dup2(report, 3) < 0) give_up();
    report = 3;
    ::fcntl(report, F_SETFD, FD_CLOEXEC);
  }
  close_from(4);
  ::execve(path, argv, environment);
  give_up();
  ::_exit(127);
}

inline result<void> run_detached(command const& what) noexcept {
  if (auto ok = check_command(what); !ok) return ok;
  auto const program = what.argv[0];
  auto const failed = [&](int number) {
    return error{kind_of(number), "program ", program, ": ", system_text(number)};
  };
  c_strings argv(what.argv), environment(what.environment);
  auto const path = path_of_program(program);
  if (!argv.ok() || !environment.ok() || !path.ok()) return failed(ENOMEM);
  if (path.empty())
    return error{errc::fatal, "program ", program, ": not found in PATH; install it, or give its whole path"};
  descriptor report, reporting;
  if (!open_pipe(report, reporting)) return failed(errno);

  // No handler of ours may run in a child, which has our memory and nothing else of us.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  auto const between = ::fork();
  if (between == 0) {
    ::setsid();
    auto const own = ::fork();
    if (own == 0) become(path.reveal().data(), argv.data(), environment.data(), reporting.get());
    auto const why = errno;
    if (own < 0 && ::write(reporting.get(), &why, sizeof why) < 0) ::_exit(1);
    ::_exit(0);
  }
  auto const why_none = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (between < 0) return failed(why_none);
  reporting.close();
  for (int status; ::waitpid(between, &status, 0) < 0 && errno == EINTR;) {
  }
  // Closed unwritten by a successful exec.
  ::fcntl(report.get(), F_SETFL, 0);
  int why = 0;
  ssize_t got;
  do got = ::read(report.get(), &why, sizeof why);
  while (got < 0 && errno == EINTR);
  if (got == static_cast<ssize_t>(sizeof why)) return failed(why);
  return {};
}

}  // namespace countersign::inline v0::os::detail
