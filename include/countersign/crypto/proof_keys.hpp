#pragma once
// Where the keys come from that tokens are bound to: asymmetric cryptography is an adapter's.

#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_signer.hpp>

namespace countersign::inline v0 {

/// Makes keys and reads them back; `openssl_proof_keys` of `adapt/openssl_proof_keys.hpp` is one. Both functions may be
/// called from several threads at once.
struct proof_keys {
  /// A new private JWK with its `alg`, to be kept with the token.
  result<secret> (*make)() = nullptr;
  result<any_signer> (*read)(secret const& private_jwk) = nullptr;

  [[nodiscard]] constexpr explicit operator bool() const noexcept { return make != nullptr && read != nullptr; }
};

}  // namespace countersign::inline v0
