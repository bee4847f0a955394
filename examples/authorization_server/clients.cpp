#include "clients.hpp"

#include <algorithm>

namespace cs = countersign;

namespace provider {

namespace {

// "http://127.0.0.1" and the path behind the port of such an address; nothing for other URLs.
std::optional<std::pair<std::string_view, std::string_view>> loopback_parts(std::string_view uri) {
  for (std::string_view const host : {"http://127.0.0.1", "http://[::1]", "http://localhost"}) {
    if (!uri.starts_with(host)) continue;
    auto rest = uri.substr(host.size());
    if (rest.starts_with(':')) {
      auto const end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
      rest.remove_prefix(end);
    }
    if (!rest.empty() && rest.front() != '/') continue;
    return std::pair(host, rest);
  }
  return std::nullopt;
}

bool may_be_redirect_uri(std::string_view uri) {
  if (uri.find('#') != std::string_view::npos) return false;
  return uri.starts_with("https://") || loopback_parts(uri);
}

}  // namespace

bool client::may(std::string_view grant) const {
  return std::find(grants.begin(), grants.end(), grant) != grants.end();
}

bool client::takes(std::string_view uri) const {
  auto const parts = loopback_parts(uri);
  return std::any_of(redirect_uris.begin(), redirect_uris.end(), [&](std::string const& known) {
    return known == uri || (parts && loopback_parts(known) == parts);
  });
}

std::pair<std::string, std::string> read_client(cs::json_value said, std::string_view auth_methods,
                                                client& to) {
  for (auto const uri : said["redirect_uris"].elements()) {
    if (!may_be_redirect_uri(uri.string()))
      return {"invalid_redirect_uri", "a redirect URI is https or on loopback"};
    to.redirect_uris.emplace_back(uri.string());
  }
  if (said["grant_types"]) to.grants.clear();
  for (auto const grant : said["grant_types"].elements()) to.grants.emplace_back(grant.string());
  if (to.may("authorization_code") && to.redirect_uris.empty())
    return {"invalid_redirect_uri", "redirect_uris is missing"};
  to.method = said["token_endpoint_auth_method"].string("client_secret_basic");
  if (to.method.empty() || !all_in(to.method, auth_methods))
    return {"invalid_client_metadata", "no such token_endpoint_auth_method here"};
  // RFC 7591 §2: a native client's loopback address is not for a web client (OpenID Connect Registration §2).
  if (said["application_type"].string("native") == "web" &&
      std::any_of(to.redirect_uris.begin(), to.redirect_uris.end(),
                  [](auto const& uri) { return !!loopback_parts(uri); }))
    return {"invalid_redirect_uri", "a web client has no redirect URI on loopback"};
  to.scope = said["scope"].string();
  for (auto const jwk : said["jwks"]["keys"].elements())
    if (auto key = public_key::from_jwk(jwk)) to.keys.push_back(*key);
  if (auto key = public_key::from_pem(said["public_key_pem"].string())) to.keys.push_back(*key);
  if (to.method == "private_key_jwt" && to.keys.empty())
    return {"invalid_client_metadata", "private_key_jwt without a key"};
  return {};
}

client& client_table::add(client one) { return all_[one.id] = one; }

client* client_table::find(std::string const& id) {
  auto const found = all_.find(id);
  return found == all_.end() ? nullptr : &found->second;
}

client_table::verdict client_table::by_basic(std::string const& sent) {
  auto const login = from_base64(std::string_view(sent).substr(6));
  auto const colon = login ? login->find(':') : std::string::npos;
  if (colon == std::string::npos) return {nullptr, "Authorization can't be read", true};
  // RFC 6749 §2.3.1: both parts are encoded as in forms.
  auto* const who = find(form_decoded(login->substr(0, colon)));
  if (who == nullptr) return {nullptr, "no such client", true};
  if (who->method != "client_secret_basic") return {nullptr, "the client registered another method", true};
  if (!same(form_decoded(login->substr(colon + 1)), who->secret)) return {nullptr, "wrong secret", true};
  return {who, "", true};
}

client_table::verdict client_table::by_assertion(parameters const& form, std::string_view issuer) {
  if (form["client_assertion_type"] != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    return {nullptr, "another client_assertion_type"};
  auto const read = jwt::read(form["client_assertion"]);
  if (!read) return {nullptr, "the assertion is no JWT"};
  std::string const id(read->claims["sub"].string()), jti(read->claims["jti"].string());
  auto* const who = find(id);
  if (who == nullptr) return {nullptr, "no such client"};
  if (who->method != "private_key_jwt") return {nullptr, "the client registered another method"};
  if (form.has("client_id") && form["client_id"] != id) return {nullptr, "client_id is another client's"};
  if (read->claims["iss"].string() != id) return {nullptr, "iss is not sub"};
  if (!read->is_for(issuer)) return {nullptr, "aud is not the issuer"};
  if (!read->is_current()) return {nullptr, "the assertion is not of now"};
  if (std::none_of(who->keys.begin(), who->keys.end(), [&](auto const& key) { return read->signed_by(key); }))
    return {nullptr, "the assertion's signature is wrong"};
  if (jti.empty() || !seen_.insert(jti).second) return {nullptr, "jti is missing or was used before"};
  return {who};
}

client_table::verdict client_table::authenticate(request const& asked, std::string_view issuer) {
  auto const& form = asked.form;
  auto const sent = asked.header("Authorization");
  int const ways = int(!sent.empty()) + int(form.has("client_secret")) + int(form.has("client_assertion"));
  if (ways > 1) return {nullptr, "more than one way of authentication"};
  if (form.has("client_assertion")) return by_assertion(form, issuer);
  if (sent.starts_with("Basic ")) {
    auto const by = by_basic(sent);
    if (by.who != nullptr && form.has("client_id") && form["client_id"] != by.who->id)
      return {nullptr, "client_id is another client's", true};
    return by;
  }
  if (!sent.empty()) return {nullptr, "another scheme of Authorization"};
  auto* const who = find(form["client_id"]);
  if (who == nullptr) return {nullptr, "no such client"};
  if (!form.has("client_secret"))
    return who->method == "none" ? verdict{who} : verdict{nullptr, "not authenticated"};
  if (who->method != "client_secret_post") return {nullptr, "the client registered another method"};
  return same(form["client_secret"], who->secret) ? verdict{who} : verdict{nullptr, "wrong secret"};
}

}  // namespace provider
