#pragma once
// The role of a cipher that also proves who wrote: ChaCha20-Poly1305 here, others by adapters.

#include <countersign/core/detail/made_from.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

/// Authenticated encryption with associated data (RFC 5116). Semantic requirements:
/// - sizes are in bytes; `make` refuses a key of another size, `seal` and `open` a nonce of another size,
///   each with errc::bad_input;
/// - `seal` encrypts `text` where it lies and appends the tag; no two texts may be sealed with one key and
///   nonce;
/// - `open` checks the tag first, in constant time: where it is wrong, errc::rejected, and `text` stays as it
///   was; else it decrypts in place and cuts the tag off;
/// - destroying an object wipes its key; threads may use one object at once.
template <class C>
concept aead_cipher = detail::movable<C> && requires(C const& cipher, std::string_view bytes, secret& text) {
  { C::name } -> std::convertible_to<std::string_view>;
  requires(C::key_size > 0 && C::nonce_size > 0 && C::tag_size > 0);
  { C::make(bytes) } -> std::same_as<result<C>>;
  { cipher.seal(bytes, bytes, text) } -> std::same_as<result<void>>;
  { cipher.open(bytes, bytes, text) } -> std::same_as<result<void>>;
};

}  // namespace countersign::inline v0
