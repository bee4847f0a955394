#pragma once
// What one sign-in gave, with all that a refresh needs: the record that stores keep.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// Under what a login is looked up: what is known before any network. Views; whoever keeps one owns the
/// texts.
struct login_key {
  std::string_view profile = {};  ///< a login of its own to the same server; empty: the usual one
  std::string_view server = {};   ///< the server's URL, as it is configured
};

/// The client that the authorization server knows (RFC 7591): configured, or registered dynamically.
struct client_record {
  owned_text id = {};
  v0::secret secret = {};
  owned_text authentication = {};   ///< token_endpoint_auth_method: "none", "client_secret_basic", …
  owned_text redirect_uri = {};     ///< as registered, port and path included
  wall_time secret_expires = never_expires;
};

/// One record, one generation. Tokens go only to the issuer and the endpoints that stand beside them.
struct login {
  /// Counted by the store, from 1; what `load` gave goes into `compare_and_swap`. 0: not stored yet.
  std::uint64_t generation = 0;
  owned_text profile = {}, server = {};  ///< the key; stores fill them in
  owned_text tenant = {};

  owned_text issuer = {};
  owned_text token_endpoint = {}, authorization_endpoint = {}, revocation_endpoint = {};
  owned_text resource = {};  ///< verbatim (RFC 8707)
  owned_text scope = {};     ///< as granted
  client_record client = {};

  secret access_token = {}, refresh_token = {};
  owned_text token_type = {};
  wall_time expires = never_expires;  ///< of the access token, absolute
  /// The mark of the refresh token that was sent last, if no answer to it was saved: `refresh_mark`, and
  /// `repeated_mark` behind it if that was the second time. Empty: none.
  owned_text pending = {};
  secret dpop_key =
      {};  ///< a private JWK: a public client's refresh token is bound to it (RFC 9449 section 5)

  /// Whether its refresh token has been sent and no answer was saved: the server may have rotated it, and a
  /// second use may revoke the whole login.
  [[nodiscard]] bool is_pending() const noexcept;
  /// Whether it has been sent a second time, which a server with a grace period allows, and no answer came.
  [[nodiscard]] bool is_repeated() const noexcept;
  /// False once an allocation has failed in any part.
  [[nodiscard]] bool ok() const noexcept;
};

/// Tells one refresh token from another without being one: base64url of its SHA-256.
[[nodiscard]] inline owned_text refresh_mark(std::string_view refresh_token) noexcept {
  auto digest = sha256::of(refresh_token);
  char text[base64_size(sha256::digest_size, base64::url)];
  encode_base64(text, as_chars(digest), base64::url);
  return owned_text(detail::text_at(text, sizeof text));
}

/// Ends the mark of a refresh token that was sent twice.
inline constexpr std::string_view repeated_mark = ".2";

namespace detail {

/// Calls `field(name, member)` for each field that is stored, in the order in which it is written.
template <class Login, class Function>
void each_login_field(Login& of, Function&& field) {
  field("profile", of.profile);
  field("server", of.server);
  field("tenant", of.tenant);
  field("issuer", of.issuer);
  field("token_endpoint", of.token_endpoint);
  field("authorization_endpoint", of.authorization_endpoint);
  field("revocation_endpoint", of.revocation_endpoint);
  field("resource", of.resource);
  field("scope", of.scope);
  field("client_id", of.client.id);
  field("client_secret", of.client.secret);
  field("client_secret_expires_ms", of.client.secret_expires);
  field("token_endpoint_auth_method", of.client.authentication);
  field("redirect_uri", of.client.redirect_uri);
  field("access_token", of.access_token);
  field("refresh_token", of.refresh_token);
  field("token_type", of.token_type);
  field("expires_ms", of.expires);
  field("pending", of.pending);
  field("dpop_key", of.dpop_key);
}

inline bool is_whole(owned_text const& text) noexcept { return text.ok(); }
inline bool is_whole(secret const& text) noexcept { return text.ok(); }
inline bool is_whole(wall_time) noexcept { return true; }

}  // namespace detail

inline bool login::is_pending() const noexcept {
  if (pending.empty()) return false;
  auto const mark = refresh_mark(refresh_token.reveal());
  auto const said = pending.view();
  return equal_in_constant_time(said.substr(0, mark.view().size()), mark);  // also where it found no memory
}

inline bool login::is_repeated() const noexcept {
  return is_pending() && pending.view().ends_with(repeated_mark);
}

inline bool login::ok() const noexcept {
  bool whole = true;
  detail::each_login_field(
      *this, [&](std::string_view, auto const& field) { whole = whole && detail::is_whole(field); });
  return whole;
}

}  // namespace countersign::inline v0
