#pragma once
// The variables that the texts of one server may name.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/source/layered_environment.hpp>

#include <string_view>

namespace countersign::inline v0::mcp {

/// Names the folder of a plugin. Where nothing sets it, it is the config's folder.
inline constexpr std::string_view plugin_root = "CLAUDE_PLUGIN_ROOT";

/// A path of an entry: what is not absolute starts at the config's folder. Empty stays empty.
[[nodiscard]] inline secret path_of(server const& of, std::string_view path) {
  bool const drive = path.size() > 2 && path[1] == ':';  // Windows
  bool const absolute = path.starts_with('/') || path.starts_with('\\') || drive;
  if (path.empty() || absolute || of.folder().empty()) return secret(path);
  return secret(of.folder(), of.folder().ends_with('/') ? "" : "/", path);
}

/// What is beneath, with the entry's `envFile` under it and `plugin_root` under both. Points to itself: it
/// outlives every context that it gives.
class server_environment {
public:
  explicit server_environment(context const& beneath) noexcept : layers_(beneath) {}

  /// Reads what the entry names. Once, before the first use. Errors name server, key, file and line.
  [[nodiscard]] result<void> load(server const& of) {
    if (auto ok = layers_.assign(plugin_root, of.folder().empty() ? "." : of.folder()); !ok) return ok;
    if (of.env_file().empty()) return {};
    outside().trace({"loads", of.env_file(), ""});
    auto const named = expand_strictly(of.env_file(), outside());
    auto const loaded = named ? layers_.load(path_of(of, named->reveal()).reveal()) : named.error();
    if (!loaded) return about_server(loaded.error(), of.name(), "envFile");
    return {};
  }

  [[nodiscard]] context outside() const noexcept { return layers_.outside(); }
  /// What is added to the environment beneath: what a stdio server is given beside it.
  [[nodiscard]] dotenv_file const& added() const noexcept { return layers_.files(); }

private:
  layered_environment layers_;
};

}  // namespace countersign::inline v0::mcp
