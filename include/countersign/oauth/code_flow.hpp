#pragma once
// Somebody signs in on a page of the authorization server's, and what comes back becomes a token (RFC 6749
// §4.1). What is asked for is in the page's URL, or was pushed to the server before (RFC 9126).

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/nested_steps.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/oauth/authorization.hpp>
#include <countersign/oauth/grants.hpp>
#include <countersign/oauth/pkce.hpp>
#include <countersign/oauth/pushed_authorization.hpp>
#include <countersign/oauth/server_metadata.hpp>
#include <countersign/oauth/token_call.hpp>
#include <countersign/oauth/token_response.hpp>

#include <utility>

namespace countersign::inline v0::oauth {

/// What somebody is asked to consent to. What is empty is not said.
struct code_asks {
  owned_text redirect_uri = {};  ///< what was answered to question::redirect_address
  owned_text scope = {};         ///< space-separated
  owned_text resource = {};      ///< RFC 8707; verbatim
  owned_text prompt = {};        ///< OpenID Connect Core §3.1.2.1: "consent", "login", "select_account"
  owned_text login_hint = {};
  bool pushed = false;  ///< RFC 9126 also where the server leaves the choice: the browser sees none of it
};

/// An exchange: a request is pushed, with the client's proof, and with one of the key that tokens are bound to.
/// Pushing one twice does no harm. Errors as of `token_call` and `read_pushed_authorization`.
class push_call : public client_call {
public:
  push_call(token_service who, owned_text endpoint, form body, call_rules const& rules,
            context const& outside, clocks now)
      : client_call({"pushed authorization request endpoint", true}, std::move(who),  // RFC 9449 §10.1
                    std::move(endpoint), std::move(body), rules, outside, now) {}

  [[nodiscard]] result<pushed_authorization> outcome() && {
    return read_with<pushed_authorization>(
        [](response answer, wall_time) { return read_pushed_authorization(std::move(answer)); });
  }
};

/// How often the page is asked for when what came back belongs to another sign-in, or was forged. Whoever
/// listens for redirects sees the state in the page's URL, and can leave out the others itself.
inline constexpr unsigned max_page_questions = 5;

/// Asks for one page (question::page) with PKCE, a fresh state and, for tokens that are bound, the key's
/// thumbprint; judges what comes back as `read_redirect` does; redeems the code, which is not sent twice.
///
/// Errors: errc::needs_person: nobody signed in; rejected: they, or the server, said no; wrong_origin: the
/// answer of another server, nothing was redeemed; else as of `read_redirect`, `push_call` and `token_call`.
class code_flow : public nested_steps<code_flow, token_response, push_call, token_call> {
public:
  /// @param server what its metadata says; copied as far as needed
  /// @param outside outlives the exchange, as does `nonces`
  code_flow(token_service who, server_metadata const& server, code_asks asks, context const& outside,
            clocks now, dpop_nonces* nonces = nullptr)
      : who_(std::move(who)), asks_(std::move(asks)), issuer_(server.issuer),
        iss_supported_(server.authorization_response_iss_parameter_supported), outside_(&outside),
        nonces_(nonces) {
    begin_at(now);
    if (auto ok = prepare(server); !ok) give_up(ok.error());
    else if (!page_.empty()) show();
    else push(server.pushed_authorization_request_endpoint);
  }

private:
  [[nodiscard]] result<void> prepare(server_metadata const& server) {
    if (auto ok = check_pkce(server); !ok) return ok;
    if (server.authorization_endpoint.empty())
      return error{errc::fatal, "oauth: the authorization server names no page to sign in on "
                                "(authorization_endpoint)"};
    bool const pushed = asks_.pushed || server.require_pushed_authorization_requests;
    if (pushed && server.pushed_authorization_request_endpoint.empty())
      return error{errc::fatal, "oauth: authorization requests are to be pushed (RFC 9126), and the server's "
                                "metadata names no pushed_authorization_request_endpoint"};
    auto state = make_state(*outside_);
    if (!state) return state.error();
    auto proof = make_code_proof(*outside_);
    if (!proof) return proof.error();
    auto const thumbprint = who_.dpop_key ? jwk_thumbprint(who_.dpop_key) : result<secret>(secret());
    if (!thumbprint) return thumbprint.error();
    authorization_asks const all{.client_id = who_.client.id,
                                 .redirect_uri = asks_.redirect_uri,
                                 .scope = asks_.scope,
                                 .state = state->reveal(),
                                 .code_challenge = proof->code_challenge,
                                 .resource = asks_.resource,
                                 .prompt = asks_.prompt,
                                 .login_hint = asks_.login_hint,
                                 .dpop_jkt = thumbprint->reveal()};
    if (pushed) {
      // What is wrong with the page is told before anything is sent.
      if (auto page = pushed_page(server.authorization_endpoint, who_.client.id, "urn:"); !page)
        return page.error();
      auto body = pushed_body(all);
      if (!body) return body.error();
      body_ = std::move(*body);
      authorization_endpoint_ = server.authorization_endpoint;
    } else {
      auto page = authorization_url(server.authorization_endpoint, all);
      if (!page) return page.error();
      page_ = std::move(*page);
    }
    state_ = std::move(*state);
    verifier_ = std::move(proof->code_verifier);
    if (!issuer_.ok() || !asks_.redirect_uri.ok() || !asks_.scope.ok() || !asks_.resource.ok() ||
        !asks_.prompt.ok() || !asks_.login_hint.ok() || !who_.client.id.ok() || !authorization_endpoint_.ok())
      return error{errc::no_memory, "oauth: out of memory"};
    return {};
  }

