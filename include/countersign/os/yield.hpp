#pragma once
// Giving way to other threads.

#if defined(_WIN32)
extern "C" __declspec(dllimport) int __stdcall SwitchToThread();
#else
#include <sched.h>
#endif

namespace countersign::inline v0 {

inline void yield_thread() noexcept {
#if defined(_WIN32)
  SwitchToThread();
#else
  ::sched_yield();
#endif
}

}  // namespace countersign::inline v0
