#pragma once
// MD5 (RFC 1321), for HTTP Digest (RFC 7616), whose servers may offer nothing else. Broken as a hash: two messages of
// one digest are made in a second. Sign and compare nothing new with it.

#include <countersign/crypto/detail/iterated_hash.hpp>
#include <countersign/crypto/detail/md5_plain.hpp>

namespace countersign::inline v0 {

/// Streaming MD5, with the face of `sha256`. **Broken**: only where a protocol asks for it. Usable in constant
/// expressions; wiped when destroyed.
using md5 = detail::iterated_hash<detail::md5_plain>;

}  // namespace countersign::inline v0
