#pragma once
// One grant at a token endpoint, brought to its end: who asks, with which proofs, and what is done about a
// server that can't answer now. Other endpoints that a client posts a form to are called the same way.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/oauth/client_assertion.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/dpop.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/token_request.hpp>
#include <countersign/oauth/token_response.hpp>
#include <countersign/text/retry_after.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// Where tokens are asked for, and as whom.
struct token_service {
  owned_text endpoint = {};
  owned_text issuer = {};  ///< the audience of the client's assertions
  client_identity client = {};
  any_signer client_key = {};  ///< for private_key_jwt, which it means where `client.method` says nothing
  any_signer dpop_key = {};    ///< tokens are bound to it (RFC 9449); empty: to none
  assertion_rules assertion = {};
  owned_text named_by = {};  ///< whose word `endpoint` is (`tell_who_named`); empty: the user's

  /// What stands in for the client in one request: its secret, an assertion, or nothing.
  [[nodiscard]] result<secret> prove(context const& outside) const {
    auto const mine = [&](error const& why) { return why.within("oauth client ", client.id.view(), ": "); };
    switch (client.method) {
    case client_auth::none:
    case client_auth::tls_client_auth:  // RFC 8705 §2: the id in the form, the proof in the handshake
    case client_auth::self_signed_tls_client_auth:
      return secret();
    case client_auth::private_key_jwt:
      if (!client_key) return mine(error{errc::bad_input, "private_key_jwt needs a key; set .client_key"});
      return client_assertion(client_key, client.id, issuer, outside, assertion);
    case client_auth::basic:
    case client_auth::post:
    case client_auth::client_secret_jwt:
      if (!client.secret.given()) return mine(error{errc::bad_input, "it has no secret; set .client.secret"});
      break;
    case client_auth::as_advertised:
      if (!client.secret.given()) return secret();
    }
    auto proof = client.secret.read(outside);
    if (!proof) return mine(proof.error());
    if (client.method == client_auth::client_secret_jwt)
      return client_secret_assertion(*proof, client.id, issuer, outside, assertion);
    return proof;
  }
};

/// How often one is asked.
struct call_rules {
  /// Asking twice does no harm. Not so for a code or a rotating refresh token: the second of two is taken
  /// for a thief's.
  bool repeatable = true;
  unsigned max_tries = 3;
  dpop_nonces* nonces = nullptr;  ///< of token endpoints, kept by who asks again and again; outlive the call
};

/// The first pause between two tries; the next is twice as long. Each is up to half as long again, by chance.
inline constexpr duration first_call_pause = seconds(1);
/// Where a server asks to be left alone for longer, nobody waits for it in the middle of a request.
inline constexpr duration longest_wait_inside = seconds(10);

/// An endpoint that a client posts forms to.
struct called_endpoint {
  std::string_view what;  ///< as errors name it
  bool proves = false;    ///< whether the key that tokens are bound to is shown there
};

/// A form is posted, with the client's proof, until there is an answer that says more than "not now", or no hope. Exchanges that
/// read it derive from this, so that all of them share one.
class client_call : public steps<client_call, response> {
public:
  /// Whether the pending request must not be sent a second time.
  [[nodiscard]] bool commits() const noexcept { return !rules_.repeatable && wants() == want::send; }

protected:
  client_call(called_endpoint const& where, token_service who, owned_text endpoint, form body,
              call_rules const& rules, context const& outside, clocks now, dpop_nonces known = {})
      : where_(where), who_(std::move(who)), endpoint_(std::move(endpoint)), body_(std::move(body)),
        rules_(rules), outside_(&outside), own_(std::move(known)) {
    begin_at(now);
    if (who_.client.method == client_auth::as_advertised && who_.client_key)
      who_.client.method = client_auth::private_key_jwt;
    attempt();
  }

  /// What was learned, for the next call, where the rules name no place for that.
  [[nodiscard]] dpop_nonces take_nonces() noexcept { return std::move(own_); }

  /// @param read from a response, and when it came, to what it means; its errors are said with the endpoint's origin
  template <class Outcome>
  [[nodiscard]] result<Outcome> read_with(result<Outcome> (*read)(response, wall_time)) {
    auto got = std::move(*this).steps::outcome();
    if (!got) return got.error();
    auto meant = read(std::move(*got), now().wall);
    if (!meant) return meant.error().within(pending().origin(), ": ");
    return meant;
  }

private:
  void attempt() {
    auto made = prepare();
    if (made) send(std::move(*made), &client_call::answered);
    else give_up(made.error());
  }

