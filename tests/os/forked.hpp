#pragma once
// Part of a test that must not happen in this process: it gives up its user, its descriptors or its signals.

#include <cerrno>
#include <sys/wait.h>
#include <unistd.h>

namespace {

/// Whether `test()`, run in a forked child, returned true.
template <class Test>
bool in_child(Test&& test) {
  auto const number = ::fork();
  if (number == 0) ::_exit(test() ? 0 : 1);
  int status = -1;
  while (::waitpid(number, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Nobody: root may read everything, so what a user may not do is tried as one.
inline bool become_nobody() { return ::setgid(65534) == 0 && ::setuid(65534) == 0; }

}  // namespace
