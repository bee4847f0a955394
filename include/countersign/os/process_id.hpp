#pragma once
// Which process this is, so that a child of fork() can tell that it is not its parent.

#include <cstdint>

#if defined(_WIN32)
#include <countersign/os/detail/windows.hpp>
#else
#include <unistd.h>
#endif

namespace countersign::inline v0::os {

/// Never 0. A system call (about 50 ns on Linux): for slow paths.
inline std::uint32_t process_id() noexcept {
#if defined(_WIN32)
  return GetCurrentProcessId();
#else
  return static_cast<std::uint32_t>(::getpid());
#endif
}

}  // namespace countersign::inline v0::os
