#pragma once
// Files that hold secrets and change, on the disks of this machine.

#include <countersign/core/private_files.hpp>

#if !defined(_WIN32)
#include <countersign/os/detail/posix_private_files.hpp>
#endif

namespace countersign::inline v0::os {

#if defined(_WIN32)
/// Not there yet: every field is null, which a store tells in words.
inline constexpr private_files system_files = {};
#else
namespace detail {
/// The table over given system calls.
template <class Calls>
inline constexpr private_files private_files_by = {
    .self = nullptr,
    .read = posix_private_files<Calls>::read,
    .replace = posix_private_files<Calls>::replace,
    .set_aside = posix_private_files<Calls>::set_aside,
    .lock = posix_private_files<Calls>::lock,
    .unlock = posix_private_files<Calls>::unlock,
};
}  // namespace detail

/// The disk is reached by these. Locks are those of flock(2): between the processes of one machine, and
/// between threads.
inline constexpr private_files const& system_files = detail::private_files_by<detail::posix_calls>;
#endif

}  // namespace countersign::inline v0::os
