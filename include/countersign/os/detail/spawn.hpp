#pragma once
// Starting a child with a pipe for its output and nothing else of ours but standard error.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/result.hpp>
#include <countersign/os/detail/c_strings.hpp>
#include <countersign/os/detail/child.hpp>
#include <countersign/os/detail/descriptor.hpp>
#include <countersign/os/detail/system_text.hpp>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <spawn.h>
#include <string_view>
#include <unistd.h>

namespace countersign::inline v0::os::detail {

// posix_spawn_file_actions_addclosefrom_np
#if defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 34)
#define COUNTERSIGN_CLOSEFROM 1
#endif
#endif

/// What a child does before it becomes the program, and how.
class spawn_plan {
public:
  spawn_plan() noexcept {
    ok(::posix_spawn_file_actions_init(&actions_));
    ok(::posix_spawnattr_init(&how_));
  }
  spawn_plan(spawn_plan const&) = delete;
  spawn_plan& operator=(spawn_plan const&) = delete;
  ~spawn_plan() {
    ::posix_spawnattr_destroy(&how_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }

  void enter(int folder) noexcept { ok(::posix_spawn_file_actions_addfchdir_np(&actions_, folder)); }
  void open(int as, char const* path, int flags) noexcept {
    ok(::posix_spawn_file_actions_addopen(&actions_, as, path, flags, 0));
  }
  void give(int ours, int as) noexcept { ok(::posix_spawn_file_actions_adddup2(&actions_, ours, as)); }
  void close(int number) noexcept { ok(::posix_spawn_file_actions_addclose(&actions_, number)); }

  /// Everything above standard error, also what other threads open meanwhile.
  void close_others() noexcept {
#if defined(COUNTERSIGN_CLOSEFROM)
    ok(::posix_spawn_file_actions_addclosefrom_np(&actions_, 3));
#elif !defined(POSIX_SPAWN_CLOEXEC_DEFAULT)
    close_open_ones();
#endif
  }
  /// Those that are open now and would be inherited. What another thread opens meanwhile without O_CLOEXEC is
  /// missed.
  void close_open_ones() noexcept {
    auto const most = ::sysconf(_SC_OPEN_MAX);
    for (int n = 3; n < most && n < 65536; ++n) {
      auto const flags = ::fcntl(n, F_GETFD);
      if (flags >= 0 && (flags & FD_CLOEXEC) == 0) close(n);
    }
  }

  /// A group of its own; no signal blocked or ignored, as this process may have them.
  void start_afresh() noexcept {
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::sigdelset(&all, SIGKILL);
    ::sigdelset(&all, SIGSTOP);
    ok(::posix_spawnattr_setsigmask(&how_, &none));
    ok(::posix_spawnattr_setsigdefault(&how_, &all));
    ok(::posix_spawnattr_setpgroup(&how_, 0));
    int flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
#if defined(POSIX_SPAWN_CLOEXEC_DEFAULT)
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;  // macOS: only what the actions name
#endif
    ok(::posix_spawnattr_setflags(&how_, static_cast<short>(flags)));
  }

  /// An error number, 0 if it runs.
  int run(pid_t& number, char* const* argv, char* const* environment) noexcept {
    if (failed_ != 0) return failed_;
    return ::posix_spawnp(&number, argv[0], &actions_, &how_, argv, environment);
  }

private:
  void ok(int number) noexcept {
    if (number != 0) failed_ = number;
  }
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t how_;
  int failed_ = 0;
};
#undef COUNTERSIGN_CLOSEFROM

/// Out of the way of 0, 1 and 2, which a daemon may have closed: the child's would be put over it.
inline descriptor above_standard(descriptor one) noexcept {
  if (!one || one.get() > 2) return one;
  return descriptor(::fcntl(one.get(), F_DUPFD_CLOEXEC, 3));
}

/// Neither end is inherited; reading does not block.
inline bool open_pipe(descriptor& read_end, descriptor& write_end) noexcept {
  int ends[2];
#if defined(__APPLE__)
  if (::pipe(ends) != 0) return false;
  for (int const end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
#else
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
#endif
  read_end = above_standard(descriptor(ends[0]));
  write_end = above_standard(descriptor(ends[1]));
  return read_end && write_end && ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK) == 0;
}

/// @param output receives the reading end of the child's standard output
inline result<child> spawn(command const& what, descriptor& output) noexcept {
  auto const program = what.argv[0];
  auto const failed = [&](int number) {
    return error{kind_of(number), "program ", program, ": ", system_text(number)};
  };

  c_strings argv(what.argv), environment(what.environment);
  secret const folder_path(what.folder, countersign::detail::text_at("\0", 1));
  if (!argv.ok() || !environment.ok() || !folder_path.ok()) return failed(ENOMEM);

  descriptor folder, input;
  if (!what.folder.empty()) {
    folder = above_standard(descriptor(open_to_read(folder_path.reveal().data(), O_DIRECTORY)));
    if (!folder) {
      auto const why = errno;
      return error{kind_of(why), "program ", program, ": its folder ", what.folder, ": ", system_text(why)};
    }
  }
  if (!open_pipe(output, input)) return failed(errno);

  spawn_plan plan;
  if (folder) plan.enter(folder.get());
  plan.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  plan.give(input.get(), STDOUT_FILENO);
  if (::fcntl(STDERR_FILENO, F_GETFD) >= 0) plan.give(STDERR_FILENO, STDERR_FILENO);
  else plan.open(STDERR_FILENO, "/dev/null", O_WRONLY);
  plan.close_others();
  plan.start_afresh();

  pid_t number = 0;
  auto const why = plan.run(number, argv.data(), environment.data());
  if (why == ENOENT && program.find('/') == std::string_view::npos)
    return error{errc::fatal, "program ", program, ": not found in PATH; install it, or give its whole path"};
  if (why != 0) return failed(why);
  return child(number);
}

}  // namespace countersign::inline v0::os::detail
