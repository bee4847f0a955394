#pragma once
// `lint --fix`: credentials move out of configs, and nothing is lost.

#include "lint_run.hpp"
#include "tree.hpp"

#include <countersign/core/result.hpp>

#include <filesystem>
#include <string>

namespace program {

/// Moves the literal credentials of a config to variables. Their values go to `.env` beside it, 0600 and
/// ignored by git, before the config is replaced; lines that set them from there are added to `exports`.
/// Nothing is changed where that can't be done.
countersign::result<void> fix_config(tree const& in, std::filesystem::path const& config,
                                     std::string& exports);

/// Adds a file to .gitignore at the root of the tree, unless it is ignored already.
countersign::result<void> ignore(tree const& in, std::filesystem::path const& file);

}  // namespace program
