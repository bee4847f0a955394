#pragma once
// An MCP server on loopback that lets nobody in without the right credential. It checks with its own
// code and OpenSSL's, so that a mistake of the toolkit can't agree with itself.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace program {

/// What the server wants to see.
struct demo_credentials {
  std::string token;                             // bearer
  std::string api_key, api_secret;               // API key pair
  std::string auth_token, user_id, tenant_id;    // custom headers
  std::string user, password;                    // basic
  std::string workspace;                         // tenant header
  std::string tenant;                            // tenant URL
  std::string database_user, database_password;  // from the environment
  std::string helper_token;                      // printed by a helper script
  std::string signing_id, signing_key;           // HMAC
  std::string jwt_key;                           // JWT, HS256
  std::string message_id, message_key;           // HTTP message signature, HMAC
  std::string public_id, public_key;             // the same by a key of its own; Ed25519, 32 bytes
  std::string dotenv_token;                      // from a dotenv file
  std::string digest_user, digest_password;      // Digest
};

/// Serves `/NAME/mcp` for each kind, on a thread of its own, until it is destroyed. Speaks the 2025
/// wire with sessions, and the 2026 wire.
class demo_server {
public:
  /// @param log hears "METHOD NAME VERDICT" of each request, one call at a time, on the server's threads
  demo_server(demo_credentials wanted, std::function<void(std::string_view)> log);
  ~demo_server();
  demo_server(demo_server const&) = delete;
  demo_server& operator=(demo_server const&) = delete;

  /// On 127.0.0.1; 0: no port was to be had.
  [[nodiscard]] int port() const;

private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace program
