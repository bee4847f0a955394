#include "surroundings.hpp"

#include "output.hpp"

#include <countersign/mcp/env_file.hpp>

#include <cstdlib>
#include <filesystem>

namespace cs = countersign;

namespace program {

surroundings::surroundings(options const& asked, found_config const& found)
    : env_file_(asked.env_file), folder_(std::filesystem::path(found.path).parent_path().string()),
      debug_(asked.debug), layers_(outside(asked.debug)) {
  ::setenv("CLAUDE_PLUGIN_ROOT", folder_.c_str(), 0);
}

cs::result<void> surroundings::load() {
  if (env_file_.empty()) return {};
  if (debug_) say("loads " + env_file_);
  if (auto ok = layers_.load(env_file_); !ok) return ok.error().within("--env-file: ");
  return {};
}

// The last file that is loaded wins.
cs::result<void> surroundings::load(cs::mcp::server const& server) {
  if (debug_ && !server.env_file().empty()) say("loads " + std::string(server.env_file()));
  if (auto ok = cs::mcp::load_env_file(server, folder_, layers_); !ok) return ok;
  return load();
}

}  // namespace program
