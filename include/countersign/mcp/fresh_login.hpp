#pragma once
// A grant is asked for anew: as which client, by whom, with which scope. What comes of it is a login.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/nested_steps.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/mcp/client_choice.hpp>
#include <countersign/mcp/detail/sign_in_record.hpp>
#include <countersign/mcp/discovery.hpp>
#include <countersign/mcp/scope_choice.hpp>
#include <countersign/mcp/sign_in_settings.hpp>
#include <countersign/oauth/code_flow.hpp>
#include <countersign/oauth/device_flow.hpp>
#include <countersign/oauth/grants.hpp>
#include <countersign/oauth/token_call.hpp>
#include <countersign/store/login.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// From what a discovery found to a login that is stored nowhere yet. Where the grant needs a person, asks for a redirect
/// address first (question::redirect_address), then shows the page; or shows a code (question::code). A client that registered itself and is not known any more
/// registers once more.
///
/// errc::needs_person: nobody may be asked, or nobody came back; rejected: they, or the server, said no; else as of
/// `choose_scope`, `client_choice`, `code_flow`, `device_flow` and `token_call`.
class fresh_login : public nested_steps<fresh_login, login, client_choice, oauth::code_flow,
                                        oauth::device_flow, oauth::token_call> {
public:
  /// @param settings outlive the exchange, as does `outside`
  /// @param before the login that is replaced, of whatever issuer; its client serves again where it may
  /// @param granted scopes that must not be lost
  fresh_login(sign_in_settings const& settings, discovered found, login before, owned_text granted, context const& outside, clocks now)
      : settings_(&settings), outside_(&outside), found_(std::move(found)), record_(std::move(before)), granted_(std::move(granted)) {
    begin_at(now);
    obtain();
  }

private:
  void obtain() {
    if (auto ok = check_assertion(); !ok) return give_up(ok.error());
    bool const by_person = is_by_person(settings_->grant);
    auto scope = choose_scope({.configured = settings_->scope, .challenged = found_.challenged_scope, .granted = granted_, .refresh_token = by_person},
                              found_.resource, found_.server);
    if (!scope) return give_up(scope.error());
    scope_ = std::move(*scope);
    if (!by_person) return choose_client();
    if (!settings_->interactive) return give_up(error{errc::needs_person, "somebody must sign in"});
    if (settings_->grant == sign_in_grant::device_code) return choose_client();
    question where;
    where.what = question::kind::redirect_address;
    where.preferred_port = settings_->callback_port;
    where.url = secret(record_.client.redirect_uri.view());
    ask(std::move(where), &fresh_login::addressed);
  }
  // Whoever has a workload's assertion can be it. A server may change its metadata at will, and must not have one sent to
  // somebody new by that.
  [[nodiscard]] result<void> check_assertion() const {
    if (settings_->grant != sign_in_grant::jwt_bearer) return {};
    bool const said = !settings_->client_issuer.empty();
    auto const& known = said ? settings_->client_issuer : record_.issuer;
    if (known.empty() || known == found_.server.issuer) return {};
    return error{errc::wrong_origin, "the assertion is for another authorization server than the one found",
                 said ? "; see .client_issuer"
                      : ", the one of the login before; if that is right, sign out first"};
  }
  void addressed() {
    if (said().empty()) return give_up(error{errc::needs_person, "somebody must sign in, and there is nobody to be asked"});
    redirect_ = owned_text(said().reveal());
    choose_client();
  }
  void choose_client() {
    client_settings const from{.configured = settings_->client,
                               .configured_issuer = settings_->client_issuer,
                               .has_key = bool(settings_->client_key),
                               .metadata_url = settings_->client_metadata_url,
                               .earlier = record_.client,
                               .earlier_issuer = record_.issuer,
                               .about = about()};
    run(client_choice(found_.server, redirect_, from, *outside_), &fresh_login::chosen);
  }

  [[nodiscard]] oauth::client_description about() const {
    oauth::client_description made{.client_name = settings_->client_name};
    if (settings_->grant == sign_in_grant::device_code) {
      made.grant_types = {"urn:ietf:params:oauth:grant-type:device_code", "refresh_token"};
      made.response_types = {};
    }
    return made;
  }

  void chosen() {
    auto client = outcome_of<client_choice>();
    if (!client) return give_up(client.error());
    detail::bind(record_, found_, std::move(*client));
    if (auto ok = make_key(); !ok) return give_up(ok.error());
    switch (settings_->grant) {
      case sign_in_grant::authorization_code:
        // OpenID Connect Core §11: without it the server has to pass over offline_access.
        return run(oauth::code_flow(service(), found_.server,
                                    {.redirect_uri = redirect_,
                                     .scope = scope_,
                                     .resource = record_.resource,
                                     .prompt = covers_scope(scope_, detail::offline_access) ? "consent" : "",
                                     .pushed = settings_->pushed},
                                    *outside_, now()),
                   &fresh_login::redeemed<oauth::code_flow>);
      case sign_in_grant::device_code:
        return run(oauth::device_flow(service(), found_.server,
                                      {.scope = scope_, .resource = record_.resource}, *outside_, now()),
                   &fresh_login::redeemed<oauth::device_flow>);
      case sign_in_grant::client_credentials: return ask_for(oauth::client_credentials_grant{.scope = scope_, .resource = record_.resource}.body());
      case sign_in_grant::jwt_bearer: return ask_with(settings_->assertion.read(*outside_));
      case sign_in_grant::enterprise: return ask_company();
    }
  }
  // The server, or its resource, says that tokens are to be bound; or the user does.
  result<void> make_key() {
    record_.dpop_key = {};
    key_ = {};
    if (!found_.dpop_wanted && settings_->binding != bound_to_key::always) return {};
    if (!settings_->keys) return error{errc::fatal, "the token is to be bound to a key, and nothing here makes keys; set .keys (adapt/openssl_proof_keys.hpp)"};
    auto jwk = settings_->keys.make();
    if (!jwk) return jwk.error();
    auto key = settings_->keys.read(*jwk);
    if (!key) return key.error();
    record_.dpop_key = std::move(*jwk);
    key_ = std::move(*key);
    return {};
  }
  [[nodiscard]] oauth::token_service service() const {
    return {.endpoint = record_.token_endpoint,
            .issuer = record_.issuer,
            .client = identity_of(record_.client, settings_->client),
            .client_key = settings_->client_key,
            .dpop_key = key_,
            .named_by = found_.server.named_by};
  }

  template <class Flow>
  void redeemed() {
    auto got = outcome_of<Flow>();
    if (!got && got.error().code() == errc::unknown_client && settings_->client.id.empty() && !countersign::detail::exchanged(forgotten_, true)) {
      record_.client = {};
      return obtain();
    }
    keep(std::move(got));
  }
  void ask_for(oauth::form body) {
    run(oauth::token_call(service(), std::move(body), {}, *outside_, now()), &fresh_login::answered);
  }
  void ask_with(result<secret> assertion) {
    if (!assertion) return give_up(assertion.error().within("the assertion: "));
    ask_for(oauth::jwt_bearer_grant{.assertion = assertion->reveal(), .scope = scope_, .resource = record_.resource}.body());
  }
  void ask_company() {
    auto const& company = settings_->company;
    auto const id_token = company.id_token.read(*outside_);
    if (!id_token) return give_up(id_token.error().within("the identity provider's id_token: "));
    oauth::id_jag_grant const grant{.id_token = id_token->reveal(), .audience = found_.server.issuer, .resource = record_.resource, .scope = scope_};
    run(oauth::token_call({.endpoint = company.token_endpoint, .client = company.client}, grant.body(), {}, *outside_, now()), &fresh_login::vouched);
  }
  void vouched() {
    auto got = outcome_of<oauth::token_call>();
    if (!got) return give_up(got.error().within("the identity provider: "));
    ask_with(oauth::id_jag_of(std::move(*got)));
  }
  void answered() { keep(outcome_of<oauth::token_call>()); }

  // What can't be written must not be kept: every request would fail here, and none would reach the server that says how to
  // sign in.
  [[nodiscard]] result<void> check(oauth::token_response const& got) const {
    auto const type = got.access.type.reveal();
    bool const bound = equal_without_case(type, "DPoP");
    if (!bound && !equal_without_case(type, "Bearer"))
      return error{errc::fatal,
                   "the server issued a token of another type than Bearer and DPoP; it is not kept"};
    if (bound && !key_)
      return error{
          errc::fatal,
          "the server issued a token that is bound to a key (DPoP), and was shown none; it is not kept"};
    if (!bound && settings_->binding == bound_to_key::always)
      return error{
          errc::fatal,
          "the server issued a bearer token, bound to no key, where one was wanted that is; it is not kept"};
    if (!is_b64token(got.access.value.reveal()) ||
        got.access.value.size() > max_field_value - sizeof "Bearer")
      return error{errc::bad_input, "the server issued a token that no request may carry (RFC 6750 §2.1), or "
                                    "too long a one; it is not kept"};
    return {};
  }
  void keep(result<oauth::token_response> got) {
    if (!got) return give_up(got.error());
    if (auto ok = check(*got); !ok) return give_up(ok.error());
    detail::fill(record_, std::move(*got), scope_);
    if (!record_.ok()) return give_up(error{errc::no_memory, "out of memory"});
    finish(std::move(record_));
  }

  sign_in_settings const* settings_;
  context const* outside_;
  discovered found_;
  login record_;
  owned_text granted_, scope_, redirect_;
  any_signer key_;
  bool forgotten_ = false;
};

}  // namespace countersign::inline v0::mcp
