#pragma once
// Processes by posix_spawn: fork() would copy the page tables of a large program, and in a threaded one its
// child may do next to nothing.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/os/clock.hpp>
#include <countersign/os/detail/check_command.hpp>
#include <countersign/os/detail/child.hpp>
#include <countersign/os/detail/descriptor.hpp>
#include <countersign/os/detail/spawn.hpp>
#include <countersign/os/detail/system_text.hpp>

#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <utility>

namespace countersign::inline v0::os::detail {

/// Waits until the pipe has something (where there is one), or for `ms`.
inline void nap(descriptor const& pipe, std::int64_t ms) noexcept {
  pollfd watched{pipe.get(), POLLIN, 0};
  ::poll(&watched, pipe ? 1 : 0, static_cast<int>(ms));
}

inline result<command_output> run(command const& what) noexcept {
  // No portable call waits for a pipe and a child at once, so the child is looked after this often.
  constexpr std::int64_t first_nap = 1, longest_nap = 20;

  if (auto ok = check_command(what); !ok) return ok.error();
  auto const program = what.argv[0];
  auto const boot = [] { return read_clocks().boot; };
  auto const deadline = boot() + what.timeout;

  descriptor output;
  auto started = spawn(what, output);
  if (!started) return started.error();
  child& runs = *started;

  command_output said;
  auto patience = deadline;
  auto pause = first_nap;
  bool ended = false;
  for (;;) {
    if (output) {
      switch (take(output.get(), said.out, what.max_output)) {
      case took::bytes:
      case took::nothing_yet:
        break;
      case took::end:
        output.close();
        pause = first_nap;  // it will end at once, most likely
        break;
      case took::too_much:
        return runs.kill(grace), said_too_much(what);
      case took::no_memory:
        return runs.kill(grace), no_memory_for(what);
      case took::failed: {
        auto const why = errno;
        runs.kill(grace);
        return error{kind_of(why), "program ", program, ": ", system_text(why)};
      }
      }
    }
    auto const now = boot();
    if (!ended && runs.has_ended()) {
      ended = true;
      if (now + grace < patience) patience = now + grace;
    }
    if (ended && !output) break;
    if (now >= patience) {
      if (ended) break;
      return runs.kill(grace), not_in_time(what);
    }
    auto const left = patience.ms - now.ms;
    nap(output, !ended && pause < left ? pause : left);
    if (pause < longest_nap) pause *= 2;
  }
  if (!runs.reap(said.status))
    return error{
        errc::fatal, "program ", program,
        ": its status was taken; SIGCHLD is ignored, or another part of this process waits for every child"};
  return said;
}

}  // namespace countersign::inline v0::os::detail
