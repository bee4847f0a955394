#pragma once
// SHA-1 (FIPS 180-4), for the protocols that fix it: HMAC-SHA1 of older webhooks and of OAuth 1.0 (RFC 5849 §3.4.2).
// Broken as a hash: two messages of one digest can be made. Sign and compare nothing new with it.

#include <countersign/crypto/detail/iterated_hash.hpp>
#include <countersign/crypto/detail/sha1_plain.hpp>

namespace countersign::inline v0 {

/// Streaming SHA-1, with the face of `sha256`. **Broken**: only where a protocol asks for it, and there for HMAC, whose
/// strength does not rest on collisions. Usable in constant expressions; wiped when destroyed.
using sha1 = detail::iterated_hash<detail::sha1_plain>;

}  // namespace countersign::inline v0
