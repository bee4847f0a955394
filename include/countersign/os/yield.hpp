#pragma once
// Giving way to other threads.

#if defined(_WIN32)
#include <countersign/os/detail/windows.hpp>
#else
#include <sched.h>
#endif

namespace countersign::inline v0::os {

inline void yield() noexcept {
#if defined(_WIN32)
  SwitchToThread();
#else
  ::sched_yield();
#endif
}

}  // namespace countersign::inline v0::os
