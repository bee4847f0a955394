#pragma once
// Work that waits for a thread.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace program {

/// Runs jobs in the order in which they come, on up to so many threads, which start when they are needed first.
class job_queue {
public:
  using job = std::function<void()>;

  /// @param most_bytes of what waits; whoever adds more waits too
  job_queue(std::size_t most_threads, std::size_t most_bytes);
  ~job_queue();  ///< runs what waits
  job_queue(job_queue const&) = delete;

  /// @param bytes that it keeps until it has begun
  void add(std::size_t bytes, job work);
  /// Whether nothing waits and nothing runs, by then at the latest.
  bool idle_by(std::chrono::steady_clock::time_point when);

private:
  struct entry {
    std::size_t bytes;
    job work;
  };
  void serve();

  std::size_t const most_threads_, most_bytes_;
  std::mutex lock_;
  std::condition_variable more_, less_;
  std::deque<entry> waiting_;
  std::size_t bytes_ = 0, busy_ = 0;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace program
