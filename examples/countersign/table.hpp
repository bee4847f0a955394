#pragma once
// Rows of texts in aligned columns.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace program {

class table {
public:
  explicit table(std::vector<std::string> heads) { add(std::move(heads)); }

  /// As many cells as there are heads.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  /// The heads, a rule, the rows; two blanks between columns, no blank at the end of a line.
  [[nodiscard]] std::string text() const;

private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace program
