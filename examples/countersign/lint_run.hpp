#pragma once
// One run of the lint rules over a tree.

#include "tree.hpp"

#include <countersign/core/secret.hpp>
#include <countersign/inspect/finding.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace program {

/// Bytes of a file that is looked into; longer ones nobody wrote by hand.
inline constexpr std::size_t max_linted_file = 1024 * 1024;

struct told {
  std::string file;  // as it is shown: from here, or absolute
  countersign::mcp::finding what;
};

class lint_run {
public:
  /// Every rule over the files of a tree that lie at or below `paths`; none: all. `config` is one whatever
  /// its name, and belongs to its user where it lies in no project. What is skipped is counted.
  void over(tree const& in, std::vector<std::filesystem::path> const& paths,
            std::filesystem::path const& config);

  /// What others found.
  void tell(std::filesystem::path const& path, countersign::mcp::finding const& what);

  /// In the order of files, lines and columns.
  std::vector<told> const& sorted();
  /// Configs that were met.
  std::set<std::filesystem::path> const& configs() const { return configs_; }
  /// Files of variables that git would add.
  std::set<std::filesystem::path> const& exposed() const { return exposed_; }
  /// Says what was skipped, if anything.
  void say_skipped() const;

private:
  void file(tree const& in, tree_file const& one, bool is_named);
  void config(tree const& in, std::filesystem::path const& path, std::string_view text, bool is_named);
  void documented(tree const& in, std::filesystem::path const& path, std::string_view text);
  bool is_documented(tree const& in, std::string_view variable);
  bool read(std::filesystem::path const& path, countersign::secret& to, bool count);
  void path_rules(tree const& in, std::filesystem::path const& path,
                  countersign::mcp::file_facts const& facts);

  std::vector<told> found_;
  std::set<std::filesystem::path> configs_, exposed_, facts_told_;
  std::vector<countersign::secret> documents_;
  bool documents_read_ = false;
  std::size_t binary_ = 0, long_ = 0, unreadable_ = 0;
};

/// A path as it is shown.
std::string shown_path(std::filesystem::path const& path);

}  // namespace program
