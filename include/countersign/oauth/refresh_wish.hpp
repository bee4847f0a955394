#pragma once
// What is asked of the renewal of a stored login, and with what it is done.

#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/oauth/client_identity.hpp>

#include <cstdint>

namespace countersign::inline v0::oauth {

/// Of those who wait for another process each looks again so often, at random between the two.
inline constexpr duration shortest_look = milliseconds(25), longest_look = milliseconds(100);
/// How often one begins anew because somebody saved the login between its look and its own save.
inline constexpr unsigned max_overtaken = 8;

/// What the caller has, and how long it waits.
struct refresh_wish {
  std::uint64_t seen_generation = 0;  ///< of the login that the caller has; 0: none
  bool refused = false;               ///< a server refused the access token of that login
  /// How long another process is waited for that renews the same login. Nobody waits who has a token that is
  /// good.
  duration patience = seconds(30);
  /// The server takes a refresh token that it has rotated once more for a while, so that one whose answer
  /// never came is sent a second time. Never a third.
  bool grace = false;
  /// So long before its end the login that the caller has seen counts as over. A newer one is used to its
  /// end.
  duration early = {};
  /// `refresh_mark` of the access token that the caller has. Marks count as generations too, so with it alone
  /// a newer record that still holds the refused token is told from a renewed one. Empty: the generation
  /// decides.
  owned_text seen_token = {};
};

/// As whom, and to whom, the refresh token is sent.
struct refresh_means {
  /// The client where it is configured. Without an id: the record's, which was registered, and is forgotten
  /// once the server does not know it any more.
  client_identity client = {};
  any_signer client_key = {};  ///< for private_key_jwt
  /// The private JWK of a record becomes the key that its tokens are bound to (RFC 9449 §5). Null: such a
  /// login can't be renewed.
  result<any_signer> (*read_key)(secret const& jwk) = nullptr;
  /// Of a fresh discovery. Where they are not the record's, nothing is sent. Empty: not looked at.
  owned_text issuer = {}, token_endpoint = {};
  /// Whose word it is that tokens are asked for there (`tell_who_named`). Empty: the server's that the login is to.
  owned_text named_by = {};
};

}  // namespace countersign::inline v0::oauth
