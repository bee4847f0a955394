#pragma once
// Private keys that a config names, read by OpenSSL.

#include <countersign/adapt/detail/openssl_algorithm.hpp>
#include <countersign/adapt/openssl_key.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/key_reader.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// A `key_reader`: ES256, ES384, RS256, PS256, PS512 and EdDSA. What begins with `{` is a JWK, everything else PEM. Errors as
/// `openssl_key`'s.
[[nodiscard]] inline result<any_signer> openssl_key_reader(std::string_view key, std::string_view algorithm,
                                                           std::string_view passphrase) {
  auto const named = detail::openssl_algorithm_of(algorithm);
  if (!named) return named.error().within("openssl_key: ");
  auto const first = key.find_first_not_of(" \t\r\n");
  auto made = first != key.npos && key[first] == '{'
                  ? openssl_key::from_jwk(key, *named)
                  : openssl_key::from_pem(key, {*named, secret(passphrase)});
  if (!made) return made.error();
  any_signer signer(std::move(*made));
  if (!signer) return error{errc::no_memory, "openssl_key: out of memory"};
  return signer;
}

}  // namespace countersign::inline v0
