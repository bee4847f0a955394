#pragma once
// A token for the client itself (RFC 6749 §4.4).

#include <countersign/core/credential_source.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/detail/grant_exchange.hpp>
#include <countersign/oauth/grants.hpp>

namespace countersign::inline v0::oauth {

/// Asks a token endpoint:
/// `client_credentials{.token_endpoint = "https://…", .client = {.id = "…", .secret = env{"…"}}}`.
/// The endpoint must be https, or http on loopback. Yields a token with its type and absolute expiry.
struct client_credentials {
  owned_text token_endpoint = {};
  client_identity client = {};
  owned_text scope = {};       ///< space-separated (RFC 6749 §3.3); empty: as the server sees fit
  owned_text resource = {};    ///< RFC 8707: for which resource, verbatim; empty: not said
  owned_text issuer = {};      ///< the audience of what `client_key` signs
  any_signer client_key = {};  ///< in place of a secret: private_key_jwt
  any_signer dpop_key = {};    ///< the token is bound to it (RFC 9449); write it with `bearer_or_dpop`

  using credential = bound_token;
  using memory = dpop_nonces;
  using exchange = detail::grant_exchange;

  [[nodiscard]] exchange acquire(occasion const& why, context const& outside, memory& nonces) const {
    return {detail::service_of(*this), body(), outside, why.now, nonces};
  }

private:
  [[nodiscard]] result<form> body() const {
    if (auto ok = detail::check_texts(scope, resource); !ok) return ok.error();
    // RFC 6749 §4.4: for confidential clients only. One that proves itself otherwise (RFC 8705) says so.
    if (!client.secret.given() && !client_key && client.method != client_auth::none)
      return error{errc::bad_input, "oauth client ", client.id.view(),
                   ": it has no secret and no key; set .client.secret or .client_key, or .client.method to "
                   "client_auth::none if the server knows it otherwise"};
    return client_credentials_grant{.scope = scope, .resource = resource}.body();
  }
};

}  // namespace countersign::inline v0::oauth