  void push(owned_text const& endpoint) {
    run(push_call(who_, endpoint, std::move(body_), {.nonces = nonces_}, *outside_, now()),
        &code_flow::pushed);
  }
  void pushed() {
    auto const got = outcome_of<push_call>();
    if (!got) return give_up(got.error());
    auto page = pushed_page(authorization_endpoint_, who_.client.id, got->request_uri);
    if (!page) return give_up(page.error());
    page_ = std::move(*page);
    show();
  }
  void show() {
    question wanted;
    wanted.what = question::kind::page;
    wanted.url = page_;
    wanted.state = state_;
    if (!wanted.url.ok() || !wanted.state.ok())
      return give_up(error{errc::no_memory, "oauth: out of memory"});
    ++questions_;
    ask(std::move(wanted), &code_flow::returned);
  }
  void returned() {
    if (!said().ok()) return give_up(error{errc::no_memory, "oauth: out of memory"});
    if (said().empty())
      return give_up(error{errc::needs_person, "oauth: nobody signed in on the page that was shown"});
    auto const code = read_redirect(
        said().reveal(), {.state = state_.reveal(), .issuer = issuer_, .iss_supported = iss_supported_});
    if (code) return redeem(code->reveal());
    if (code.error().code() != errc::not_mine) return give_up(code.error());
    if (questions_ < max_page_questions) return show();
    give_up(error{errc::needs_person, code.error().message(), "; sign in again"});
  }
  void redeem(std::string_view code) {
    authorization_code_grant const grant{.code = code,
                                         .redirect_uri = asks_.redirect_uri,
                                         .code_verifier = verifier_.reveal(),
                                         .resource = asks_.resource};
    call_rules const once{.repeatable = false, .nonces = nonces_};
    run(token_call(who_, grant.body(), once, *outside_, now()), &code_flow::redeemed);
  }
  void redeemed() {
    auto got = outcome_of<token_call>();
    if (got) finish(std::move(*got));
    else give_up(got.error());
  }

  token_service who_;
  code_asks asks_;
  owned_text issuer_;
  bool iss_supported_;
  context const* outside_;
  dpop_nonces* nonces_;
  form body_;
  owned_text authorization_endpoint_;
  secret page_, state_, verifier_;
  unsigned questions_ = 0;
};

}  // namespace countersign::inline v0::oauth
