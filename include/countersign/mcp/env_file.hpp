#pragma once
// The dotenv file that a server's entry names.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/detail/place.hpp>
#include <countersign/mcp/detail/templates.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/source/layered_environment.hpp>

#include <string_view>

namespace countersign::inline v0::mcp {

/// A path of a config, which starts at the config's folder unless it is absolute.
/// @param folder the config's; empty: the current one
[[nodiscard]] inline secret path_from(std::string_view folder, std::string_view path) noexcept {
  bool const drive = path.size() > 2 && path[1] == ':';  // Windows
  if (folder.empty() || path.starts_with('/') || path.starts_with('\\') || drive) return secret(path);
  return secret(folder, folder.ends_with('/') ? "" : "/", path);
}

/// Loads the `envFile` of a server, if it names one. A file that is not there is an error too: somebody
/// counts on it. Whatever expands the entry's texts takes `layers.outside()` from then on.
[[nodiscard]] inline result<void> load_env_file(server const& of, std::string_view folder,
                                                layered_environment& layers) {
  if (of.env_file().empty()) return {};
  auto const named = detail::expand_strictly(of.env_file(), layers.outside());
  if (!named) return detail::about_server(named.error(), of.name(), "envFile");
  auto const path = path_from(folder, named->reveal());
  if (!path.ok()) return error(errc::no_memory, "envFile: out of memory");
  if (auto ok = layers.load(path.reveal()); !ok)
    return detail::about_server(ok.error(), of.name(), "envFile");
  return {};
}

}  // namespace countersign::inline v0::mcp
