// What the authorization server has at which path.

#include "state.hpp"

namespace provider {

answer answer_at_issuer(state& all, request const& asked) {
  bool const get = asked.method == "GET", post = asked.method == "POST";
  auto const& path = asked.path;
  auto const& prefix = all.set.issuer_path;
  if (get && all.set.metadata == "oauth" && path == "/.well-known/oauth-authorization-server" + prefix)
    return server_metadata(all);
  if (get && all.set.metadata == "oidc" && path == prefix + "/.well-known/openid-configuration")
    return server_metadata(all);
  if (get && path == prefix + "/authorize") return authorize(all, asked.query);
  if (post && path == prefix + "/authorize") return authorize(all, asked.form);
  if (get && path == prefix + "/decision") return decide(all, asked.query);
  if (post && path == prefix + "/register") return register_client(all, asked);
  if (post && path == prefix + "/revoke") return revocation(all, asked);
  if (get && path == prefix + "/jwks") return {200, "application/json", "{\"keys\":[" + all.key.jwk() + "]}"};
  if (post && path == prefix + "/token") {
    auto to = token(all, asked);
    if (all.set.dpop_nonce) to.headers.emplace_back("DPoP-Nonce", all.token_nonce);
    return to;
  }
  return {404, "text/plain", "nothing is here\n"};
}

}  // namespace provider
