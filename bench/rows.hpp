#pragma once
// What was measured, and what should have been: rows, the goals of goals.txt, and the table of both. Rows go from the
// benchmarks to the report in files of lines whose words are parted by tabs.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace table {

inline double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  auto const middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// One line of the table. Rows of one group did the same work on the same input.
struct row {
  std::string group;           ///< "work/size"
  std::string who;             ///< "floor", "countersign", or a peer
  std::string unit = "ns";     ///< of the values; less is better
  double allocations = -1;     ///< each time the work is done; -1: not counted
  std::vector<double> values;  ///< one for each repetition

  [[nodiscard]] std::string name() const { return group + "/" + who; }
  [[nodiscard]] double figure() const { return median(values); }
};

/// How many times `a` is of `b`. The n-th repetitions of both were made one after the other, so that what disturbs the
/// machine for a while disturbs both: the median of their ratios is steadier than the ratio of their medians.
inline double ratio(row const& a, row const& b) {
  if (a.values.size() != b.values.size()) return a.figure() / b.figure();
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.values.size(); ++i) ratios.push_back(a.values[i] / b.values[i]);
  return median(std::move(ratios));
}

/// A peer that this build has not, and why.
struct left_out_peer {
  std::string who, why;
};

struct measured {
  std::vector<row> rows;
  std::vector<left_out_peer> left_out;

  [[nodiscard]] row const* find(std::string_view group, std::string_view who) const {
    for (auto const& r : rows)
      if (r.group == group && r.who == who) return &r;
    return nullptr;
  }
};

inline void write(std::ostream& out, measured const& all) {
  out.precision(9);
  for (auto const& r : all.rows) {
    out << "row\t" << r.group << '\t' << r.who << '\t' << r.unit << '\t' << r.allocations << '\t';
    for (auto const value : r.values) out << value << ' ';
    out << '\n';
  }
  for (auto const& peer : all.left_out) out << "left out\t" << peer.who << '\t' << peer.why << '\n';
}

/// Adds what the file holds. False if it can't be read or holds something else.
inline bool read(std::string const& path, measured& all) {
  std::ifstream in(path);
  if (!in) return false;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string what;
    std::getline(words, what, '\t');
    if (what == "row") {
      row r;
      std::string count, value;
      std::getline(words, r.group, '\t');
      std::getline(words, r.who, '\t');
      std::getline(words, r.unit, '\t');
      std::getline(words, count, '\t');
      r.allocations = std::strtod(count.c_str(), nullptr);
      while (words >> value) r.values.push_back(std::strtod(value.c_str(), nullptr));
      if (r.values.empty()) return false;
      all.rows.push_back(std::move(r));
    } else if (what == "left out") {
      left_out_peer peer;
      std::getline(words, peer.who, '\t');
      std::getline(words, peer.why, '\t');
      all.left_out.push_back(std::move(peer));
    } else {
      return false;
    }
  }
  return true;
}

/// A line of goals.txt.
struct goal {
  enum class kind { at_most, at_least_as_fast, figure, allocations };

  std::string group, who;
  std::string text;  ///< as written
  kind what = kind::at_most;
  double limit = 0;
  std::string other;  ///< the row compared with; its group before a slash, if it is another
};

enum class verdict { met, missed, not_measured };

struct judged {
  verdict is = verdict::not_measured;
  double found = 0;
};

inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The goals, or nothing and `problem` says what is wrong on which line.
inline std::optional<std::vector<goal>> read_goals(std::string const& path, std::string& problem) {
  std::ifstream in(path);
  if (!in) return problem = path + ": cannot be read", std::nullopt;
  std::vector<goal> goals;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (trimmed(line).empty() || line[0] == '#') continue;
    auto const wrong = [&](char const* what) {
      problem = path + ", line " + std::to_string(number) + ": " + what;
      return std::nullopt;
    };
    auto const first = line.find(" | "), second = line.find(" | ", first + 1);
    if (first == std::string::npos || second == std::string::npos) return wrong("expected WORK/SIZE | WHO | GOAL");
    goal g;
    g.group = trimmed(std::string_view(line).substr(0, first));
    g.who = trimmed(std::string_view(line).substr(first + 3, second - first - 3));
    g.text = trimmed(std::string_view(line).substr(second + 3));
    if (g.text == "0 allocations") {
      g.what = goal::kind::allocations;
    } else {
      char* end = nullptr;
      g.limit = g.text.size() > 3 ? std::strtod(g.text.c_str() + 3, &end) : 0;
      if (!(g.limit > 0)) return wrong("expected a figure after <= or >=");
      std::string_view const rest = end;
      if (rest.starts_with(" x ")) {
        g.other = rest.substr(3);
        g.what = g.text.starts_with(">= ") ? goal::kind::at_least_as_fast : goal::kind::at_most;
      } else {
        g.other = trimmed(rest);  // the unit
        g.what = goal::kind::figure;
      }
      if (!g.text.starts_with("<= ") && g.what != goal::kind::at_least_as_fast)
        return wrong("expected <= 1.2 x ROW, >= 8 x ROW, <= 1200 UNIT or 0 allocations");
      if (g.other.empty()) return wrong("expected a row or a unit after the figure");
    }
    goals.push_back(std::move(g));
  }
  return goals;
}

