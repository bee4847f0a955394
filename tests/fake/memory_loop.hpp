#pragma once
// An event loop in memory: continuations in a queue, answers from a service, time from a fake world. Everything happens when
// `run()` turns it, in an order that repeats exactly.

#include "fake/context.hpp"
#include "fake/service.hpp"

#include <countersign/core/exchange.hpp>

#include <deque>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace fake {

class memory_loop {
public:
  memory_loop(service& api, world* time = nullptr) : http_(api), world_(time) {}

  template <class F>
  void fetch(cs::request const& what, F f) {
    post([this, &what, f]() mutable { f(http_(what)); });
  }
  template <class F>
  void call(cs::request what, F f) {
    post([this, what, f]() mutable { f(http_(what)); });
  }
  template <class Job, class F>
  void offload(Job job, F f) {
    post([job, f]() mutable {
      job();
      f();
    });
  }
  template <class F>
  void at(cs::boot_time when, F f) {
    timers_.emplace_back(when, std::function<void()>(f));
  }
  template <class F>
  void post(F f) {
    std::lock_guard const guard(lock_);
    queue_.emplace_back(f);
  }
  template <class F>
  void ask(cs::question const&, F f) {
    post([f]() mutable { f(cs::result<cs::secret>(cs::error{cs::errc::needs_person, "nobody"})); });
  }

  /// Turns until nothing is left to do, or `turns` continuations have run. Timers come when all else is done.
  void run(int turns = 1'000'000) {
    for (; turns > 0; --turns) {
      std::function<void()> next;
      {
        std::lock_guard const guard(lock_);
        if (!queue_.empty()) {
          next = std::move(queue_.front());
          queue_.pop_front();
        }
      }
      if (!next && !timers_.empty()) {
        auto const due = timers_.front();
        timers_.erase(timers_.begin());
        if (world_ != nullptr && due.first != cs::no_deadline && due.first > world_->now().boot)
          world_->advance(cs::milliseconds(due.first.ms - world_->now().boot.ms));
        next = due.second;
      }
      if (!next) return;
      next();
    }
  }
  /// Drops all continuations, as a loop that is torn down.
  void drop() {
    std::deque<std::function<void()>> queue;
    {
      std::lock_guard const guard(lock_);
      queue.swap(queue_);
    }
    auto const timers = std::exchange(timers_, {});
  }
  [[nodiscard]] std::size_t waiting() const { return queue_.size() + timers_.size(); }

private:
  direct http_;
  world* world_;
  std::mutex lock_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::pair<cs::boot_time, std::function<void()>>> timers_;
};

}  // namespace fake
