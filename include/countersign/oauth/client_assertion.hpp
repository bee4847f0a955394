#pragma once
// A client proves who it is with a key of its own, or with its secret, which stays here (RFC 7523 §3):
// private_key_jwt, client_secret_jwt.

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/source/minted_jwt.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// How an assertion is made.
struct assertion_rules {
  duration lifetime = seconds(60);
  duration backdate = seconds(0);  ///< `iat` is so long before now, for servers whose clock is behind
  owned_text key_id = {};          ///< kid, where a server knows several keys of the client
};

namespace detail {
// A signer that belongs to somebody else.
template <signer S>
struct borrowed_signer {
  S const* key;
  [[nodiscard]] std::string_view alg() const { return key->alg(); }
  [[nodiscard]] result<void> sign(std::string_view input, secret& signature) const {
    return key->sign(input, signature);
  }
};
}  // namespace detail

/// An assertion for one token request: iss and sub are the client, jti is fresh, exp is near. Give it to
/// `token_request` in place of the client's secret, with `client_auth::private_key_jwt` or `client_secret_jwt`.
/// @param audience the issuer of the authorization server, which MCP of 2026 and FAPI want; older servers
/// want the URL   of the token endpoint
template <signer S>
[[nodiscard]] result<secret> client_assertion(S const& key, std::string_view client_id,
                                              std::string_view audience, context const& outside,
                                              assertion_rules const& rules = {}) {
  if (client_id.empty()) return error{errc::bad_input, "oauth: client assertion: the client has no id"};
  if (audience.empty())
    return error{errc::bad_input,
                 "oauth: client assertion: no audience; give the authorization server's issuer"};
  minted_jwt minted(detail::borrowed_signer<S>{&key},
                    jwt_claims{.issuer = client_id,
                               .subject = client_id,
                               .audience = audience,
                               .lifetime = rules.lifetime,
                               .backdate = rules.backdate},
                    jwt_header{.key_id = rules.key_id});
  auto made = minted.acquire(occasion{}, outside);
  if (!made) return made.error().within("oauth: client assertion: ");
  return std::move(made->credential);
}

/// The same signed with the client's secret (HS256). errc::bad_input if that is shorter than 32 bytes (RFC 7518 §3.2).
[[nodiscard]] inline result<secret> client_secret_assertion(secret const& client_secret,
                                                            std::string_view client_id,
                                                            std::string_view audience, context const& outside,
                                                            assertion_rules const& rules = {}) {
  auto const key = hmac_signer::make(sha2::bits_256, client_secret.reveal());
  if (!key) return key.error().within("oauth: client assertion: the client's secret: ");
  return client_assertion(*key, client_id, audience, outside, rules);
}

}  // namespace countersign::inline v0::oauth
