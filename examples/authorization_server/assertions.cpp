// Grants on somebody's word: jwt-bearer (RFC 7523), token exchange (RFC 8693), and identity assertions that
// carry a grant from one server to another (ID-JAG). And revocation (RFC 7009).

#include "state.hpp"

#include <countersign/core/secret.hpp>
#include <countersign/text/json_writer.hpp>

namespace cs = countersign;

namespace provider {

namespace {

constexpr std::string_view id_jag = "urn:ietf:params:oauth:token-type:id-jag";
constexpr std::int64_t assertion_seconds = 300;

}  // namespace

answer by_assertion(state& all, request const& asked, client const& who, std::string const& thumb) {
  auto const refuse = [&](std::string_view code, std::string_view words) {
    return refuse_token(all, "jwt-bearer", code, words);
  };
  auto const read = jwt::read(asked.form["assertion"]);
  if (!read) return refuse("invalid_grant", "the assertion is no JWT");
  auto const& claims = read->claims;
  auto const from = all.trusted.find(std::string(claims["iss"].string()));
  if (from == all.trusted.end()) return refuse("invalid_grant", "nobody who is trusted issued the assertion");
  if (!read->signed_by(from->second)) return refuse("invalid_grant", "the assertion's signature is wrong");
  if (!read->is_for(all.issuer)) return refuse("invalid_grant", "the assertion is for another audience");
  if (!read->is_current()) return refuse("invalid_grant", "the assertion has expired");
  std::string const subject(claims["sub"].string()), named(claims["client_id"].string());
  if (subject.empty()) return refuse("invalid_grant", "the assertion names nobody");
  bool const carries_grant = read->header["typ"].string() == "oauth-id-jag+jwt";
  if ((carries_grant || !named.empty()) && named != who.id)
    return refuse("invalid_grant", "the assertion is another client's");
  std::string const resource(asked.form.has("resource") ? asked.form["resource"]
                                                        : std::string(claims["resource"].string()));
  if (all.set.resource_required ? resource != all.resource : !resource.empty() && resource != all.resource)
    return refuse("invalid_target", "no tokens are given for that resource");
  std::string const allowed(carries_grant && claims["scope"] ? std::string(claims["scope"].string())
                                                             : all.set.scopes);
  if (!all_in(asked.form["scope"], allowed)) return refuse("invalid_scope", "more than the assertion grants");
  auto const scope = asked.form.has("scope")            ? asked.form["scope"]
                     : carries_grant && claims["scope"] ? allowed
                                                        : words_of(all.set.scopes).front();
  auto& of = all.tokens.new_grant(
      {.client = who.id, .subject = subject, .scope = scope, .resource = all.resource, .thumb = thumb});
  return issue_tokens(all, of, {.grant_type = "jwt-bearer"});
}

answer by_exchange(state& all, request const& asked, client const& who, std::string const& thumb) {
  auto const refuse = [&](std::string_view code, std::string_view words) {
    return refuse_token(all, "token-exchange", code, words);
  };
  auto const& form = asked.form;
  if (form["subject_token_type"] == "urn:ietf:params:oauth:token-type:access_token") {
    auto const* const subject = all.tokens.find_access(form["subject_token"]);
    if (subject == nullptr || subject->revoked || std::chrono::steady_clock::now() >= subject->expires ||
        all.tokens.grant_of(subject->grant).revoked)
      return refuse("invalid_request", "the subject's token is not good");
    if (!all_in(form["scope"], subject->scope)) return refuse("invalid_scope", "more than the subject has");
    if (form.has("resource") && form["resource"] != all.resource)
      return refuse("invalid_target", "no tokens are given for that resource");
    auto& of = all.tokens.new_grant({.client = who.id,
                                     .subject = all.tokens.grant_of(subject->grant).subject,
                                     .scope = form.has("scope") ? form["scope"] : subject->scope,
                                     .resource = all.resource,
                                     .thumb = thumb});
    auto reply = issue_tokens(all, of, {.grant_type = "token-exchange"});
    // RFC 8693 §2.2.1 wants it said.
    reply.body.insert(1, R"("issued_token_type":"urn:ietf:params:oauth:token-type:access_token",)");
    return reply;
  }
  if (form["subject_token_type"] != "urn:ietf:params:oauth:token-type:id_token" ||
      form["requested_token_type"] != id_jag)
    return refuse("invalid_request", "an access token, or an ID token for an ID-JAG");
  auto const read = jwt::read(form["subject_token"]);
  auto const own = cs::json_document::parse(cs::secret(all.key.jwk()));
  if (!read || !read->signed_by(*public_key::from_jwk(own->root())) || !read->is_current() ||
      read->claims["iss"].string() != all.issuer || !read->is_for(who.id))
    return refuse("invalid_grant", "the ID token is not good");
  if (form["audience"].empty() || form["resource"].empty())
    return refuse("invalid_request", "audience or resource is missing");

  cs::secret text;
  cs::json_writer claims(text);
  claims.open_object()
      .member("iss", std::string_view(all.issuer))
      .member("sub", read->claims["sub"].string())
      .member("aud", std::string_view(form["audience"]))
      // Here and there the client has one name.
      .member("client_id", std::string_view(who.id))
      .member("resource", std::string_view(form["resource"]))
      .member("jti", std::string_view(base64url(random_bytes(12))))
      .member("iat", now_in_seconds())
      .member("exp", now_in_seconds() + assertion_seconds);
  if (form.has("scope")) claims.member("scope", std::string_view(form["scope"]));
  claims.close();
  all.log.add("token_issued",
              {{"grant", "token-exchange"}, {"client", who.id}, {"audience", form["audience"]}});
  return json_answer(
      200, json_object(
               {{"access_token", all.key.sign(R"({"alg":"ES256","typ":"oauth-id-jag+jwt"})", text.reveal())},
                {"issued_token_type", std::string(id_jag)},
                {"token_type", "N_A"}}));
}

answer revocation(state& all, request const& asked) {
  auto const by = all.clients.authenticate(asked, all.issuer);
  if (by.who == nullptr) {
    all.log.add("revocation_refused", {{"error", "invalid_client"}});
    return oauth_error(401, "invalid_client", by.why);
  }
  auto const text = asked.form["token"];
  auto* const refresh = all.tokens.find_refresh(text);
  auto* const access = all.tokens.find_access(text);
  if (refresh != nullptr || access != nullptr) {
    auto& of = all.tokens.grant_of(refresh != nullptr ? refresh->grant : access->grant);
    if (of.client != by.who->id) {
      all.log.add("revocation_refused", {{"error", "invalid_grant"}});
      return oauth_error(400, "invalid_grant", "another client's token");
    }
    if (refresh != nullptr) revoke(all, of, "revocation");
    else access->revoked = true;
  }
  // RFC 7009 §2.2: a token that is not known is revoked already.
  all.log.add("revoked", {{"client", by.who->id},
                          {"hint", asked.form["token_type_hint"]},
                          {"found", refresh != nullptr  ? "refresh_token"
                                    : access != nullptr ? "access_token"
                                                        : ""}});
  return {200, "", "", {{"Cache-Control", "no-store"}}};
}

}  // namespace provider
