#pragma once
// Which config is meant, and what it says.

#include "options.hpp"

#include <countersign/core/result.hpp>
#include <countersign/mcp/config.hpp>

#include <string>

namespace program {

/// A parsed config and the absolute path of its file.
struct found_config {
  std::string path;
  countersign::mcp::config config;
};

/// `--config`, else $COUNTERSIGN_CONFIG, else `.mcp.json` here or in a parent up to the root of the git
/// repository, else $XDG_CONFIG_HOME/countersign/mcp.json. Warnings about it are said. Where there is
/// none, the error says where it was looked for.
countersign::result<found_config> find_config(options const& asked);

/// The path of the same file, unread.
countersign::result<std::string> locate_config(options const& asked);

}  // namespace program
