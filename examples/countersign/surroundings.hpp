#pragma once
// What is around a server of the config: the environment with the dotenv files beneath it.

#include "found_config.hpp"
#include "options.hpp"

#include <countersign/core/context.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/source/layered_environment.hpp>

#include <string>

namespace program {

/// The real outside world, where a variable that is not set comes from `--env-file`, else from the server's
/// `envFile`; CLAUDE_PLUGIN_ROOT is the config's folder unless it is set. Outlives what was made with
/// its context.
class surroundings {
public:
  surroundings(options const& asked, found_config const& found);

  /// The folder where relative paths of the config start.
  std::string const& folder() const { return folder_; }

  countersign::result<void> load(countersign::mcp::server const& server);
  /// Of no server: what `--env-file` says, and the environment.
  countersign::result<void> load();

  countersign::context context() const { return layers_.outside(); }

private:
  std::string env_file_, folder_;
  bool debug_;
  countersign::layered_environment layers_;
};

}  // namespace program
