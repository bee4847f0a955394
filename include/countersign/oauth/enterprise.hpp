#pragma once
// A user who signed in at the company's identity provider needs no other sign-in: the provider vouches for
// them, and the server gives a token for that (draft-ietf-oauth-identity-assertion-authz-grant).

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/nested_steps.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/detail/grant_exchange.hpp>
#include <countersign/oauth/grants.hpp>
#include <countersign/oauth/token_call.hpp>

#include <utility>

namespace countersign::inline v0::oauth {

/// Two calls for each token: an identity assertion (ID-JAG) of `provider`, then a token for it at
/// `token_endpoint`.
struct enterprise {
  token_service provider = {};     ///< the identity provider, and the client as it is known there
  secret_from id_token = {};       ///< what the provider gave when the user signed in; read for each token
  owned_text token_endpoint = {};  ///< of the server that trusts the provider
  owned_text issuer = {};          ///< that server: whom the assertion is for, and what `client_key` signs
  client_identity client = {};     ///< as it is known there
  owned_text scope = {};
  owned_text resource = {};  ///< of the resource's metadata, verbatim
  any_signer client_key = {};
  any_signer dpop_key = {};  ///< the token is bound to it

  using credential = bound_token;
  using memory = dpop_nonces;

  class exchange : public nested_steps<exchange, issued<bound_token>, token_call> {
  public:
    exchange(enterprise const& about, occasion const& why, context const& outside, memory& nonces)
        : about_(&about), outside_(&outside), nonces_(&nonces) {
      begin_at(why.now);
      auto asked = about.question(outside);
      if (asked) call(about.provider, std::move(*asked), &exchange::vouched);
      else give_up(asked.error());
    }

  private:
    void vouched() {
      auto got = outcome_of<token_call>();
      if (!got) return give_up(got.error().within("identity provider "));
      auto const assertion = id_jag_of(std::move(*got));
      if (!assertion) return give_up(assertion.error());
      jwt_bearer_grant const grant{
          .assertion = assertion->reveal(), .scope = about_->scope, .resource = about_->resource};
      call(detail::service_of(*about_), grant.body(), &exchange::called);
    }
    void called() {
      auto got = outcome_of<token_call>();
      if (got) finish(detail::issue(std::move(*got), about_->dpop_key));
      else give_up(got.error());
    }
    void call(token_service who, form body, step next) {
      run(token_call(std::move(who), std::move(body), {.nonces = nonces_}, *outside_, now()), next);
    }

    enterprise const* about_;
    context const* outside_;
    dpop_nonces* nonces_;
  };

  [[nodiscard]] exchange acquire(occasion const& why, context const& outside, memory& nonces) const {
    return {*this, why, outside, nonces};
  }

private:
  [[nodiscard]] result<form> question(context const& outside) const {
    if (auto ok = detail::check_texts(issuer, scope, resource); !ok) return ok.error();
    if (issuer.empty())
      return error{errc::bad_input, "enterprise: the assertion has no audience; set .issuer to the "
                                    "authorization server that takes it"};
    auto const read = detail::read_given("enterprise", "id_token", id_token, outside);
    if (!read) return read.error();
    return id_jag_grant{.id_token = read->reveal(), .audience = issuer, .resource = resource, .scope = scope}
        .body();
  }
};

}  // namespace countersign::inline v0::oauth
