#include "bridge_queue.hpp"

#include <utility>

namespace program {

job_queue::job_queue(std::size_t most_threads, std::size_t most_bytes)
    : most_threads_(most_threads), most_bytes_(most_bytes) {}

job_queue::~job_queue() {
  {
    std::lock_guard const guard(lock_);
    ends_ = true;
  }
  more_.notify_all();
  for (auto& one : threads_) one.join();
}

void job_queue::add(std::size_t bytes, job work) {
  std::unique_lock guard(lock_);
  less_.wait(guard, [&] { return waiting_.empty() || bytes_ + bytes <= most_bytes_; });
  waiting_.push_back({bytes, std::move(work)});
  bytes_ += bytes;
  if (busy_ + waiting_.size() > threads_.size() && threads_.size() < most_threads_)
    threads_.emplace_back([this] { serve(); });
  guard.unlock();
  more_.notify_one();
}

bool job_queue::idle_by(std::chrono::steady_clock::time_point when) {
  std::unique_lock guard(lock_);
  return less_.wait_until(guard, when, [&] { return waiting_.empty() && busy_ == 0; });
}

void job_queue::serve() {
  std::unique_lock guard(lock_);
  for (;;) {
    more_.wait(guard, [&] { return ends_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= next.bytes;
    ++busy_;
    guard.unlock();
    less_.notify_all();
    next.work();
    next.work = nullptr;
    guard.lock();
    --busy_;
    less_.notify_all();
  }
}

}  // namespace program
