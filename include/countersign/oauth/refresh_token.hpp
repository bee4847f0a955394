#pragma once
// Tokens for a refresh token that somebody got elsewhere (RFC 6749 §6).

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/nested_steps.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/detail/grant_exchange.hpp>
#include <countersign/oauth/grants.hpp>
#include <countersign/oauth/token_call.hpp>

#include <utility>

namespace countersign::inline v0::oauth {

/// Yields tokens as long as the server goes on. Where it gives a new refresh token each time, the newest is
/// kept in memory alone: after a restart the given one is used up. `stored_refresh` keeps it between runs.
///
/// errc::needs_person: the refresh token is void, or may be used up because its last use was never answered;
/// to use it again would look like theft. Somebody must sign in, and put the new one where `initial` reads it.
struct refresh_token {
  owned_text token_endpoint = {};
  client_identity client = {};
  secret_from initial = {};    ///< where it says another one later, that is used
  owned_text scope = {};       ///< no more than was granted; empty: the same
  owned_text resource = {};    ///< RFC 8707; verbatim
  owned_text issuer = {};      ///< the audience of what `client_key` signs
  any_signer client_key = {};  ///< private_key_jwt
  any_signer dpop_key = {};    ///< tokens are bound to it; the one that the refresh token came with

  using credential = bound_token;
  struct memory {
    secret given = {};    ///< what `initial` said
    secret current = {};  ///< what became of it; empty: under way, or lost
    dpop_nonces nonces = {};
  };

  class exchange : public nested_steps<exchange, issued<bound_token>, token_call> {
  public:
    exchange(refresh_token const& about, occasion const& why, context const& outside, memory& kept)
        : about_(&about), kept_(&kept) {
      begin_at(why.now);
      if (auto ok = take(outside); !ok) give_up(ok.error());
      else
        run(token_call(detail::service_of(about), grant().body(),
                       {.repeatable = false, .nonces = &kept.nonces}, outside, why.now),
            &exchange::called);
    }

  private:
    // From now on it is this exchange's: one that is left in the middle does not give it back.
    [[nodiscard]] result<void> take(context const& outside) {
      if (auto ok = detail::check_texts(about_->scope, about_->resource); !ok) return ok;
      auto given = detail::read_given("refresh_token", "initial", about_->initial, outside);
      if (!given) return given.error();
      if (!(*given == kept_->given)) {
        kept_->current = *given;
        kept_->given = std::move(*given);
      }
      if (!kept_->current.ok() || !kept_->given.ok()) return error{errc::no_memory, "oauth: out of memory"};
      if (kept_->current.empty()) return spent("it was used up");
      used_ = std::move(kept_->current);
      return {};
    }
    [[nodiscard]] refresh_token_grant grant() const noexcept {
      return {.refresh_token = used_.reveal(), .scope = about_->scope, .resource = about_->resource};
    }
    void called() {
      auto got = outcome_of<token_call>();
      if (!got) return failed(got.error());
      kept_->current = std::move(got->refresh_token.empty() ? used_ : got->refresh_token);
      finish(detail::issue(std::move(*got), about_->dpop_key));
    }
    void failed(error const& why) {
      bool const gone = why.code() == errc::rejected || why.code() == errc::unanswered;
      if (gone) return give_up(spent(why.message()));
      kept_->current = std::move(used_);
      give_up(why);
    }
    [[nodiscard]] static error spent(std::string_view why) noexcept {
      return {errc::needs_person, "refresh_token: ", why, "; sign in again, and give the new refresh token"};
    }

    refresh_token const* about_;
    memory* kept_;
    secret used_;
  };

  [[nodiscard]] exchange acquire(occasion const& why, context const& outside, memory& kept) const {
    return {*this, why, outside, kept};
  }
};

}  // namespace countersign::inline v0::oauth
