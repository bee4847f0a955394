#pragma once
// The plots of docs/performance.md, as SVG: curves of how cost grows, and bars of who takes how long. Colours are told
// apart by those who see few of them, and each line bears its name.

#include "../rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plots {

inline std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else out += c;
  }
  return out;
}
inline std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

/// 3 ns, 1.2 µs, 31 ms.
inline std::string time_text(double nanoseconds) {
  char text[32];
  auto const in = [&](double value, char const* unit) {
    std::snprintf(text, sizeof text, value < 10 ? "%.1f %s" : "%.0f %s", value, unit);
    std::string_view const shown = text;
    auto const zero = shown.find(".0 ");
    return zero == std::string_view::npos ? std::string(shown) : std::string(shown.substr(0, zero)) + std::string(shown.substr(zero + 2));
  };
  if (nanoseconds < 1e3) return in(nanoseconds, "ns");
  if (nanoseconds < 1e6) return in(nanoseconds / 1e3, "µs");
  return in(nanoseconds / 1e6, "ms");
}
inline std::string bytes_text(double bytes) {
  char text[32];
  if (bytes < 1024) std::snprintf(text, sizeof text, "%.0f B", bytes);
  else if (bytes < 1024 * 1024) std::snprintf(text, sizeof text, "%.0f KiB", bytes / 1024);
  else std::snprintf(text, sizeof text, "%.0f MiB", bytes / 1024 / 1024);
  return text;
}

inline char const* colour(std::string_view who, std::size_t place) {
  constexpr std::array others{"#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"};
  return who == "countersign" ? "#d55e00" : who == "floor" ? "#000000" : others[place % others.size()];
}

inline void begin(std::ostream& out, double width, double height, std::string_view title) {
  out << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << width << ' ' << height
      << "\" font-family=\"system-ui, sans-serif\" font-size=\"13\" role=\"img\">\n<title>" << escaped(title)
      << "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
}
inline void text(std::ostream& out, double x, double y, std::string_view anchor, std::string_view what,
                 std::string_view more = "") {
  out << "<text x=\"" << number(x) << "\" y=\"" << number(y) << "\" text-anchor=\"" << anchor << "\" " << more << '>'
      << escaped(what) << "</text>\n";
}

struct curve_plot {
  std::string title;               ///< above it
  std::vector<std::string> works;  ///< rows named "WORK/NUMBER/WHO"; several are one plot, and are named in its labels
  std::string below;               ///< what the numbers are
  bool bytes = false;              ///< whether they are bytes
};

