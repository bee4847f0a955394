#pragma once
// How the authorization server and the MCP server behind it behave. A test turns one of these and sees what
// a client makes of it.

#include <chrono>
#include <string>
#include <string_view>

namespace provider {

struct settings {
  // Where. Port 0: any that is free.
  std::string host = "127.0.0.1";
  int port = 0, mcp_port = 0;
  std::string issuer_path;  // "/tenant1"

  // Tokens.
  std::chrono::milliseconds access_lifetime{3'600'000};
  std::string expires_in;  // as said in replies; empty: of the lifetime, in whole seconds, rounded up; "none"
  bool refresh_tokens = true;  // for clients that registered the grant
  bool refresh_needs_offline_access = false;
  bool rotation = true;
  std::chrono::milliseconds grace{0};             // in which a refresh token that was replaced is no reuse
  std::chrono::milliseconds refresh_lifetime{0};  // 0: for ever
  std::string scopes = "notes:read notes:write";

  // The person: "approves", "denies", or sees a "page" and has to click.
  std::string user = "approves";

  // The authorization server's protocol.
  std::string metadata = "oauth";  // RFC 8414; "oidc": the other well-known name; "none"
  std::string auth_methods = "none client_secret_basic client_secret_post private_key_jwt";
  bool registration = true;
  bool documents = false;  // client ID metadata documents, of those it was told
  bool pkce_said = true;
  bool iss = true;       // RFC 9207, in the metadata and in redirects
  std::string iss_text;  // what redirects say, if not the issuer
  bool resource_required = true;
  std::string other_resource;  // tokens are given for it too; the MCP server has no use for them
  std::string dpop = "off";  // "accepted", "required"
  bool dpop_nonce = false;

  // The MCP server's.
  std::string resource_metadata = "path";  // "root", "none"
  bool hint = true;                        // resource_metadata in the challenge
  std::string challenge_scope = "notes:read";
  std::string replies = "sse";  // of the 2025 wire; "json"
  bool sessions = true;         // of the 2025 wire
  bool insatiable = false;      // no scope is ever enough for write_note
};

/// Sets what is named as the member is: "access_lifetime" in milliseconds, bools as 0 and 1.
/// @return empty, or what is wrong
std::string set(settings& all, std::string_view name, std::string_view value);

}  // namespace provider
