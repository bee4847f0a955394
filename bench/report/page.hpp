#pragma once
// Tables within a page of docs/: what stands between `<!-- table: NAME -->` and `<!-- /table -->` is written anew.

#include "../rows.hpp"
#include "plots.hpp"

#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>

namespace page {

/// "what the processor calls itself; the compiler"
inline std::string machine() {
  std::string model = "an unknown processor";
  std::ifstream in("/proc/cpuinfo");
  int cores = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("processor")) ++cores;
    if (line.starts_with("model name") && line.find(": ") != std::string::npos) model = line.substr(line.find(": ") + 2);
  }
#if defined(__clang__)
  return model + ", " + std::to_string(cores) + " cores, clang " __clang_version__ ", -O2";
#else
  return model + ", " + std::to_string(cores) + " cores, g++ " __VERSION__ ", -O2";
#endif
}

inline std::string figure(table::row const& r) {
  return r.unit == "ns" ? plots::time_text(r.figure()) : table::shown(r.figure()) + " " + r.unit;
}

/// Each goal, and what was found.
inline std::string goals_table(table::measured const& all, std::vector<table::goal> const& goals) {
  std::ostringstream out;
  out << "| work | takes | goal | found | |\n|---|---|---|---|---|\n";
  std::string last;
  for (auto const& g : goals) {
    auto const j = table::judge(g, all);
    auto const* const ours = all.find(g.group, g.who);
    auto const other_there = g.other.find('/') != std::string::npos || all.find(g.group, g.other) != nullptr;
    if (ours != nullptr && j.is == table::verdict::not_measured && !other_there) continue;  // a peer that is not there
    char found[40] = "";
    if (j.is != table::verdict::not_measured) std::snprintf(found, sizeof found, j.found >= 100 ? "%.0f" : "%.2f", j.found);
    out << "| " << (g.group == last ? "" : g.group) << " | "
        << (g.group == last || ours == nullptr ? "" : figure(*ours)) << " | " << g.text << " | " << found << " | "
        << (j.is == table::verdict::missed ? "**missed**" : table::word(j.is)) << " |\n";
    last = g.group;
  }
  return out.str();
}

/// All rows, but those that the plots are drawn of.
inline std::string rows_table(table::measured const& all, std::function<bool(table::row const&)> const& shown) {
  std::ostringstream out;
  out << "| work | who | | × floor | allocations |\n|---|---|---|---|---|\n";
  std::string last;
  for (auto const& r : all.rows) {
    if (!shown(r)) continue;
    auto const* const floor = all.find(r.group, "floor");
    char times[24] = "";
    if (floor != nullptr && floor != &r) std::snprintf(times, sizeof times, "%.2f", table::ratio(r, *floor));
    out << "| " << (r.group == last ? "" : r.group) << " | " << (r.who == "countersign" ? "**countersign**" : r.who) << " | "
        << figure(r) << " | " << times << " | "
        << (r.unit == "ns" && r.allocations >= 0 ? table::shown_count(r.allocations) : "") << " |\n";
    last = r.group;
  }
  return out.str();
}

/// False if the page can't be read or written, or a table of it is known by nobody.
inline bool rewrite(std::string const& path, std::function<std::string(std::string const&)> const& make) {
  std::ifstream in(path);
  if (!in) return false;
  std::ostringstream out;
  bool inside = false, known = true;
  for (std::string line; std::getline(in, line);) {
    if (line == "<!-- /table -->") inside = false;
    if (!inside) out << line << '\n';
    constexpr std::string_view open = "<!-- table: ";
    if (!line.starts_with(open)) continue;
    auto const made = make(line.substr(open.size(), line.find(" -->") - open.size()));
    known = known && !made.empty();
    out << made;
    inside = true;
  }
  in.close();
  if (!known || inside) return false;
  std::ofstream(path) << out.str();
  return true;
}

}  // namespace page
