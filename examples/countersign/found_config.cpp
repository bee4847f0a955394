#include "found_config.hpp"

#include "output.hpp"

#include <countersign/os/file.hpp>
#include <countersign/text/json_writer.hpp>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

namespace cs = countersign;
namespace fs = std::filesystem;

namespace program {

namespace {

std::string variable(char const* name) {
  auto const* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// From here up to the folder that holds `.git`. Outside of a repository only here: a config that
// somebody else put into a folder above, /tmp say, is nobody's project.
std::vector<fs::path> project_folders() {
  std::error_code failed;
  auto const here = fs::current_path(failed);
  if (failed) return {};
  std::vector<fs::path> folders;
  for (auto folder = here;; folder = folder.parent_path()) {
    folders.push_back(folder);
    if (fs::exists(folder / ".git", failed)) return folders;
    if (folder == folder.parent_path()) return {here};
  }
}

fs::path user_config() {
  auto base = variable("XDG_CONFIG_HOME");
  // XDG Base Directory: a relative path is to be ignored.
  if (base.empty() || base[0] != '/') {
    auto const home = variable("HOME");
    if (home.empty()) return {};
    base = home + "/.config";
  }
  return fs::path(base) / "countersign" / "mcp.json";
}

// Whether a warning matters to who asked: `list` hears all, others what is about their server or about none.
struct listener {
  std::string about;
  void operator()(std::string_view warning) const {
    if (about.empty() || warning.find(about) != std::string_view::npos ||
        warning.find(": server \"") == std::string_view::npos)
      say("warning: " + std::string(warning));
  }
};

cs::result<found_config> open(fs::path const& path, options const& asked, cs::mcp::config_owner owner) {
  std::error_code failed;
  auto const absolute = fs::absolute(path, failed).lexically_normal().string();
  auto text = cs::os::read_file(path.string(), cs::mcp::max_config_size);
  if (!text) return text.error();
  listener heard{asked.arguments.empty() ? "" : ": server \"" + asked.arguments[0].substr(0, 40)};
  cs::mcp::warnings const warn{
      [](void* to, cs::error const& about) { (*static_cast<listener*>(to))(about.message()); }, &heard};
  auto config = cs::mcp::config::parse(std::move(*text), path.string(), warn, fs::path(absolute).parent_path().string());
  if (!config) return config.error();
  return found_config{absolute, std::move(*config), owner};
}

// What the command line says instead of a config.
cs::result<found_config> typed(options const& asked) {
  cs::secret text;
  cs::json_writer out(text);
  bool const socket = asked.url.starts_with("ws:") || asked.url.starts_with("wss:");
  out.open_object().name("mcpServers").open_object().name(typed_server).open_object();
  out.member("type", socket ? "ws" : "http").member("url", asked.url);
  if (!asked.cert.empty() || !asked.key.empty() || !asked.cacert.empty()) {
    out.name("tls").open_object();
    if (!asked.cert.empty()) out.member("cert", asked.cert);
    if (!asked.key.empty()) out.member("key", asked.key);
    if (!asked.cacert.empty()) out.member("ca", asked.cacert);
    out.member("passphrase", "${COUNTERSIGN_TLS_PASSPHRASE:-}").close();
  }
  out.close().close().close();
  if (auto ok = out.finish(); !ok) return ok.error();
  auto config = cs::mcp::config::parse(std::move(text), "the command line");
  if (!config) return config.error();
  return found_config{"", std::move(*config), cs::mcp::config_owner::user};
}

}  // namespace

cs::result<std::string> locate_config(options const& asked) {
  if (!asked.config.empty()) return asked.config;
  if (auto named = variable("COUNTERSIGN_CONFIG"); !named.empty()) return named;
  std::error_code failed;
  std::vector<fs::path> places;
  for (auto const& folder : project_folders()) places.push_back(folder / ".mcp.json");
  if (auto const users = user_config(); !users.empty()) places.push_back(users);
  for (auto const& place : places)
    if (fs::exists(place, failed)) return place.string();

  say("there is no config; looked for:");
  for (auto const& place : places) say("  " + place.string());
  return cs::error{cs::errc::not_mine, "name one by --config FILE or COUNTERSIGN_CONFIG"};
}

cs::result<found_config> find_config(options const& asked) {
  if (asked.names_url()) return typed(asked);
  auto const path = locate_config(asked);
  if (!path) return path.error();
  auto const named = variable("COUNTERSIGN_CONFIG");
  bool const users = !asked.config.empty() || !named.empty() || *path == user_config();
  auto found = open(*path, asked, users ? cs::mcp::config_owner::user : cs::mcp::config_owner::project);
  if (!found && asked.config.empty() && !named.empty() && found.error().code() == cs::errc::not_mine)
    return found.error().within("COUNTERSIGN_CONFIG: ");
  return found;
}

}  // namespace program
