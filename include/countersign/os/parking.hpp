#pragma once
// A place where a thread waits until another one wakes it, or until it is time.

#include <countersign/core/context.hpp>
#include <countersign/core/exchange.hpp>
#include <countersign/core/time.hpp>

#include <cstdint>

#if defined(_WIN32)
#include <countersign/os/detail/windows.hpp>
#else
#include <pthread.h>
#include <time.h>
#endif

namespace countersign::inline v0 {

/// The waker of whoever drives an exchange by blocking. One thread waits; any may post. It stays where it was
/// made and outlives its last post.
class parking : public waker {
public:
  /// The system's timers stand still while a machine sleeps, so the boot clock is looked at this often.
  static constexpr duration longest_nap = seconds(5);

  parking() noexcept {
    post = [](waker* self) noexcept { static_cast<parking*>(self)->wake(); };
#if !defined(_WIN32)
    pthread_mutex_init(&lock_, nullptr);
    pthread_condattr_t kind;
    pthread_condattr_init(&kind);
#if !defined(__APPLE__)
    pthread_condattr_setclock(&kind, CLOCK_MONOTONIC);
#endif
    pthread_cond_init(&woken_now_, &kind);
    pthread_condattr_destroy(&kind);
#endif
  }
  parking(parking const&) = delete;
  parking& operator=(parking const&) = delete;
  ~parking() {
#if !defined(_WIN32)
    pthread_cond_destroy(&woken_now_);
    pthread_mutex_destroy(&lock_);
#endif
  }

  /// Blocks until the context's boot clock has reached `until`, or until somebody posts. A post since the
  /// last wait counts, so none is lost; several count once.
  /// @return whether somebody posted
  bool wait_until(boot_time until, context const& outside) noexcept {
    lock();
    while (!woken_) {
      auto const now = outside.now().boot;
      if (now >= until) break;
      // `until` may be no_deadline, and a clock in a test below zero
      nap(now + longest_nap < until ? longest_nap.ms : until.ms - now.ms);
    }
    bool const posted = woken_;
    woken_ = false;
    unlock();
    return posted;
  }

private:
  void wake() noexcept {
    lock();
    woken_ = true;
    signal();  // under the lock: once the waiting thread has it, nothing here is touched again
    unlock();
  }

#if defined(_WIN32)
  void lock() noexcept { AcquireSRWLockExclusive(&lock_); }
  void unlock() noexcept { ReleaseSRWLockExclusive(&lock_); }
  void signal() noexcept { WakeConditionVariable(&woken_now_); }
  void nap(std::int64_t ms) noexcept {
    SleepConditionVariableSRW(&woken_now_, &lock_, static_cast<DWORD>(ms), 0);
  }

  SRWLOCK lock_ = SRWLOCK_INIT;
  CONDITION_VARIABLE woken_now_ = CONDITION_VARIABLE_INIT;
#else
  void lock() noexcept { pthread_mutex_lock(&lock_); }
  void unlock() noexcept { pthread_mutex_unlock(&lock_); }
  void signal() noexcept { pthread_cond_signal(&woken_now_); }
  void nap(std::int64_t ms) noexcept {
    timespec at = {};
#if defined(__APPLE__)
    at.tv_sec = static_cast<time_t>(ms / 1000);
    at.tv_nsec = static_cast<long>(ms % 1000) * 1000000;
    pthread_cond_timedwait_relative_np(&woken_now_, &lock_, &at);
#else
    clock_gettime(CLOCK_MONOTONIC, &at);
    auto const nanoseconds = at.tv_nsec + static_cast<long>(ms % 1000) * 1000000;
    at.tv_sec += static_cast<time_t>(ms / 1000 + nanoseconds / 1000000000);
    at.tv_nsec = nanoseconds % 1000000000;
    pthread_cond_timedwait(&woken_now_, &lock_, &at);
#endif
  }

  pthread_mutex_t lock_;
  pthread_cond_t woken_now_;
#endif
  bool woken_ = false;
};

}  // namespace countersign::inline v0
