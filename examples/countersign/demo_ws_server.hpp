#pragma once
// The demo's server over WebSocket: who has not the right credential in the opening handshake gets its 401.

#include "demo_server.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace program {

/// Serves `/NAME/mcp` as `demo_server` does, one connection after the other on a thread of its own, until it
/// is destroyed. Speaks the 2025 wire, a message of it in each text message.
class demo_ws_server {
public:
  /// @param log as `demo_server`'s
  demo_ws_server(demo_credentials wanted, std::function<void(std::string_view)> log);
  ~demo_ws_server();
  demo_ws_server(demo_ws_server const&) = delete;
  demo_ws_server& operator=(demo_ws_server const&) = delete;

  /// On 127.0.0.1; 0: no port was to be had.
  [[nodiscard]] int port() const;

private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace program