inline judged judge(goal const& g, measured const& all) {
  auto const* const ours = all.find(g.group, g.who);
  if (ours == nullptr) return {};
  auto const of = [](double found, bool met) { return judged{met ? verdict::met : verdict::missed, found}; };
  if (g.what == goal::kind::allocations)
    return ours->allocations < 0 ? judged{} : of(ours->allocations, ours->allocations == 0);
  if (g.what == goal::kind::figure)
    return g.other == ours->unit ? of(ours->figure(), ours->figure() <= g.limit) : judged{};
  auto const cut = g.other.rfind('/');
  auto const* const other = cut == std::string::npos ? all.find(g.group, g.other)
                                                     : all.find(g.other.substr(0, cut), g.other.substr(cut + 1));
  if (other == nullptr) return {};
  if (g.what == goal::kind::at_most) {
    auto const found = ratio(*ours, *other);
    return of(found, found <= g.limit);
  }
  auto const found = ratio(*other, *ours);
  return of(found, found >= g.limit);
}

inline char const* word(verdict v) {
  return v == verdict::met ? "met" : v == verdict::missed ? "MISSED" : "not measured";
}

/// Floor, then countersign, then the peers by their figures; groups stay where they came.
inline void sort_rows(std::vector<row>& rows) {
  std::map<std::string, std::size_t> order;
  for (auto const& r : rows) order.emplace(r.group, order.size());
  auto const rank = [](row const& r) {
    return r.who == "floor" ? 0 : r.who == "countersign" ? 1 : r.who.starts_with("countersign") ? 2 : 3;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](row const& a, row const& b) {
    if (a.group != b.group) return order[a.group] < order[b.group];
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return rank(a) == 3 && a.figure() < b.figure();
  });
}

inline std::string shown(double value) {
  char text[40];
  if (value < 100)
    std::snprintf(text, sizeof text, "%.1f", value);
  else if (value < 1e7)
    std::snprintf(text, sizeof text, "%.0f", value);
  else
    std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}
inline std::string shown_count(double allocations) {
  char text[40];
  std::snprintf(text, sizeof text, allocations < 0 ? "?" : allocations == std::floor(allocations) ? "%.0f" : "%.1f",
                allocations);
  return text;
}

/// Columns of characters, not bytes: a row may be called "Krämer's".
inline std::string padded(std::string text, std::size_t width) {
  auto const characters = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  if (characters < width) text.append(width - characters, ' ');
  return text;
}

/// The table, each goal beside its row. How many goals were missed or have no row.
inline int print(std::FILE* out, measured all, std::vector<goal> const& goals) {
  sort_rows(all.rows);
  std::fprintf(out, "%-26s %-30s %9s %-4s %8s %7s  %s\n", "work/size", "who", "", "", "x floor", "allocs", "goal");
  std::string group;
  int met = 0;
  std::vector<std::string> missed, without;
  for (auto const& r : all.rows) {
    auto const* const floor = all.find(r.group, "floor");
    char times[24] = "";
    if (floor != nullptr && r.unit == floor->unit) std::snprintf(times, sizeof times, "%.2f", ratio(r, *floor));
    std::fprintf(out, "%s %s %9s %-4s %8s %7s", padded(r.group == group ? "" : r.group, 26).c_str(),
                 padded(r.who, 30).c_str(), shown(r.figure()).c_str(), r.unit.c_str(), times,
                 r.unit == "ns" ? shown_count(r.allocations).c_str() : "");
    group = r.group;
    bool first = true;
    for (auto const& g : goals) {
      if (g.group != r.group || g.who != r.who) continue;
      auto const j = judge(g, all);
      char found[40] = "";
      if (j.is != verdict::not_measured && g.what != goal::kind::allocations)
        std::snprintf(found, sizeof found, g.what == goal::kind::figure ? " (%.0f)" : " (%.2f)", j.found);
      if (j.is == verdict::not_measured && g.what != goal::kind::allocations && g.other.find('/') == std::string::npos &&
          g.other != "floor")
        continue;  // a peer that is not there
      std::fprintf(out, "%*s  %s: %s%s\n", first ? 0 : 89, "", g.text.c_str(), word(j.is), found);
      first = false;
      met += j.is == verdict::met;
      if (j.is == verdict::missed) missed.push_back(r.name() + " " + g.text + found);
    }
    if (first) std::fprintf(out, "\n");
  }
  for (auto const& g : goals)
    if (all.find(g.group, g.who) == nullptr && (without.empty() || without.back() != g.group + "/" + g.who))
      without.push_back(g.group + "/" + g.who);
  std::fprintf(out, "\n%d goals met, %zu missed; %zu rows with goals not measured\n", met, missed.size(), without.size());
  for (auto const& m : missed) std::fprintf(out, "missed: %s\n", m.c_str());
  for (auto const& w : without) std::fprintf(out, "not measured: %s\n", w.c_str());
  std::set<std::string> told;
  for (auto const& peer : all.left_out)
    if (told.insert(peer.who).second) std::fprintf(out, "left out: %s (%s)\n", peer.who.c_str(), peer.why.c_str());
  return static_cast<int>(missed.size() + without.size());
}

}  // namespace table
