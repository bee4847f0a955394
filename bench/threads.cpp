// One authenticator with a token that expires, used by 1 to 64 threads at once: wall time for each header, all threads
// together. With as many cores as threads it is that of one thread divided by their number; past the machine's cores the
// threads take turns, so that the rows tell what turns cost and nothing of a larger machine.

#include <countersign/auth/authenticator.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/format/bearer.hpp>

#include "by_hand.hpp"
#include "table.hpp"
#include "two_blocks.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstring>
#include <ctime>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cs = countersign;

namespace {

constexpr std::string_view origin = "https://api.example.com", token = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
by_hand::request const request{"GET", "https://api.example.com/v1/items?page=2"};
std::string const line = "Authorization: Bearer " + std::string(token) + "\r\n";

constexpr int headers = 1 << 18;  // written in one turn, by all threads together: much longer than they take to start

// From the first thread's start to the last one's end. Each thread writes into a room of its own, as each has a request
// of its own. `write(room, size)` gives what it wrote.
template <class Write>
double wall_seconds(Write const& write, int threads) {
  using clock = std::chrono::steady_clock;
  std::barrier<> start(threads);
  std::vector<std::thread> all;
  std::vector<std::pair<clock::time_point, clock::time_point>> times(static_cast<std::size_t>(threads));
  for (auto& time : times)
    all.emplace_back([&, threads] {
      alignas(64) char room[256];
      start.arrive_and_wait();
      time.first = clock::now();
      for (int n = headers / threads; n > 0; --n) {
        benchmark::DoNotOptimize(write(room, sizeof room));
        benchmark::ClobberMemory();
      }
      time.second = clock::now();
    });
  for (auto& thread : all) thread.join();
  auto first = times[0].first, last = times[0].second;
  for (auto const& [begin, end] : times) first = std::min(first, begin), last = std::max(last, end);
  return std::chrono::duration<double>(last - first).count();
}

template <class Write>
void add(char const* who, Write write) {
  for (int const threads : {1, 2, 4, 16, 64}) {
    auto const name = "cached token, threads/" + std::to_string(threads) + "/" + who;
    benchmark::RegisterBenchmark(name.c_str(), [write, threads](benchmark::State& state) {
      char room[256];
      if (write(room, sizeof room) != line) return state.SkipWithError("what it writes is not the line");
      state.counters["each"] = headers;
      for (auto _ : state) state.SetIterationTime(wall_seconds(write, threads));
    })->UseManualTime();
  }
}

/// Answers once, by an exchange, as an OAuth grant does.
struct issuer {
  using credential = cs::secret;
  struct exchange : cs::steps<exchange, cs::issued<cs::secret>> {
    exchange() { send(cs::request("POST", "https://id.example.com/token"), &exchange::answered); }
    void answered() { finish({cs::secret(token), cs::system_context.now().wall + cs::seconds(24 * 60 * 60)}); }
  };
  exchange acquire(cs::occasion const&, cs::context const&) const { return {}; }
};

struct kept {
  std::string text;
  std::time_t due;
};
std::string_view copied(kept const& of, char* room) {
  if (std::time(nullptr) >= of.due) return {};
  std::memcpy(room, of.text.data(), of.text.size());
  return {room, of.text.size()};
}

}  // namespace

int main(int argc, char** argv) {
  auto const due = std::time(nullptr) + 24 * 60 * 60;
  by_hand::two_blocks blocks(origin);
  blocks.publish(line, due);
  add("floor", [&](char* room, std::size_t size) { return std::string_view(room, blocks.write(request.address, room, size)); });

  cs::authenticator auth{issuer{}, cs::bearer{}, cs::only{origin}};
  auto first = auth.begin(request);
  first.supply(cs::response(200), auth.outside().now());
  add("countersign", [&](char* room, std::size_t size) {
    by_hand::placing_wire sink{room, room + size};
    auto talk = auth.begin(request);
    if (!talk.write(sink)) return std::string_view();
    return std::string_view(room, static_cast<std::size_t>(sink.at - room));
  });

  auto const held = std::make_shared<kept>(kept{line, due});
  std::mutex lock;
  add("mutex, expiry and copy", [&](char* room, std::size_t) {
    std::lock_guard const hold(lock);
    return copied(*held, room);
  });
  std::shared_mutex shared_lock;
  add("shared_mutex, expiry and copy", [&](char* room, std::size_t) {
    std::shared_lock const hold(shared_lock);
    return copied(*held, room);
  });
  std::atomic<std::shared_ptr<kept const>> shared(held);
  add("atomic<shared_ptr>", [&](char* room, std::size_t) { return copied(*shared.load(), room); });
  return table::main(argc, argv);
}
