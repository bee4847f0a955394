// Usage: bench_report GOALS RESULTS.json ROWS…   Puts the rows of all benchmarks together: prints the table, and writes
// it as JSON. The exit code is 3 when a goal was missed or has no row.

#include "../rows.hpp"

#include <cstdio>
#include <fstream>
#include <ostream>
#include <string>
#include <string_view>

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

void write_json(std::ostream& out, table::measured const& all, std::vector<table::goal> const& goals) {
  out << "{\n  \"rows\": [";
  char const* comma = "\n";
  for (auto const& r : all.rows) {
    auto const cut = r.group.find('/');
    out << comma << "    {\"work\": " << quoted(r.group.substr(0, cut)) << ", \"size\": " << quoted(r.group.substr(cut + 1))
        << ", \"who\": " << quoted(r.who) << ", \"unit\": " << quoted(r.unit) << ", \"median\": " << r.figure();
    if (auto const* const floor = all.find(r.group, "floor"); floor != nullptr && floor->unit == r.unit)
      out << ", \"ratio_to_floor\": " << table::ratio(r, *floor);
    if (r.allocations >= 0) out << ", \"allocations\": " << r.allocations;
    out << ", \"repetitions\": [";
    for (std::size_t i = 0; i < r.values.size(); ++i) out << (i == 0 ? "" : ", ") << r.values[i];
    out << "]}";
    comma = ",\n";
  }
  out << "\n  ],\n  \"goals\": [";
  comma = "\n";
  for (auto const& g : goals) {
    auto const cut = g.group.find('/');
    auto const j = table::judge(g, all);
    out << comma << "    {\"work\": " << quoted(g.group.substr(0, cut)) << ", \"size\": " << quoted(g.group.substr(cut + 1))
        << ", \"who\": " << quoted(g.who) << ", \"goal\": " << quoted(g.text)
        << ", \"verdict\": " << quoted(j.is == table::verdict::missed ? "missed" : table::word(j.is));
    if (j.is != table::verdict::not_measured) out << ", \"found\": " << j.found;
    out << "}";
    comma = ",\n";
  }
  out << "\n  ],\n  \"left_out\": [";
  comma = "\n";
  for (auto const& peer : all.left_out) {
    out << comma << "    {\"who\": " << quoted(peer.who) << ", \"why\": " << quoted(peer.why) << "}";
    comma = ",\n";
  }
  out << "\n  ]\n}\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: %s GOALS RESULTS.json ROWS…\n", argv[0]);
    return 2;
  }
  std::string problem;
  auto const goals = table::read_goals(argv[1], problem);
  if (!goals) return std::fprintf(stderr, "%s\n", problem.c_str()), 2;
  table::measured all;
  for (int i = 3; i < argc; ++i)
    if (!table::read(argv[i], all)) return std::fprintf(stderr, "%s: cannot be read, or holds no rows\n", argv[i]), 2;
  table::sort_rows(all.rows);
  int const short_of = table::print(stdout, all, *goals);
  std::ofstream json(argv[2]);
  write_json(json, all, *goals);
  if (!json.flush()) return std::fprintf(stderr, "%s: cannot be written\n", argv[2]), 2;
  return short_of == 0 ? 0 : 3;
}
