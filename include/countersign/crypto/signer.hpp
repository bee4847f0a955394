#pragma once
// The role of whatever signs tokens: HMAC here; what signs with a private key is `openssl_key` of adapt/, or a type of the
// user's.

#include <countersign/core/detail/made_from.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/crypto/hmac_midstates.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/nearest.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// A key and what it is used with: a value with
/// - `alg()`: the name that RFC 7518 §3.1 gives the algorithm, "ES256". It comes from the key, never from a token;
/// - `result<void> sign(input, signature) const`: appends the raw bytes of the signature, as a JWS has them (RFC 7518
///   §3.4: ES256 is R and S of 32 bytes each, not DER).
template <class S>
concept signer = detail::move_constructible<S> &&
    requires(S const& s, std::string_view input, secret& signature) {
  { s.alg() } -> std::convertible_to<std::string_view>;
  { s.sign(input, signature) } -> std::same_as<result<void>>;
};

/// A signer whose signatures anybody can check, because its key has a public half:
/// - `public_jwk()`: that half as a JWK with its required members alone, in the order of their names and without white
///   space (RFC 7638 §3.2), so that it is what a thumbprint is made of. Valid while the signer is.
template <class S>
concept public_key_signer = signer<S> && requires(S const& s) {
  { s.public_jwk() } -> std::convertible_to<std::string_view>;
};

/// RFC 7638 §3 with SHA-256, in base64url: what `dpop_jkt` and `cnf.jkt` say. errc::no_memory.
template <public_key_signer S>
[[nodiscard]] result<secret> jwk_thumbprint(S const& key) noexcept {
  secret text;
  append_base64(text, as_chars(sha256::of(key.public_jwk())), base64::url);
  if (!text.ok()) return error{errc::no_memory, "JWK thumbprint: out of memory"};
  return text;
}

namespace detail {
inline constexpr std::string_view hmac_algorithms[] = {"HS256", "HS384", "HS512"};

// RFC 7518 §3.2: "A key of the same size as the hash output or larger MUST be used".
[[nodiscard]] inline result<void> check_hmac_key(sha2 hash, std::string_view key) noexcept {
  auto const least = digest_size(hash);
  if (key.size() >= least) return {};
  auto const alg = hmac_algorithms[static_cast<std::size_t>(hash)];
  return error{errc::bad_input,
               alg,
               ": the key has ",
               key.size(),
               " bytes, and needs ",
               least,
               " at least (RFC 7518 section 3.2); make one with: openssl rand -base64 ",
               least};
}
}  // namespace detail

/// HS256, HS384 or HS512 (RFC 7518 §3.2) with a key that is prepared once. Threads may sign with one at once.
class hmac_signer {
public:
  /// @param key its bytes; errc::bad_input if they are fewer than the hash's
  [[nodiscard]] static result<hmac_signer> make(sha2 hash, std::string_view key) noexcept {
    if (auto ok = detail::check_hmac_key(hash, key); !ok) return ok.error();
    return hmac_signer(hmac_midstates(hash, key));
  }

  [[nodiscard]] std::string_view alg() const noexcept {
    return detail::hmac_algorithms[static_cast<std::size_t>(keyed_.hash())];
  }
  [[nodiscard]] result<void> sign(std::string_view input, secret& signature) const noexcept {
    signature.append(keyed_.finish(input).view());
    if (!signature.ok()) return error{errc::no_memory, alg(), ": no memory for the signature"};
    return {};
  }

  /// For whoever signs many texts that begin alike.
  [[nodiscard]] hmac_midstates const& midstates() const noexcept { return keyed_; }

private:
  explicit hmac_signer(hmac_midstates const& keyed) noexcept : keyed_(keyed) {}

  hmac_midstates keyed_;
};

/// The hash of an HMAC algorithm by its name in RFC 7518, for configs. errc::bad_input says what is wrong with a name: an
/// algorithm that signs with a private key, "none", or a slip of the hand.
[[nodiscard]] inline result<sha2> hmac_algorithm(std::string_view name) noexcept {
  for (std::size_t i = 0; i < sizeof detail::hmac_algorithms / sizeof *detail::hmac_algorithms; ++i)
    if (name == detail::hmac_algorithms[i]) return static_cast<sha2>(i);
  if (equal_without_case(name, "none"))
    return error{errc::bad_input,
                 "algorithm \"none\" signs nothing, so that anybody could have written the token; use HS256"};
  for (std::string_view const known : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                                       "ES512", "ES256K", "EdDSA", "Ed25519", "Ed448"})
    if (name == known)
      return error{errc::bad_input, "algorithm ", known,
                   " signs with a private key, and this is for keys that both sides share (HS256, HS384, "
                   "HS512); give a signer of your own"};
  if (auto const near = nearest(name, detail::hmac_algorithms); !near.empty())
    return error{errc::bad_input, "unknown algorithm; did you mean ", near, "?"};
  return error{errc::bad_input, "unknown algorithm; known are HS256, HS384 and HS512"};
}

}  // namespace countersign::inline v0
