#pragma once
// A main for benchmarks named "work/size/who". Rows of one work and size are compared: their bytes before anything is
// timed, then their times. Each file of bench/ is a program; peers/ holds more rows for the program of the same name.

#include "rows.hpp"
#include "support/allocations.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace table {

/// A row. `once()` does the work one time and returns what it has made, as something that a string_view can be had of.
/// `agrees(bytes)` is asked about that before anything is timed: whether they are those of the other rows, or verified
/// by another implementation. If not, the whole run fails.
template <class Once, class Agrees>
void add(std::string const& name, Once once, Agrees agrees) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) mutable {
    if (!agrees(std::string_view(once()))) return state.SkipWithError("what it makes is not what the others make");
    for (auto _ : state) {
      auto const made = once();
      benchmark::DoNotOptimize(made);
      benchmark::ClobberMemory();
    }
  });
}
/// The same for bytes that are known.
template <class Once>
void add(std::string const& name, Once once, std::string const& expected) {
  add(name, std::move(once), [expected](std::string_view made) { return made == expected; });
}

inline std::vector<left_out_peer>& left_out_peers() {
  static std::vector<left_out_peer> peers;
  return peers;
}
/// Names a peer that this build has not: `why` says what is missing.
inline bool left_out(char const* who, char const* why) {
  left_out_peers().push_back({who, why});
  return true;
}

namespace detail {

// Keeps what was found, by name.
class collector : public benchmark::BenchmarkReporter {
public:
  bool ReportContext(Context const&) override { return true; }
  void ReportRuns(std::vector<Run> const& runs) override {
    for (auto const& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      auto const& name = run.run_name.function_name;
      if (run.error_occurred) {
        std::fprintf(stderr, "%s: %s\n", name.c_str(), run.error_message.c_str());
        failed = true;
        continue;
      }
      if (!index.contains(name)) {
        auto const cut = name.rfind('/');
        index[name] = rows.size();
        rows.emplace_back();
        rows.back().group = name.substr(0, cut);
        rows.back().who = name.substr(cut + 1);
        iterations.push_back(0);
        allocated.push_back(0);
      }
      auto const at = index[name];
      // A row that measures time itself says so; one that does its work many times in a turn says how often.
      bool const wall = !run.run_name.time_type.empty();
      auto const each = run.counters.find("each");
      if (each != run.counters.end()) in_turns.insert(name);
      double const times = each == run.counters.end() ? 1 : each->second.value;
      rows[at].values.push_back((wall ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime()) / times);
      iterations[at] = run.iterations < 16 ? run.iterations : 16;  // what a memory manager sees
      if (run.memory_result != nullptr) allocated[at] = run.memory_result->num_allocs;
    }
  }

