// Usage: bench_report GOALS RESULTS.json [--docs FOLDER] ROWS…   Puts the rows of all benchmarks together: prints the
// table, and writes it as JSON; --docs: also the tables of FOLDER/performance.md, and its plots under FOLDER/plots/. The
// exit code is 3 when a goal was missed or has no row.

#include "../rows.hpp"
#include "page.hpp"
#include "plots.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

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
  out << "{\n  \"machine\": " << quoted(page::machine()) << ",\n  \"rows\": [";
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

plots::curve_plot const grown[] = {
    {"Headers of one request", {"headers"}, "headers", false},
    {"A bearer token", {"token"}, "size of the token", true},
    {"A body hashed while it comes", {"body"}, "size of the body", true},
    {"A config: read as JSON, and read and checked", {"config as JSON", "config, checked"}, "servers", false},
    {"One authenticator: wall time for each header", {"cached token, threads"}, "threads at once", false}};
char const* const grown_files[] = {"headers", "token", "body", "config", "threads"};

bool is_grown(table::row const& r) {
  auto const work = r.group.substr(0, r.group.find('/'));
  for (auto const& plot : grown)
    for (auto const& of : plot.works)
      if (of == work) return true;
  return false;
}

bool write_docs(std::string const& folder, table::measured const& all, std::vector<table::goal> const& goals) {
  bool good = true;
  for (std::size_t i = 0; i < std::size(grown); ++i) {
    std::ofstream out(folder + "/plots/" + grown_files[i] + ".svg");
    good = plots::curves(out, all, grown[i]) && out.flush() && good;
  }
  std::ofstream made(folder + "/plots/headers_made.svg");
  good = plots::bars(made, all, "Making a header",
                     {"HS256 JWT, one-off/5 claims", "HS256 JWT, prepared/5 claims", "HMAC-SHA256/64 B", "bearer/40",
                      "cached token/40"}) &&
         made.flush() && good;
  std::ofstream read(folder + "/plots/json.svg");
  good = plots::bars(read, all, "Reading JSON", {"JSON/token response 1.2 KiB", "JSON/metadata 2.6 KiB"}) && read.flush() && good;
  return page::rewrite(folder + "/performance.md", [&](std::string const& name) {
    if (name == "machine") return page::machine() + ".\n";
    if (name == "goals") return page::goals_table(all, goals);
    if (name == "rows") return page::rows_table(all, [](table::row const& r) { return !is_grown(r); });
    return std::string();
  }) && good;
}

}  // namespace

int main(int argc, char** argv) {
  std::string_view const fourth = argc > 4 ? argv[3] : "";
  bool const docs = fourth == "--docs";
  int const first = docs ? 5 : 3;
  if (argc <= first) {
    std::fprintf(stderr, "usage: %s GOALS RESULTS.json [--docs FOLDER] ROWS…\n", argv[0]);
    return 2;
  }
  std::string problem;
  auto const goals = table::read_goals(argv[1], problem);
  if (!goals) return std::fprintf(stderr, "%s\n", problem.c_str()), 2;
  table::measured all;
  for (int i = first; i < argc; ++i)
    if (!table::read(argv[i], all)) return std::fprintf(stderr, "%s: cannot be read, or holds no rows\n", argv[i]), 2;
  table::sort_rows(all.rows);
  int const short_of = table::print(stdout, all, *goals);
  std::ofstream json(argv[2]);
  write_json(json, all, *goals);
  if (!json.flush()) return std::fprintf(stderr, "%s: cannot be written\n", argv[2]), 2;
  if (docs && !write_docs(argv[4], all, *goals))
    return std::fprintf(stderr, "%s/performance.md or its plots: cannot be written, or a table or plot has no rows\n", argv[4]), 2;
  return short_of == 0 ? 0 : 3;
}
