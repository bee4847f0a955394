#pragma once
// A signed assertion becomes a token (RFC 7523 §2.1): what a platform gives to the workloads that it runs.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/detail/grant_exchange.hpp>
#include <countersign/oauth/grants.hpp>

namespace countersign::inline v0::oauth {

/// Yields a token for an assertion that others keep fresh:
/// `jwt_bearer{.token_endpoint = "https://…", .client = {.id = "…"}, .assertion = file{"/run/jwt"}}`.
struct jwt_bearer {
  owned_text token_endpoint = {};
  client_identity client = {};
  secret_from assertion = {};  ///< read for each token
  owned_text scope = {};       ///< space-separated; empty: as the server sees fit
  owned_text resource = {};    ///< RFC 8707; verbatim
  owned_text issuer = {};      ///< the audience of what `client_key` signs
  any_signer client_key = {};  ///< private_key_jwt
  any_signer dpop_key = {};    ///< the token is bound to it

  using credential = bound_token;
  using memory = dpop_nonces;
  using exchange = detail::grant_exchange;

  [[nodiscard]] exchange acquire(occasion const& why, context const& outside, memory& nonces) const {
    return {detail::service_of(*this), body(outside), outside, why.now, nonces};
  }

private:
  [[nodiscard]] result<form> body(context const& outside) const {
    if (auto ok = detail::check_texts(scope, resource); !ok) return ok.error();
    auto const read = detail::read_given("jwt_bearer", "assertion", assertion, outside);
    if (!read) return read.error();
    return jwt_bearer_grant{.assertion = read->reveal(), .scope = scope, .resource = resource}.body();
  }
};

}  // namespace countersign::inline v0::oauth
