#include "table.hpp"

#include "output.hpp"

#include <algorithm>
#include <string_view>

namespace program {

namespace {

// In characters, not bytes: all that is shown here is one column wide a character.
std::size_t width_of(std::string_view cell) {
  return static_cast<std::size_t>(std::count_if(
      cell.begin(), cell.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void end_line(std::string& text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  text += '\n';
}

}  // namespace

std::string table::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (auto const& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));

  std::string all;
  for (auto const& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      all += shown(row[i]) + std::string(widths[i] - width_of(row[i]) + 2, ' ');
    end_line(all);
    if (&row != &rows_.front()) continue;
    for (auto const width : widths) {
      for (std::size_t i = 0; i < width; ++i) all += "\xe2\x94\x80";  // ─
      all += "  ";
    }
    end_line(all);
  }
  return all;
}

}  // namespace program