  std::map<std::string, std::size_t> index;
  std::set<std::string> in_turns;  // what these allocate is for the turn, not for the work
  std::vector<row> rows;
  std::vector<std::int64_t> iterations, allocated;
  bool failed = false;
};

class manager : public benchmark::MemoryManager {
public:
  void Start() override { count_allocations(true); }
  void Stop(Result* result) override { Stop(*result); }
  void Stop(Result& result) override {
    count_allocations(false);
    result.num_allocs = allocations();
  }
};

inline void set_flags(std::vector<std::string> words) {
  words.insert(words.begin(), "bench");
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  auto count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
}

// What selects just these names.
inline std::string filter_for(std::vector<std::string> const& names) {
  std::string filter = "^(";
  for (auto const& name : names) {
    if (filter.size() > 2) filter += '|';
    for (char const c : name) {
      if (std::string_view("^$.*+?()[]{}|\\").find(c) != std::string_view::npos) filter += '\\';
      filter += c;
    }
  }
  return filter + ")(/[a-z_]+(:[0-9.]+)?)*$";  // what the library adds to a name
}

// With `quick`, a fifth of the time.
inline bool measure(std::string const& filter, bool quick, measured& all) {
  // Once around: do the bytes agree? And what is allocated by the first time, and by several? The difference is what
  // each time costs once warm; what the set-up takes cancels out.
  manager counting;
  benchmark::RegisterMemoryManager(&counting);
  collector first, several;
  set_flags({"--benchmark_min_time=0"});
  benchmark::RunSpecifiedBenchmarks(&first, filter);
  std::vector<std::string> slow;
  for (auto const& r : first.rows)
    if (!first.in_turns.contains(r.name())) slow.push_back(r.name());
  // What is slow is done once only in a short time.
  for (auto const* time : {"--benchmark_min_time=0.001", "--benchmark_min_time=0.02", "--benchmark_min_time=0.1"}) {
    if (first.failed || several.failed || slow.empty()) break;
    set_flags({time});
    benchmark::RunSpecifiedBenchmarks(&several, filter_for(slow));
    std::erase_if(slow, [&](auto const& name) {
      auto const found = several.index.find(name);
      return found != several.index.end() && several.iterations[found->second] > 1;
    });
  }
  benchmark::RegisterMemoryManager(nullptr);
  if (first.failed || several.failed) return false;

  // A group at a time, its repetitions interleaved.
  set_flags({quick ? "--benchmark_repetitions=5" : "--benchmark_repetitions=11",
             quick ? "--benchmark_min_time=0.005" : "--benchmark_min_time=0.03", "--benchmark_enable_random_interleaving=true"});
  std::vector<std::string> groups;
  for (auto const& r : first.rows)
    if (std::find(groups.begin(), groups.end(), r.group) == groups.end()) groups.push_back(r.group);
  for (auto const& group : groups) {
    std::vector<std::string> names;
    for (auto const& r : first.rows)
      if (r.group == group) names.push_back(r.name());
    collector timed;
    benchmark::RunSpecifiedBenchmarks(&timed, filter_for(names));
    if (timed.failed) return false;
    for (auto& r : timed.rows) {
      auto const once = first.index.at(r.name());
      auto const often = several.index.find(r.name());
      auto const more = often == several.index.end() ? 0 : several.iterations[often->second] - first.iterations[once];
      if (allocations() >= 0 && more > 0)
        r.allocations =
            static_cast<double>(several.allocated[often->second] - first.allocated[once]) / static_cast<double>(more);
      all.rows.push_back(std::move(r));
    }
  }
  return true;
}

}  // namespace detail

/// Options: --quick, --rows FILE (for the report; else the table is printed), --filter=REGEX.
inline int main(int argc, char** argv) {
  bool quick = false;
  std::string file, filter = ".";
  for (int i = 1; i < argc; ++i) {
    std::string_view const word = argv[i];
    if (word == "--quick") {
      quick = true;
    } else if (word == "--rows" && i + 1 < argc) {
      file = argv[++i];
    } else if (word.starts_with("--filter=")) {
      filter = word.substr(sizeof "--filter=" - 1);
    } else {
      std::fprintf(stderr, "%s: there are --quick, --rows FILE and --filter=REGEX\n", argv[0]);
      return 2;
    }
  }
  measured all;
  all.left_out = left_out_peers();
  if (!detail::measure(filter, quick, all)) return 1;
  if (!file.empty()) {
    std::ofstream out(file);
    write(out, all);
    return out.flush() ? 0 : 1;
  }
  std::string problem;
  auto const goals = read_goals(COUNTERSIGN_BENCH_GOALS, problem);
  if (!goals) {
    std::fprintf(stderr, "%s\n", problem.c_str());
    return 2;
  }
  // By hand one looks at some rows: the goals of others are no matter.
  std::vector<goal> ours;
  for (auto const& g : *goals)
    if (all.find(g.group, g.who) != nullptr) ours.push_back(g);
  print(stdout, all, ours);
  return 0;
}

}  // namespace table
