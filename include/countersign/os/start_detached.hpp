#pragma once
// Starting a program that goes its own way, such as a browser.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>

#if defined(_WIN32)
#include <countersign/os/detail/windows_detached.hpp>
#else
#include <countersign/os/detail/posix_detached.hpp>
#endif

namespace countersign::inline v0::os {

/// Starts a program and does not wait for it. It is nobody's child here: it leaves no zombie, no SIGCHLD of
/// its own, and lives on when this process ends. It has a session of its own, nothing on descriptors 0, 1 and
/// 2, no other descriptor, no signal ignored or blocked, and exactly the environment that the command names.
/// `argv[0]` is looked up in the caller's PATH; no shell is involved, not even for a script that names no
/// interpreter. `folder`, `timeout` and `max_output` do not matter.
///
/// errc::fatal if there is no such program or it can't be run; transient, no_memory; bad_input: the command
/// itself.
inline result<void> start_detached(command const& what) noexcept { return detail::run_detached(what); }

}  // namespace countersign::inline v0::os
