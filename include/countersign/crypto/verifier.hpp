#pragma once
// The role of whatever checks signatures: HMAC here; what checks with a public key is `openssl_public_key` of adapt/, or a
// type of the user's.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/crypto/signer.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

/// A key and what it is used with: a value with
/// - `alg()`: the name that RFC 7518 §3.1 gives the algorithm, "ES256". It comes from the key, never from a message: who could
///   choose it would choose a public key as the key of an HMAC;
/// - `result<void> verify(input, signature) const`: errc::rejected unless `signature` is one of `input` by that key, as raw
///   bytes (RFC 7518 §3.4: ES256 is R and S of 32 bytes each, not DER). An HMAC is compared in constant time.
template <class V>
concept verifier = requires(V const& v, std::string_view bytes) {
  { v.alg() } -> std::convertible_to<std::string_view>;
  { v.verify(bytes, bytes) } -> std::same_as<result<void>>;
};

/// Any `verifier`, borrowed; empty it is false and verifies nothing.
class verifier_ref {
public:
  verifier_ref() = default;
  template <verifier V>
    requires(!std::same_as<V, verifier_ref>)
  verifier_ref(V const& key)
  noexcept
      : key_(&key), alg_([](void const* of) { return std::string_view(static_cast<V const*>(of)->alg()); }),
        verify_([](void const* of, std::string_view input, std::string_view signature) {
          return static_cast<V const*>(of)->verify(input, signature);
        }) {}

  [[nodiscard]] explicit operator bool() const noexcept { return key_ != nullptr; }
  [[nodiscard]] std::string_view alg() const { return key_ == nullptr ? std::string_view() : alg_(key_); }
  [[nodiscard]] result<void> verify(std::string_view input, std::string_view signature) const {
    if (key_ == nullptr) return error{errc::rejected, "verifier_ref: it holds no key"};
    return verify_(key_, input, signature);
  }

private:
  void const* key_ = nullptr;
  std::string_view (*alg_)(void const*) = nullptr;
  result<void> (*verify_)(void const*, std::string_view, std::string_view) = nullptr;
};

/// HS256, HS384 or HS512 with a key of any size but none: servers choose it. Threads may verify with one at once.
class hmac_verifier {
public:
  /// @param key its bytes; errc::bad_input if there are none
  [[nodiscard]] static result<hmac_verifier> make(sha2 hash, std::string_view key) noexcept {
    if (key.empty()) return error{errc::bad_input, "hmac_verifier: the key is empty"};
    return hmac_verifier(any_hmac(hash, key));
  }

  [[nodiscard]] std::string_view alg() const noexcept {
    return detail::hmac_algorithms[static_cast<std::size_t>(keyed_.hash())];
  }
  [[nodiscard]] result<void> verify(std::string_view input, std::string_view signature) const noexcept {
    if (equal_in_constant_time(keyed_.finish(input).view(), signature)) return {};
    return error{errc::rejected, alg(), ": the signature is not one by this key"};
  }

private:
  explicit hmac_verifier(any_hmac keyed) noexcept : keyed_(keyed) {}

  any_hmac keyed_;
};

}  // namespace countersign::inline v0
