#pragma once
// Which config is meant, and what it says.

#include "options.hpp"

#include <countersign/core/result.hpp>
#include <countersign/mcp/config.hpp>
#include <countersign/mcp/headers_program.hpp>

#include <string>

namespace program {

/// A parsed config, the absolute path of its file, and whose it is: one that the user has named, or that lies in the
/// user's own folder, is the user's; one found by search is the project's.
struct found_config {
  std::string path;
  countersign::mcp::config config;
  countersign::mcp::config_owner owner;
};

/// `--config`, else $COUNTERSIGN_CONFIG, else `.mcp.json` here or in a parent up to the root of the git
/// repository, else $XDG_CONFIG_HOME/countersign/mcp.json. Warnings about it are said. Where there is
/// none, the error says where it was looked for.
countersign::result<found_config> find_config(options const& asked);

/// The path of the same file, unread.
countersign::result<std::string> locate_config(options const& asked);

}  // namespace program
