#pragma once
// Which way a client authenticates, of those that both sides can.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/server_metadata.hpp>

#include <cstdint>
#include <string_view>

namespace countersign::inline v0::oauth {

/// What a client can prove itself with.
struct client_proofs {
  bool secret = false;
  bool key = false;
  bool certificate = false;
};

/// What was configured, or what the server chose when the client registered, wins. Else the best that the
/// metadata names and the client can do: a certificate, a key, then the secret in a header, then in the body, then an
/// assertion signed with it. A client with
/// neither secret nor key is public, whether or not the server lists `none`; its certificate binds tokens all the same (RFC 8705
/// §4). Metadata that names nothing means basic (RFC 8414 §2), or the key where that is all there is. errc::fatal if nothing is
/// left.
[[nodiscard]] inline result<client_auth> choose_client_auth(client_auth wanted, client_proofs has,
                                                            server_metadata const& server) {
  auto const& methods = server.token_endpoint_auth_methods_supported;
  if (wanted != client_auth::as_advertised) return wanted;
  if (has.certificate)
    for (auto const one : {client_auth::tls_client_auth, client_auth::self_signed_tls_client_auth})
      if (methods.contains(name(one))) return one;
  if (!has.secret && !has.key) return client_auth::none;
  if (methods.empty()) return has.secret ? client_auth::basic : client_auth::private_key_jwt;
  if (has.key && methods.contains("private_key_jwt")) return client_auth::private_key_jwt;
  if (has.secret && methods.contains("client_secret_basic")) return client_auth::basic;
  if (has.secret && methods.contains("client_secret_post")) return client_auth::post;
  auto const& algorithms = server.token_endpoint_auth_signing_alg_values_supported;
  if (has.secret && methods.contains("client_secret_jwt") &&
      (algorithms.empty() || algorithms.contains("HS256")))
    return client_auth::client_secret_jwt;
  if (methods.contains("none")) return client_auth::none;
  return error{errc::fatal, "oauth: the token endpoint takes no way of authentication that the client has (",
               has.key ? "a key" : "a secret",
               "); see token_endpoint_auth_methods_supported in the server's metadata"};
}

}  // namespace countersign::inline v0::oauth
