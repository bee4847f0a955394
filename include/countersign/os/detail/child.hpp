#pragma once
// A child process and its group.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/time.hpp>
#include <countersign/os/clock.hpp>

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <utility>

namespace countersign::inline v0::os::detail {

/// Leads a process group. As long as it is not reaped, its number belongs to nobody else, so it may be
/// killed.
class child {
public:
  explicit child(pid_t number) noexcept : number_(number) {}
  child(child&& other) noexcept : number_(countersign::detail::exchanged(other.number_, 0)), lost_(other.lost_) {}
  child& operator=(child&&) = delete;
  ~child() {
    int status;
    if (number_ != 0) reap(status);
  }

  /// Whether it has ended, or somebody else has reaped it.
  [[nodiscard]] bool has_ended() noexcept {
    siginfo_t found = {};
    while (::waitid(P_PID, static_cast<id_t>(number_), &found, WEXITED | WNOHANG | WNOWAIT) != 0)
      if (errno != EINTR) return lost_ = true;
    return found.si_pid != 0;
  }

  /// Kills the group and waits until the child is gone, but no longer than `most`: one that runs as another
  /// user, or hangs in the kernel, can't be ended by us and becomes a zombie when it ends.
  void kill(duration most) noexcept {
    if (lost_) return;
    ::kill(-number_, SIGKILL);
    ::kill(number_, SIGKILL);  // in case it has joined another group
    for (auto const until = read_clocks().boot + most; !has_ended();) {
      if (read_clocks().boot >= until) return void(number_ = 0);
      ::poll(nullptr, 0, 1);
    }
  }

  /// Once it has ended: its exit status, or 128 + n where signal n ended it. False if somebody else has
  /// reaped it.
  bool reap(int& status) noexcept {
    int raw = 0;
    auto const number = countersign::detail::exchanged(number_, 0);
    if (lost_) return false;
    while (::waitpid(number, &raw, 0) < 0)
      if (errno != EINTR) return false;
    status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
    return true;
  }

private:
  pid_t number_;
  bool lost_ = false;
};

}  // namespace countersign::inline v0::os::detail
