#pragma once
// One entry of a `.mcp.json`, where it lies.

#include <countersign/text/json_value.hpp>

#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp {

/// How a server is reached.
enum class server_type : std::uint8_t { stdio, http, sse, ws };

/// As the config writes it.
[[nodiscard]] constexpr std::string_view name(server_type type) noexcept {
  constexpr std::string_view names[] = {"stdio", "http", "sse", "ws"};
  return names[static_cast<std::size_t>(type)];
}

/// A server of a `config`, checked in shape: what is there has the right type. Texts are as written,
/// `${VAR}` not yet expanded. Refers to the config, and is valid while that stays where it is.
class server {
public:
  server() = default;
  server(std::string_view name, server_type type, json_value entry, std::string_view folder = {}) noexcept
      : name_(name), folder_(folder), type_(type), entry_(entry) {}

  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  /// Where relative paths of the entry start: the config's folder; empty: the working directory.
  [[nodiscard]] std::string_view folder() const noexcept { return folder_; }
  [[nodiscard]] server_type type() const noexcept { return type_; }
  [[nodiscard]] bool is_stdio() const noexcept { return type_ == server_type::stdio; }

  /// May hold a secret once expanded; for messages use it as written, here.
  [[nodiscard]] std::string_view url() const noexcept { return entry_["url"].string(); }
  /// An object of strings, or nothing.
  [[nodiscard]] json_value headers() const noexcept { return entry_["headers"]; }
  /// A shell line or an array of arguments, or nothing.
  [[nodiscard]] json_value headers_command() const noexcept { return entry_["headersHelper"]; }
  /// An object with a `type`, an array of those, or nothing.
  [[nodiscard]] json_value auth() const noexcept { return entry_["auth"]; }
  [[nodiscard]] json_value oauth() const noexcept { return entry_["oauth"]; }
  [[nodiscard]] json_value tls() const noexcept { return entry_["tls"]; }
  [[nodiscard]] bool allow_http() const noexcept { return entry_["allowHttp"].boolean(); }
  /// Milliseconds; 0: none given.
  [[nodiscard]] std::int64_t timeout() const noexcept { return entry_["timeout"].integer().value_or(0); }

  [[nodiscard]] std::string_view command() const noexcept { return entry_["command"].string(); }
  [[nodiscard]] json_value args() const noexcept { return entry_["args"]; }
  /// An object of strings, or nothing.
  [[nodiscard]] json_value env() const noexcept { return entry_["env"]; }
  [[nodiscard]] std::string_view env_file() const noexcept { return entry_["envFile"].string(); }

  [[nodiscard]] json_value entry() const noexcept { return entry_; }

  /// Calls `function(json_value)` for each object under `auth`, however it is written.
  template <class Function>
  void each_auth(Function&& function) const {
    if (auth().is_object()) function(auth());
    for (auto const one : auth().elements()) function(one);
  }

private:
  std::string_view name_ = {}, folder_ = {};
  server_type type_ = server_type::http;
  json_value entry_ = {};
};

}  // namespace countersign::inline v0::mcp
