// The token endpoint: who asks, with which key, and the grants of people.

#include "state.hpp"

#include <countersign/core/secret.hpp>
#include <countersign/text/json_writer.hpp>

namespace cs = countersign;

namespace provider {

namespace {

using std::chrono::steady_clock;

// RFC 7636 §4.1 and §4.6.
bool matches(std::string const& verifier, std::string const& challenge) {
  return verifier.size() >= 43 && verifier.size() <= 128 && same(base64url(sha256(verifier)), challenge);
}

// Empty, or why the resource asked for is not the grant's.
std::string wrong_resource(state& all, parameters const& form, std::string const& granted) {
  if (!form.has("resource")) return all.set.resource_required ? "resource is missing" : "";
  for (auto const& [name, value] : form.all())
    if (name == "resource" && value != granted) return "another resource than was granted";
  return "";
}

answer by_code(state& all, parameters const& form, client const& who, std::string const& thumb) {
  auto const refuse = [&](std::string_view code, std::string_view words) {
    return refuse_token(all, "authorization_code", code, words);
  };
  auto* const found = all.tokens.find_code(form["code"]);
  if (found == nullptr) return refuse("invalid_grant", "no such code");
  auto& of = all.tokens.grant_of(found->grant);
  if (found->used) {
    // RFC 6749 §4.1.2: what was issued on it is no longer good either.
    all.log.add("code_reused", {{"client", who.id}});
    revoke(all, of, "code_reused");
    return refuse("invalid_grant", "the code was used before");
  }
  if (of.client != who.id) return refuse("invalid_grant", "another client's code");
  found->used = true;  // a wrong guess spends it
  if (steady_clock::now() >= found->expires) return refuse("invalid_grant", "the code has expired");
  if (form["redirect_uri"] != found->redirect_uri) return refuse("invalid_grant", "another redirect_uri");
  if (!matches(form["code_verifier"], found->challenge))
    return refuse("invalid_grant", "wrong code_verifier");
  if (auto const why = wrong_resource(all, form, of.resource); !why.empty())
    return refuse("invalid_target", why);
  if (!found->thumb.empty() && found->thumb != thumb)
    return refuse("invalid_dpop_proof", "not the key of dpop_jkt");
  of.thumb = thumb;
  bool const asked_to_stay = all_in("offline_access", of.scope) || !all.set.refresh_needs_offline_access;
  return issue_tokens(all, of,
                      {.grant_type = "authorization_code",
                       .with_refresh = asked_to_stay && all.set.refresh_tokens && who.may("refresh_token")});
}

answer by_refresh_token(state& all, parameters const& form, client const& who, std::string const& thumb) {
  auto const refuse = [&](std::string_view code, std::string_view words) {
    return refuse_token(all, "refresh_token", code, words);
  };
  auto* const found = all.tokens.find_refresh(form["refresh_token"]);
  if (found == nullptr) return refuse("invalid_grant", "no such refresh token");
  auto& of = all.tokens.grant_of(found->grant);
  if (of.client != who.id) return refuse("invalid_grant", "another client's refresh token");
  if (of.revoked) return refuse("invalid_grant", "the grant was revoked");
  auto const now = steady_clock::now();
  if (all.set.refresh_lifetime.count() > 0 && now >= found->expires)
    return refuse("invalid_grant", "the refresh token has expired");
  if (of.thumb != thumb) return refuse("invalid_dpop_proof", "the refresh token is bound to another key");
  if (auto const why = wrong_resource(all, form, of.resource); !why.empty())
    return refuse("invalid_target", why);
  if (!all_in(form["scope"], of.scope)) return refuse("invalid_scope", "more than was granted");
  if (found->replaced && now > found->replaced_at + all.set.grace) {
    all.log.add("reuse_detected", {{"client", who.id}, {"number", std::to_string(found->number)}});
    revoke(all, of, "reuse");
    return refuse("invalid_grant", "the refresh token was used before; the grant is revoked");
  }
  if (all.set.rotation && !found->replaced) {
    found->replaced = true;
    found->replaced_at = now;
  }
  return issue_tokens(all, of,
                      {.grant_type = "refresh_token",
                       .scope = form["scope"],
                       .with_refresh = all.set.rotation,
                       .replaces = found->number});
}

answer by_client(state& all, parameters const& form, client const& who, std::string const& thumb) {
  auto const refuse = [&](std::string_view code, std::string_view words) {
    return refuse_token(all, "client_credentials", code, words);
  };
  if (who.method == "none") return refuse("unauthorized_client", "a client without a secret");
  if (auto const why = wrong_resource(all, form, all.resource); !why.empty())
    return refuse("invalid_target", why);
  if (!all_in(form["scope"], who.scope.empty() ? all.set.scopes : who.scope))
    return refuse("invalid_scope", "a scope is not known, or not for this client");
  auto const scope = form.has("scope") ? form["scope"] : words_of(all.set.scopes).front();
  auto& of = all.tokens.new_grant(
      {.client = who.id, .subject = who.id, .scope = scope, .resource = all.resource, .thumb = thumb});
  return issue_tokens(all, of, {.grant_type = "client_credentials"});
}

}  // namespace

void revoke(state& all, grant& what, std::string_view why) {
  if (what.revoked) return;
  what.revoked = true;
  all.log.add("grant_revoked", {{"grant_number", std::to_string(what.number)}, {"why", std::string(why)}});
}

answer refuse_token(state& all, std::string_view grant_type, std::string_view code, std::string_view words,
                    int status) {
  all.log.add(
      "token_refused",
      {{"grant", std::string(grant_type)}, {"error", std::string(code)}, {"words", std::string(words)}});
  return oauth_error(status, code, words);
}

answer issue_tokens(state& all, grant const& of, issue const& how) {
  auto const now = steady_clock::now();
  auto const& scope = how.scope.empty() ? of.scope : how.scope;
  int access_number = 0, refresh_number = 0;
  cs::secret text;
  cs::json_writer out(text);
  auto const access = all.tokens.add(
      access_token{.grant = of.number, .scope = scope, .expires = now + all.set.access_lifetime},
      access_number);
  out.open_object()
      .member("access_token", std::string_view(access))
      .member("token_type", of.thumb.empty() ? "Bearer" : "DPoP");
  if (all.set.expires_in.empty())
    out.member("expires_in", std::chrono::ceil<std::chrono::seconds>(all.set.access_lifetime).count());
  else if (all.set.expires_in != "none") out.name("expires_in").raw(all.set.expires_in);
  if (how.with_refresh)
    out.member(
        "refresh_token",
        std::string_view(all.tokens.add(
            refresh_token{.grant = of.number, .expires = now + all.set.refresh_lifetime}, refresh_number)));
  out.member("scope", std::string_view(scope)).close();
  all.log.add(how.grant_type == "refresh_token" ? "refreshed" : "token_issued",
              {{"grant", std::string(how.grant_type)},
               {"client", of.client},
               {"grant_number", std::to_string(of.number)},
               {"scope", scope},
               {"access", std::to_string(access_number)},
               {"refresh", refresh_number == 0 ? "" : std::to_string(refresh_number)},
               {"replaces", how.replaces == 0 ? "" : std::to_string(how.replaces)},
               {"bound", of.thumb.empty() ? "" : "dpop"}});
  return json_answer(200, std::string(text.reveal()));
}

answer token(state& all, request const& asked) {
  auto const kind = asked.form["grant_type"];
  auto const refuse = [&](std::string_view code, std::string_view words, int status = 400) {
    return refuse_token(all, kind, code, words, status);
  };
  if (!asked.header("Content-Type").starts_with("application/x-www-form-urlencoded"))
    return refuse("invalid_request", "the body is no form");
  if (asked.form.has_twice()) return refuse("invalid_request", "a parameter is there twice");
  auto const by = all.clients.authenticate(asked, all.issuer);
  if (by.who == nullptr) {
    auto refused = refuse("invalid_client", by.why, by.basic ? 401 : 400);
    if (by.basic) refused.headers.emplace_back("WWW-Authenticate", "Basic realm=\"notes\"");
    return refused;
  }

  std::string thumb;
  auto const proofs = all.set.dpop == "off" ? 0 : asked.headers("DPoP");
  if (proofs > 1 || (proofs == 0 && all.set.dpop == "required"))
    return refuse("invalid_dpop_proof", "one DPoP proof is wanted");
  if (proofs == 1) {
    auto const why = all.token_proofs.refusal(asked.header("DPoP"), "POST", all.issuer + "/token", "",
                                              all.set.dpop_nonce ? all.token_nonce : "", thumb);
    // Before the grant: who comes back with the nonce has lost nothing.
    if (why == "nonce") return refuse("use_dpop_nonce", "a proof with this server's nonce is wanted");
    if (!why.empty()) return refuse("invalid_dpop_proof", why);
  }

  auto const& who = *by.who;
  if (!who.may(kind)) return refuse("unauthorized_client", "not a grant of this client");
  if (kind == "authorization_code") return by_code(all, asked.form, who, thumb);
  if (kind == "refresh_token") return by_refresh_token(all, asked.form, who, thumb);
  if (kind == "client_credentials") return by_client(all, asked.form, who, thumb);
  if (kind == "urn:ietf:params:oauth:grant-type:jwt-bearer") return by_assertion(all, asked, who, thumb);
  if (kind == "urn:ietf:params:oauth:grant-type:token-exchange") return by_exchange(all, asked, who, thumb);
  return refuse("unsupported_grant_type", "no such grant here");
}

}  // namespace provider
