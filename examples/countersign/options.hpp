#pragma once
// What the command line asks for.

#include <string>
#include <vector>

namespace program {

/// Exit codes of the contract.
enum exit_code : int { done = 0, failed = 1, misused = 2, sign_in_needed = 3 };

/// The name of a server that the command line gives the URL of.
inline constexpr char const* typed_server = "url";

struct options {
  std::string command;
  std::vector<std::string> arguments;  // what stands behind the command

  std::vector<std::string> child_arguments;  // behind "--"

  std::string config;
  std::string env_file;
  bool debug = false;
  bool json = false;

  std::string cert, key, cacert;  // of bridge and login: PEM files

  std::string method = "POST";
  std::string url;
  std::string body_file;
  std::string format = "json";
  bool redact = false;

  bool raw = false;
  std::string fix;  // of lint: what is to be corrected; empty: nothing
  std::string scope;        // of login: asked for beside what the config says
  bool no_browser = false;
  int timeout = 180;        // of login, in seconds: how long a person is waited for
  std::string protocol = "2025-11-25";

  /// The server is not one of a config.
  [[nodiscard]] bool names_url() const { return !url.empty() && (command == "bridge" || command == "login"); }
};

}  // namespace program
