#pragma once
// The outside world for tests: clocks that stand still until they are moved, scripted entropy,
// variables, files and programs from maps, and everything that was traced or run on record.
//
//     fake::world w;
//     w.variables["API_TOKEN"] = "abc";
//     w.advance(seconds(10));
//     countersign::context outside = w.context();
//
// The world must outlive its contexts. All that a context does is safe from several threads; the
// public maps and switches are read under the world's lock, so change them before threads start, or
// inside `locked`.

#include <countersign/core/context.hpp>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fake {

namespace cs = countersign;

/// One `trace_event`, kept.
struct trace {
  std::string step, subject, detail;
};

/// One `command`, kept.
struct ran {
  std::vector<std::string> argv, environment;
  std::string folder;
  cs::duration timeout;
  std::size_t max_output = 0;
};

class world {
public:
  world() = default;
  world(world const&) = delete;
  world& operator=(world const&) = delete;

  // -- what is out there
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> files;
  /// Paths that exist but can't be read.
  std::set<std::string> unreadable;
  /// Paths of files whose state says that everyone may read them, or that others may write to them.
  std::set<std::string> others_read, others_write;
  /// Added to a file's version: the same bytes may be written anew.
  std::map<std::string, std::uint64_t> rewritten;
  /// Bytes given first, from the front; a fixed generator follows, so that a run repeats exactly.
  std::string entropy;
  bool entropy_fails = false;
  /// How far the coarse clock lags behind the wall clock.
  cs::duration coarse_behind = {};
  /// Both clocks move by this at every reading, for code that waits until a time has come.
  cs::duration tick = {};
  /// Answers `run`; runs under no lock. Unset: nothing is found.
  std::function<cs::result<cs::command_output>(cs::command const&)> programs;

  // -- the clocks: they begin at 2001-09-09T01:46:40Z and at 1,000 s after the machine started
  cs::clocks now() const noexcept { return {{wall_.load()}, {boot_.load()}}; }
  void advance(cs::duration by) noexcept { wall_ += by.ms, boot_ += by.ms; }
  /// Somebody sets the wall clock, forwards or back; the boot clock is untouched.
  void jump_wall(cs::duration by) noexcept { wall_ += by.ms; }
  void set_wall(cs::wall_time to) noexcept { wall_ = to.ms; }

  // -- what happened
  std::vector<trace> traces() const {
    std::lock_guard const guard(lock_);
    return traces_;
  }
  std::size_t count_traces(std::string_view step) const {
    std::lock_guard const guard(lock_);
    std::size_t found = 0;
    for (auto const& each : traces_) found += each.step == step;
    return found;
  }
  /// All that was traced in one text, to look for what must not be in it.
  std::string trace_text() const {
    std::lock_guard const guard(lock_);
    std::string all;
    for (auto const& t : traces_) all += t.step + ' ' + t.subject + ' ' + t.detail + '\n';
    return all;
  }
  std::vector<ran> runs() const {
    std::lock_guard const guard(lock_);
    return runs_;
  }
  std::size_t clock_reads() const noexcept { return clock_reads_; }
  std::size_t coarse_reads() const noexcept { return coarse_reads_; }
  std::size_t variable_reads() const noexcept { return variable_reads_; }
  std::size_t file_reads() const noexcept { return file_reads_; }
  std::size_t file_state_reads() const noexcept { return file_state_reads_; }
  std::size_t entropy_bytes() const noexcept { return entropy_bytes_; }

  /// Runs `change()` while no context function reads the world.
  template <class Function>
  decltype(auto) locked(Function&& change) {
    std::lock_guard const guard(lock_);
    return std::forward<Function>(change)();
  }

  cs::context context() noexcept {
    return {
        .self = this,
        .read_clocks = [](void* w) noexcept { return of(w).read_clocks(); },
        .read_coarse = [](void* w) noexcept { return of(w).read_coarse(); },
        .read_entropy = [](void* w, void* to,
                           std::size_t size) noexcept { return of(w).read_entropy(to, size); },
        .read_variable = [](void* w, std::string_view name) noexcept { return of(w).read_variable(name); },
        .read_environment = [](void* w) noexcept { return of(w).read_environment(); },
        .read_file = [](void* w, std::string_view path,
                        std::size_t limit) noexcept { return of(w).read_file(path, limit); },
        .read_file_state = [](void* w,
                              std::string_view path) noexcept { return of(w).read_file_state(path); },
        .run_command = [](void* w, cs::command const& what) noexcept { return of(w).run(what); },
        .write_trace = [](void* w, cs::trace_event const& event) noexcept { of(w).write(event); }};
  }

private:
  static world& of(void* self) noexcept { return *static_cast<world*>(self); }

