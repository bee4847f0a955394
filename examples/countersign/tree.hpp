#pragma once
// The files of a project: what git tracks or would add, or what lies in the folder.

#include <countersign/core/result.hpp>
#include <countersign/inspect/lint_path.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// Files looked at in one tree, folders within one another where git is not asked.
inline constexpr std::size_t max_tree_files = 20000;
inline constexpr int max_tree_depth = 32;

struct tree_file {
  std::filesystem::path path;  // absolute
  countersign::mcp::file_facts facts;
};

struct tree {
  std::filesystem::path root;
  bool versioned = false;
  std::vector<tree_file> files;  // regular ones, links are not followed
};

/// The tree that a folder lies in: from the root of its git repository, else the folder itself without
/// what is built or installed there. What was left out is said.
tree read_tree(std::filesystem::path const& folder);

/// What is known of one file of that tree.
countersign::mcp::file_facts facts_of(tree const& in, std::filesystem::path const& file);

/// Runs git on a folder without anything that the repository's own settings would start. Its output, or an
/// error where it says no.
countersign::result<std::string> ask_git(std::filesystem::path const& folder,
                                         std::vector<std::string_view> const& arguments);

}  // namespace program
