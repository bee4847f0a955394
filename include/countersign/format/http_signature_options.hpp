#pragma once
// What an HTTP message signature covers, and what it says of itself.

#include <countersign/core/credential.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/time.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/format/content_digest.hpp>

#include <cstddef>

namespace countersign::inline v0 {

/// The longest label, key id and tag of a signature, in bytes.
inline constexpr std::size_t max_signature_label = 64;
inline constexpr std::size_t max_signature_key_id = 256;
inline constexpr std::size_t max_signature_tag = 256;

/// Every field has a default.
struct http_signature_options {
  /// What is covered, in this order: names with commas or blanks between. `@method`, `@target-uri`, `@authority`, `@scheme`,
  /// `@request-target`, `@path`, `@query`, `@query-param;name="q"`, `@status`, or a header with `;sf`, `;key="k"`, `;bs`, `;tr`,
  /// `;req` behind it where need be (RFC 9421 §2).
  owned_text components = "@method, @target-uri, content-digest";
  owned_text label = "sig1";
  /// How the credential writes the key of an HMAC.
  key_form key = key_form::raw;
  /// `keyid`, of a credential that has none.
  owned_text key_id = {};
  bool created = true;     ///< says when
  duration lifetime = {};  ///< says `expires`, so long after; zero: not
  bool algorithm = false;  ///< says `alg`; a verifier goes by its key
  bool nonce = false;      ///< says 128 random bits, as 32 hexadecimal digits
  owned_text tag = {};     ///< says which application's it is
  /// Where Content-Digest is covered and the request has none, it is written with this hash.
  content_digest digest = content_digest::sha_256;
  /// The types of structured fields that are not in the IANA registry, for `;sf`: a name with "item", "list" or "dictionary".
  header_list structured = {};
};

}  // namespace countersign::inline v0