  cs::clocks read_clocks() noexcept {
    ++clock_reads_;
    return {{wall_ += tick.ms}, {boot_ += tick.ms}};
  }
  cs::wall_time read_coarse() noexcept {
    ++coarse_reads_;
    return cs::wall_time{wall_.load()} - coarse_behind;
  }
  bool read_entropy(void* to, std::size_t size) noexcept {
    std::lock_guard const guard(lock_);
    if (entropy_fails) return false;
    entropy_bytes_ += size;
    auto const scripted = size < entropy.size() ? size : entropy.size();
    std::memcpy(to, entropy.data(), scripted);
    entropy.erase(0, scripted);
    for (auto at = scripted; at < size; ++at) static_cast<unsigned char*>(to)[at] = next_byte();
    return true;
  }
  // SplitMix64 (Steele, Lea, Flood 2014): any stream that repeats would do.
  unsigned char next_byte() noexcept {
    auto z = seed_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return static_cast<unsigned char>(z >> 56);
  }
  cs::result<cs::secret> read_variable(std::string_view name) noexcept {
    std::lock_guard const guard(lock_);
    ++variable_reads_;
    auto const found = variables.find(std::string(name));
    if (found == variables.end()) return cs::error{cs::errc::not_mine, "variable ", name, " is not set"};
    return cs::secret(found->second);
  }
  cs::result<cs::secret> read_environment() noexcept {
    std::lock_guard const guard(lock_);
    ++variable_reads_;
    cs::secret all;
    for (auto const& [name, value] : variables) all.append(name).append("=").append(value).push_back('\0');
    return all;
  }
  cs::result<cs::secret> read_file(std::string_view path, std::size_t limit) noexcept {
    std::lock_guard const guard(lock_);
    ++file_reads_;
    if (unreadable.contains(std::string(path)))
      return cs::error{cs::errc::fatal, "file ", path, ": Permission denied"};
    auto const found = files.find(std::string(path));
    if (found == files.end()) return cs::error{cs::errc::not_mine, "file ", path, ": there is none"};
    if (found->second.size() > limit)
      return cs::error{cs::errc::too_large, "file ", path, ": longer than ", limit, " bytes"};
    return cs::secret(found->second);
  }
  cs::result<cs::file_state> read_file_state(std::string_view path) noexcept {
    std::lock_guard const guard(lock_);
    ++file_state_reads_;
    std::string const key(path);
    auto const found = files.find(key);
    if (found == files.end() && !unreadable.contains(key))
      return cs::error{cs::errc::not_mine, "file ", path, ": there is none"};
    std::uint64_t version = 0xcbf29ce484222325u;  // FNV-1a of the content
    if (found != files.end())
      for (char const c : found->second) version = (version ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    if (auto const more = rewritten.find(key); more != rewritten.end()) version += more->second;
    return cs::file_state{version, others_read.contains(key), others_write.contains(key)};
  }
  cs::result<cs::command_output> run(cs::command const& what) noexcept {
    {
      std::lock_guard const guard(lock_);
      runs_.push_back({{what.argv.begin(), what.argv.end()},
                       {what.environment.begin(), what.environment.end()},
                       std::string(what.folder),
                       what.timeout,
                       what.max_output});
    }
    if (programs) return programs(what);
    return cs::error{cs::errc::fatal, "program ", what.argv.empty() ? "" : what.argv[0], ": not found"};
  }
  void write(cs::trace_event const& event) noexcept {
    std::lock_guard const guard(lock_);
    traces_.push_back({std::string(event.step), std::string(event.subject), std::string(event.detail)});
  }

  mutable std::mutex lock_;
  std::atomic<std::int64_t> wall_ = 1'000'000'000'000, boot_ = 1'000'000;
  std::atomic<std::size_t> clock_reads_ = 0, coarse_reads_ = 0, variable_reads_ = 0, file_reads_ = 0,
                           file_state_reads_ = 0, entropy_bytes_ = 0;
  std::uint64_t seed_ = 1;
  std::vector<trace> traces_;
  std::vector<ran> runs_;
};

}  // namespace fake
