#pragma once
// What HMAC asks of a hash.

#include <countersign/core/detail/made_from.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

/// An iterated hash over blocks. Semantic requirements:
/// - `block_size` and `digest_size` are in bytes, and a digest is not longer than a block;
/// - a copy is a midstate of its own;
/// - `finish(rest)` gives the digest of all that was taken, then `rest`, and leaves the object as
///   it was;
/// - `of(message)` is the digest of `message`;
/// - destroying an object wipes it, and no branch and no index depends on the bytes taken.
template <class H>
concept hash_function = detail::copyable<H> && requires { H(); } &&
                        (H::digest_size <= H::block_size) &&
                        requires(H& hash, H const& midstate, std::string_view bytes,
                                 typename H::digest digest) {
  hash.update(bytes);
  { midstate.finish(bytes) } -> std::same_as<typename H::digest>;
  { H::of(bytes) } -> std::same_as<typename H::digest>;
  { digest.data() } -> std::same_as<unsigned char*>;
  requires sizeof(digest) == H::digest_size;
};

}  // namespace countersign::inline v0
