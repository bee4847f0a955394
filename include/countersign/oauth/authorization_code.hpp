#pragma once
// A person signs in, on a page of a known authorization server (RFC 6749 §4.1), and stays so while the program
// runs.

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/nested_steps.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/oauth/client_auth_choice.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/code_flow.hpp>
#include <countersign/oauth/detail/grant_exchange.hpp>
#include <countersign/oauth/grants.hpp>
#include <countersign/oauth/server_metadata.hpp>
#include <countersign/oauth/token_call.hpp>
#include <countersign/text/challenge.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// Asks for a redirect address, then for the page (`code_flow`); then renews with the refresh token, which is
/// kept in memory. The person is asked again where that is void or there is none, and where a server wants more
/// scope: what was granted is asked for together with that. A token that still works is no reason to ask.
struct authorization_code {
  server_metadata server =
      {};  ///< as read, or the fields that are known; PKCE wants code_challenge_methods_supported
  client_identity client = {};
  owned_text scope = {};            ///< space-separated
  owned_text resource = {};         ///< RFC 8707; verbatim
  owned_text prompt = {};           ///< OpenID Connect Core §3.1.2.1
  bool pushed = false;              ///< as of `code_asks`
  std::uint16_t redirect_port = 0;  ///< the one that is registered; 0: any
  any_signer client_key = {};       ///< private_key_jwt
  any_signer dpop_key = {};         ///< tokens are bound to it

  using credential = bound_token;
  struct memory {
    secret refresh_token = {};  ///< empty while it is under way
    owned_text scope = {};      ///< granted
    owned_text asked = {};      ///< what the person consented to for the token that is in use
    dpop_nonces nonces = {};
  };

  class exchange : public nested_steps<exchange, issued<bound_token>, code_flow, token_call> {
  public:
    exchange(authorization_code const& about, occasion const& why, context const& outside, memory& kept)
        : about_(&about), kept_(&kept), outside_(&outside), reason_(why.reason) {
      begin_at(why.now);
      if (auto ok = prepare(why.challenge); !ok) give_up(ok.error());
      else if (kept.refresh_token.empty() || reason_ == why::insufficient_scope) ask_person();
      else renew();
    }

  private:
    [[nodiscard]] result<void> prepare(std::string_view challenge) {
      if (auto ok = detail::check_texts(about_->scope, about_->resource, about_->prompt); !ok) return ok;
      auto const method = choose_client_auth(
          about_->client.method, {.secret = about_->client.secret.given(), .key = bool(about_->client_key)},
          about_->server);
      if (!method) return method.error();
      who_ = {.endpoint = about_->server.token_endpoint,
              .issuer = about_->server.issuer,
              .client = about_->client,
              .client_key = about_->client_key,
              .dpop_key = about_->dpop_key,
              .named_by = about_->server.named_by};
      who_.client.method = *method;
      text_list words;
      words.add_words(about_->scope).add_words(kept_->scope);
      if (reason_ == why::insufficient_scope) add_challenged(challenge, words);
      scope_ = words.joined();
      return detail::check_texts(scope_);
    }
    // RFC 6750 §3.1, RFC 9449 §7.1: whatever the scheme.
    static void add_challenged(std::string_view value, text_list& words) {
      auto const all = challenges::parse(value);
      if (!all) return;
      for (challenge const one : *all)
        if (one.parameter("error") == "insufficient_scope")
          words.add_words(one.parameter("scope").value_or(std::string_view()));
    }

    void renew() {
      used_ = std::move(kept_->refresh_token);
      refresh_token_grant const grant{.refresh_token = used_.reveal(), .resource = about_->resource};
      run(token_call(who_, grant.body(), {.repeatable = false, .nonces = &kept_->nonces}, *outside_, now()),
          &exchange::renewed);
    }
    void renewed() {
      auto got = outcome_of<token_call>();
      if (got) {
        kept_->asked = {};
        return keep(std::move(*got));
      }
      if (got.error().code() == errc::rejected) return ask_person();
      // Unanswered, it may be used up, and a second use would look like theft.
      if (got.error().code() != errc::unanswered) kept_->refresh_token = std::move(used_);
      give_up(got.error());
    }

    void ask_person() {
      if (reason_ == why::due)
        return give_up(error{errc::transient,
                             "authorization_code: the token ends soon, and nothing is left to renew "
                             "it with; somebody will be asked to sign in then"});
      if (reason_ == why::insufficient_scope && !scope_.empty() && scope_ == kept_->asked)
        return give_up(
            error{errc::rejected,
                  "authorization_code: the server wants scope that was asked for already; signing in "
                  "again would not help"});
      question where;
      where.what = question::kind::redirect_address;
      where.preferred_port = about_->redirect_port;
      ask(std::move(where), &exchange::addressed);
    }
    void addressed() {
      if (!said().ok()) return give_up(error{errc::no_memory, "oauth: out of memory"});
      if (said().empty())
        return give_up(error{errc::needs_person, "authorization_code: nobody can be asked to sign in"});
      run(code_flow(who_, about_->server,
                    {.redirect_uri = said().reveal(),
                     .scope = scope_,
                     .resource = about_->resource,
                     .prompt = about_->prompt,
                     .pushed = about_->pushed},
                    *outside_, now(), &kept_->nonces),
          &exchange::signed_in);
    }
    void signed_in() {
      auto got = outcome_of<code_flow>();
      if (!got) return give_up(got.error());
      used_.clear();
      kept_->scope = scope_;
      kept_->asked = scope_;
      keep(std::move(*got));
    }

    void keep(token_response&& got) {
      kept_->refresh_token = std::move(got.refresh_token.empty() ? used_ : got.refresh_token);
      if (!got.scope.empty()) kept_->scope = owned_text(std::move(got.scope));
      finish(detail::issue(std::move(got), about_->dpop_key));
    }

    authorization_code const* about_;
    memory* kept_;
    context const* outside_;
    why reason_;
    token_service who_;
    owned_text scope_;
    secret used_;
  };

  /// @param why its challenge is read for the scope that is missing
  [[nodiscard]] exchange acquire(occasion const& why, context const& outside, memory& kept) const {
    return {*this, why, outside, kept};
  }
};

}  // namespace countersign::inline v0::oauth
