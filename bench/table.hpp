#pragma once
// A main for benchmarks named "work/size/who": rows of one work and size stand together, each with its ratio to the row
// "floor". Repetitions are interleaved, and the ratio is the median of the repetitions' ratios: what disturbs the
// machine for a while disturbs a row and its floor alike.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace table {

inline double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

class reporter : public benchmark::BenchmarkReporter {
public:
  bool ReportContext(Context const&) override { return true; }

  void ReportRuns(std::vector<Run> const& runs) override {
    for (auto const& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) {
        if (run.error_occurred) std::printf("%s: %s\n", run.benchmark_name().c_str(), run.error_message.c_str());
        continue;
      }
      auto const name = run.run_name.function_name;
      auto const cut = name.rfind('/');
      auto const group = name.substr(0, cut);
      // Interleaved runs come in any order; the table has that of their registration.
      auto& row = rows_[run.family_index];
      row.group = group;
      row.who = name.substr(cut + 1);
      row.nanoseconds.push_back(run.GetAdjustedCPUTime());
    }
  }

  void Finalize() override {
    std::printf("%-24s %-24s %10s %10s\n", "", "", "ns", "x floor");
    std::string group;
    for (auto const& [number, row] : rows_) {
      std::printf("%-24s %-24s %10.1f", row.group == group ? "" : row.group.c_str(), row.who.c_str(), median(row.nanoseconds));
      group = row.group;
      auto const floor = std::find_if(rows_.begin(), rows_.end(), [&](auto const& r) { return r.second.group == group && r.second.who == "floor"; });
      if (floor != rows_.end() && floor->second.nanoseconds.size() == row.nanoseconds.size()) {
        std::vector<double> ratios;
        for (std::size_t i = 0; i < row.nanoseconds.size(); ++i) ratios.push_back(row.nanoseconds[i] / floor->second.nanoseconds[i]);
        std::printf(" %10.2f", median(ratios));
      }
      std::printf("\n");
    }
  }

private:
  struct timed {
    std::string group, who;
    std::vector<double> nanoseconds;
  };
  std::map<std::int64_t, timed> rows_;
};

/// Nine repetitions, interleaved, unless the command line says otherwise.
inline int main(int argc, char** argv) {
  std::vector<std::string> words = {argv[0], "--benchmark_repetitions=9", "--benchmark_enable_random_interleaving=true",
                                    "--benchmark_min_time=0.05"};
  words.insert(words.end(), argv + 1, argv + argc);
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  auto count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 1;
  reporter show;
  benchmark::RunSpecifiedBenchmarks(&show);
  return 0;
}

}  // namespace table
