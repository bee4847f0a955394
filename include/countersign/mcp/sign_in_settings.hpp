#pragma once
// How a client signs in to a server, as far as the server does not say it.

#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/proof_keys.hpp>
#include <countersign/mcp/discovery.hpp>
#include <countersign/oauth/client_identity.hpp>

#include <cstdint>

namespace countersign::inline v0::mcp {

/// Which grant gives the first token. Refresh tokens are used whatever it was.
enum class sign_in_grant : std::uint8_t {
  authorization_code,  ///< a person signs in, in a browser
  device_code,         ///< a person signs in on another device, with a code that is shown (RFC 8628)
  client_credentials,  ///< the client itself (extension OAuth client credentials)
  jwt_bearer,          ///< a workload's own assertion (extension workload identity)
  enterprise,  ///< what the company's identity provider says of the user (extension enterprise-managed authorization)
};

/// The identity provider of a company, and what it gave when the user signed in there.
struct identity_provider {
  owned_text token_endpoint = {};
  oauth::client_identity client = {};  ///< as the provider knows us
  oauth::secret_from id_token = {};
};

/// Whether tokens are bound to a key (RFC 9449).
enum class bound_to_key : std::uint8_t {
  where_wanted,  ///< where the server says so, and keys are there
  always,        ///< a token that is not bound is refused
};

/// Whether somebody is asked.
[[nodiscard]] constexpr bool is_by_person(sign_in_grant grant) noexcept {
  return grant == sign_in_grant::authorization_code || grant == sign_in_grant::device_code;
}

struct sign_in_settings {
  owned_text profile = {};  ///< a login of its own to the same server; empty: the usual one
  sign_in_grant grant = sign_in_grant::authorization_code;

  bool pushed = false;  ///< pushes authorization requests (RFC 9126) also where the server does not insist

  oauth::client_identity client = {};   ///< a client that the server knows already; its id wins over all other ways
  owned_text client_issuer = {};        ///< of that client; it is used at no other. Empty: at whichever the server names
  any_signer client_key = {};           ///< for private_key_jwt
  owned_text client_metadata_url = {};  ///< a client ID metadata document
  owned_text client_name = "countersign";  ///< what a person reads when the client registers itself

  owned_text scope = {};           ///< space-separated; asked for in place of what the server proposes, also on step-up
  discovery_rules discovery = {};
  oauth::secret_from assertion = {};  ///< of `jwt_bearer`
  identity_provider company = {};     ///< of `enterprise`

  proof_keys keys = {};
  bound_to_key binding = bound_to_key::where_wanted;

  /// Whether a person may be asked at all: a program that runs alone must not open browsers.
  bool interactive = false;
  /// Asks the server anew even where a login is at hand: for a program's `login`.
  bool anew = false;
  std::uint16_t callback_port = 0;  ///< of the redirect; 0: whichever is free, or the one that was registered
  /// The server takes a refresh token that it has replaced for a short while longer, so that one whose answer was lost may be
  /// sent once more. Where it does not, that revokes the login.
  bool grace = false;
  /// How long another process's renewal is waited for.
  duration patience = seconds(30);
};

}  // namespace countersign::inline v0::mcp