  [[nodiscard]] result<request> prepare() {
    if (!endpoint_.ok() || !who_.issuer.ok() || !who_.named_by.ok() || !body_.ok())
      return error{errc::no_memory, "oauth: out of memory"};
    auto const proof = who_.prove(*outside_);
    if (!proof) return proof.error();
    auto made = detail::client_request(where_.what, endpoint_, who_.client, *proof, body_);
    if (made) tell_who_named(*made, who_.named_by);
    if (!made || !proving()) return made;
    auto const nonce = add_dpop_proof(*made, who_.dpop_key, nonces(), moment(*outside_));
    if (!nonce) return nonce.error();
    nonce_ = *nonce;
    return made;
  }

  void answered() {
    if (answer() == nullptr) return unheard();
    auto const status = answer()->status();
    auto const asked = retry_after(response_head(*answer()), now().wall);
    if (proving()) {
      auto const told = learn_dpop_nonce(nonces(), endpoint_, *answer(), nonce_);
      if (told == heard::try_again && !countersign::detail::exchanged(gave_nonce_, true)) return attempt();
    }
    if (status == 408 || status == 429 || status >= 500)
      again(detail::read_token_error(status, nullptr, where_.what), asked);
    else finish(std::move(*answer()));
  }
  void unheard() {
    if (how_lost() == lost::refused) return failed(leads_inside(where_.what));
    if (how_lost() == lost::not_sent)
      return again(error{errc::transient, "oauth: the ", where_.what, " could not be reached"}, {});
    error const silence{errc::unanswered, "oauth: the ", where_.what, " did not answer"};
    if (rules_.repeatable) again(silence, {});
    else failed(silence);
  }

  void again(error const& why, std::optional<duration> asked) {
    if (asked && *asked > longest_wait_inside)
      return failed(error{errc::transient, why.message(), "; it asks to be left alone for ",
                          (asked->ms + 999) / 1000, " s"});
    if (++tries_ >= rules_.max_tries) return failed(why);
    auto pause = pause_after(tries_);
    if (asked && *asked > pause) pause = *asked;
    outside_->trace({"again", pending().origin(), why.message()});
    wait(now().boot + pause, &client_call::attempt);
  }
  [[nodiscard]] duration pause_after(unsigned tries) const noexcept {
    auto whole = first_call_pause.ms;
    for (unsigned n = 1; n < tries && whole < longest_wait_inside.ms; ++n) whole *= 2;
    if (whole > longest_wait_inside.ms) whole = longest_wait_inside.ms;
    std::uint32_t random = 0;
    if (!outside_->entropy(&random, sizeof random)) random = 0;  // no reason to ask no more
    return duration(whole + whole / 2 * (random % 1024) / 1024);
  }

  // Says which of several endpoints it was; check_endpoint() let no user name into its origin.
  void failed(error const& why) { give_up(why.within(pending().origin(), ": ")); }

  [[nodiscard]] bool proving() const noexcept { return where_.proves && who_.dpop_key; }
  [[nodiscard]] dpop_nonces& nonces() noexcept { return rules_.nonces != nullptr ? *rules_.nonces : own_; }

  called_endpoint where_;
  token_service who_;
  owned_text endpoint_;
  form body_;
  call_rules rules_;
  context const* outside_;
  dpop_nonces own_;
  stamp nonce_ = 0;
  bool gave_nonce_ = false;
  unsigned tries_ = 0;
};

/// Asks until there is a token or no hope. Each try is built anew: the secret is read, the assertion signed,
/// the proof made. A demand for a nonce (RFC 9449 §8) is answered once, and is no try. Tries again where the
/// server said that it can't now (408, 429, 5xx), where nothing was sent, and where no answer came if the
/// rules allow that. Redirects are not followed.
///
/// Errors as of `read_token_response`, said with the endpoint's origin; errc::unanswered: it was sent, and
/// nobody knows what came of it; transient: nothing was given. Those of the client's proof: bad_input,
/// not_mine (its variable is not set), …
class token_call : public client_call {
public:
  /// @param body of a grant (`grants.hpp`)
  /// @param outside outlives the call
  token_call(token_service who, form body, call_rules const& rules, context const& outside, clocks now)
      : client_call({"token endpoint", true}, who, who.endpoint, std::move(body), rules, outside, now) {}

  [[nodiscard]] result<token_response> outcome() && { return read_with(read_token_response); }
  /// Of a refresh token: as of `read_refresh_response`.
  [[nodiscard]] result<token_response> outcome_of_refresh() && { return read_with(read_refresh_response); }
};

}  // namespace countersign::inline v0::oauth
