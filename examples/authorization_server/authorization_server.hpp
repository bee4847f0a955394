#pragma once
// An authorization server and an MCP server behind it, on loopback, for a demo and for tests. Codes with
// PKCE, tokens that live as long as one likes, refresh tokens that rotate and whose reuse ends the grant. It
// checks with its own code and OpenSSL's, so that a mistake of the toolkit can't agree with itself.

#include "settings.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace provider {

struct state;
struct fault;

/// Serves on threads of its own until it is destroyed.
class authorization_server {
public:
  /// @param listener hears each line of the event log, one call at a time, on the server's threads
  /// @param controlled whether `/control/…`, `/events` and `/counters` are there for everybody
  explicit authorization_server(settings how, std::function<void(std::string_view)> listener = {},
                                bool controlled = false);
  ~authorization_server();
  authorization_server(authorization_server const&) = delete;
  authorization_server& operator=(authorization_server const&) = delete;

  /// Empty: no port was to be had.
  [[nodiscard]] std::string issuer() const;
  /// The MCP server's URL.
  [[nodiscard]] std::string mcp_url() const;
  [[nodiscard]] int mcp_port() const;
  /// The origin where `/control/…` and the log are.
  [[nodiscard]] std::string control_url() const;

  /// What `/control/WHAT` does, or `/events`, `/counters`: `control("control/set?user=denies")`.
  /// @return the answer's body
  std::string control(std::string_view target, std::string body = {});
  /// How often something happened: `count("refreshed")`, `count("call 401")`.
  [[nodiscard]] int count(std::string const& event) const;

private:
  class part;
  std::unique_ptr<state> state_;
  std::unique_ptr<part> issuer_, resource_;
};

}  // namespace provider
