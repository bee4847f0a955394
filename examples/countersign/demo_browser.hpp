#pragma once
// A person who signs in without looking: opens the page, and goes where the page sends.

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace program {

/// What a `terminal_person` says to it are pages and words; pages are visited, on a thread of their own. One
/// thread at a time.
class demo_browser {
public:
  demo_browser() = default;
  ~demo_browser() {
    for (auto& one : visits_) one.join();
  }
  demo_browser(demo_browser const&) = delete;
  demo_browser& operator=(demo_browser const&) = delete;

  void hear(std::string_view line);

private:
  std::vector<std::thread> visits_;
};

}  // namespace program
