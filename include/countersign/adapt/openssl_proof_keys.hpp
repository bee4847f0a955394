#pragma once
// Keys for DPoP by OpenSSL.

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/proof_keys.hpp>

#include <utility>

namespace countersign::inline v0 {

/// ES256, which every server that knows DPoP takes.
inline constexpr proof_keys openssl_proof_keys{
    .make = []() -> result<secret> {
      auto const key = openssl_key::generate();
      if (!key) return key.error();
      return key->private_jwk();
    },
    .read = [](secret const& private_jwk) -> result<any_signer> {
      auto key = openssl_key::from_jwk(private_jwk.reveal());
      if (!key) return key.error();
      any_signer made(std::move(*key));
      if (!made) return error{errc::no_memory, "openssl_key: out of memory"};
      return made;
    }};

}  // namespace countersign::inline v0
