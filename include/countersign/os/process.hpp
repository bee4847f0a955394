#pragma once
// Running a program and keeping what it says.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>

#if defined(_WIN32)
#include <countersign/os/detail/windows_process.hpp>
#else
#include <countersign/os/detail/posix_process.hpp>
#endif

namespace countersign::inline v0::os {

/// Runs a program to its end and gives its status and standard output. The child has nothing on its standard
/// input, the caller's standard error, no other descriptor, no signal ignored or blocked, and exactly the
/// environment that the command names; it leads a process group of its own. `argv[0]` is looked up in the
/// caller's PATH; one with a slash is taken from `folder`.
///
/// - errc::fatal: it can't be run; errc::transient: not now, or it was not done in time and was killed with
/// its group;
///   errc::too_large: it said more than `max_output` bytes and was killed likewise; errc::bad_input: the
///   command itself.
/// - A status other than 0 is not an error here.
/// - Once the program itself has ended, whoever else holds its output is heard for `detail::grace` and left
/// alone then.
/// - Blocks for the command's timeout and `detail::grace` at most. Where SIGCHLD is ignored, or somebody else
/// waits for
///   every child, the status is lost, and that is an error.
inline result<command_output> run_command(command const& what) noexcept { return detail::run(what); }

}  // namespace countersign::inline v0::os
