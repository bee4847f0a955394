#pragma once
// One token for another (RFC 8693): for another audience, with less scope, or on somebody's behalf.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/detail/grant_exchange.hpp>
#include <countersign/oauth/grants.hpp>

namespace countersign::inline v0::oauth {

/// Yields the token that a server gives for `subject`, which is read for each. What is empty is not said.
struct token_exchange {
  owned_text token_endpoint = {};
  client_identity client = {};
  secret_from subject = {};  ///< the token that is given for another
  owned_text subject_type = token_type::access_token;
  secret_from actor = {};  ///< who acts for the subject; none: nobody does
  owned_text actor_type = token_type::access_token;
  owned_text requested_type = {};
  owned_text audience = {};
  owned_text resource = {};
  owned_text scope = {};
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
    auto const ok = detail::check_texts(subject_type, actor_type, requested_type, audience, resource, scope);
    if (!ok) return ok.error();
    auto const given = detail::read_given("token_exchange", "subject", subject, outside);
    if (!given) return given.error();
    bool const acted = actor.given();
    auto const acting =
        acted ? detail::read_given("token_exchange", "actor", actor, outside) : result<secret>(secret());
    if (!acting) return acting.error();
    // §2.1: a type without a token is an error.
    return token_exchange_grant{.subject_token = given->reveal(),
                                .subject_token_type = subject_type,
                                .actor_token = acting->reveal(),
                                .actor_token_type = acted ? actor_type.view() : std::string_view(),
                                .requested_token_type = requested_type,
                                .audience = audience,
                                .resource = resource,
                                .scope = scope}
        .body();
  }
};

}  // namespace countersign::inline v0::oauth