/// False when there is no such row.
inline bool curves(std::ostream& out, table::measured const& all, curve_plot const& of) {
  struct line {
    std::string label, who;
    std::vector<std::pair<double, double>> points;
  };
  std::vector<line> lines;
  for (auto const& r : all.rows) {
    auto const cut = r.group.find('/');
    if (std::find(of.works.begin(), of.works.end(), r.group.substr(0, cut)) == of.works.end()) continue;
    auto const label = of.works.size() == 1 ? r.who : r.who + ", " + r.group.substr(0, cut);
    auto found = std::find_if(lines.begin(), lines.end(), [&](auto const& l) { return l.label == label; });
    if (found == lines.end()) found = lines.insert(lines.end(), line{label, r.who, {}});
    found->points.emplace_back(std::strtod(r.group.c_str() + cut + 1, nullptr), r.figure());
  }
  if (lines.empty()) return false;
  std::vector<double> sizes;
  double least = 1e300, most = 0;
  for (auto& l : lines) {
    std::sort(l.points.begin(), l.points.end());
    for (auto const& [x, y] : l.points) {
      if (std::find(sizes.begin(), sizes.end(), x) == sizes.end()) sizes.push_back(x);
      least = std::min(least, y), most = std::max(most, y);
    }
  }
  std::sort(sizes.begin(), sizes.end());
  double const low = std::floor(std::log10(least)), high = std::max(low + 1, std::ceil(std::log10(most)));
  constexpr double width = 760, height = 380, left = 70, right = 210, top = 44, bottom = 56;
  auto const across = [&](double size) {
    auto const span = std::log(sizes.back() / sizes.front());
    return left + (width - left - right) * (span > 0 ? std::log(size / sizes.front()) / span : 0.5);
  };
  auto const up = [&](double time) {
    return height - bottom - (height - top - bottom) * (std::log10(time) - low) / (high - low);
  };
  begin(out, width, height, of.title);
  text(out, left, 24, "start", of.title, "font-size=\"15\" font-weight=\"600\"");
  for (double power = low; power <= high; ++power) {
    auto const y = up(std::pow(10, power));
    out << "<line x1=\"" << left << "\" x2=\"" << width - right << "\" y1=\"" << number(y) << "\" y2=\"" << number(y)
        << "\" stroke=\"#dddddd\"/>\n";
    text(out, left - 8, y + 4, "end", time_text(std::pow(10, power)));
  }
  for (auto const size : sizes) {
    out << "<line x1=\"" << number(across(size)) << "\" x2=\"" << number(across(size)) << "\" y1=\"" << height - bottom
        << "\" y2=\"" << height - bottom + 5 << "\" stroke=\"#888888\"/>\n";
    char plain[32];
    std::snprintf(plain, sizeof plain, "%.0f", size);
    text(out, across(size), height - bottom + 19, "middle", of.bytes ? bytes_text(size) : plain, "font-size=\"12\"");
  }
  text(out, (left + width - right) / 2, height - 12, "middle", of.below);
  std::vector<std::pair<double, std::size_t>> labels;
  std::size_t place = 0;
  std::vector<char const*> colours;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto const& l = lines[i];
    colours.push_back(l.who == "countersign" && l.label != lines[0].label && lines[0].who == l.who ? colour("", place++)
                      : l.who == "floor" || l.who == "countersign"                                ? colour(l.who, 0)
                                                                                                  : colour("", place++));
    out << "<polyline fill=\"none\" stroke=\"" << colours[i] << "\" stroke-width=\"" << (l.who == "countersign" ? 2.5 : 1.5)
        << '"' << (l.who == "floor" ? " stroke-dasharray=\"5 4\"" : "") << " points=\"";
    for (auto const& [x, y] : l.points) out << number(across(x)) << ',' << number(up(y)) << ' ';
    out << "\"/>\n";
    for (auto const& [x, y] : l.points)
      out << "<circle cx=\"" << number(across(x)) << "\" cy=\"" << number(up(y)) << "\" r=\"2.5\" fill=\"" << colours[i] << "\"/>\n";
    labels.emplace_back(up(l.points.back().second), i);
  }
  // Names at the ends of the lines, moved apart where they would lie on one another.
  std::sort(labels.begin(), labels.end());
  double last = -100;
  for (auto const& [y, i] : labels) {
    last = std::max(y + 4, last + 15);
    text(out, across(lines[i].points.back().first) + 9, last, "start", lines[i].label,
         std::string("font-size=\"12\" stroke=\"#ffffff\" stroke-width=\"4\" paint-order=\"stroke\" fill=\"") + colours[i] + "\"");
  }
  out << "</svg>\n";
  return true;
}

/// One panel for each group, its rows as bars from zero.
inline bool bars(std::ostream& out, table::measured const& all, std::string_view title, std::vector<std::string> const& groups) {
  std::vector<std::vector<table::row const*>> panels;
  std::size_t rows = 0;
  for (auto const& group : groups) {
    std::vector<table::row const*> panel;
    for (auto const& r : all.rows)
      if (r.group == group && !r.who.starts_with("countersign,")) panel.push_back(&r);
    if (panel.empty()) continue;
    rows += panel.size();
    panels.push_back(std::move(panel));
  }
  if (panels.empty()) return false;
  constexpr double width = 760, left = 230, right = 130, line = 20, gap = 34;
  double const height = 40 + static_cast<double>(rows) * line + static_cast<double>(panels.size()) * gap;
  begin(out, width, height, title);
  text(out, 16, 24, "start", title, "font-size=\"15\" font-weight=\"600\"");
  double y = 40;
  for (auto const& panel : panels) {
    y += gap - 12;
    text(out, 16, y, "start", panel[0]->group, "font-weight=\"600\"");
    y += 12;
    double most = 0;
    for (auto const* r : panel) most = std::max(most, r->figure());
    for (auto const* r : panel) {
      bool const known = r->who == "floor" || r->who == "countersign";
      text(out, left - 10, y + 11, "end", r->who == "floor" ? "by hand (floor)" : r->who, "font-size=\"12\"");
      auto const length = std::max(1.0, (width - left - right) * r->figure() / most);
      out << "<rect x=\"" << left << "\" y=\"" << number(y) << "\" width=\"" << number(length) << "\" height=\"14\" fill=\""
          << (known ? colour(r->who, 0) : "#9aa5b1") << "\"/>\n";
      auto const shown = r->unit == "ns" ? time_text(r->figure()) : table::shown(r->figure()) + " " + r->unit;
      text(out, left + length + 7, y + 11, "start", shown, "font-size=\"12\"");
      y += line;
    }
  }
  out << "</svg>\n";
  return true;
}

}  // namespace plots
