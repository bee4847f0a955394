#pragma once
// Where private keys are read that a config names: asymmetric cryptography is an adapter's.

#include <countersign/core/result.hpp>
#include <countersign/crypto/any_signer.hpp>

#include <string_view>

namespace countersign::inline v0 {

/// Reads a private key, in PEM or as a JWK, for the algorithm that RFC 7518 §3.1 names so ("ES256"); `openssl_key_reader` of
/// `adapt/openssl_key_reader.hpp` is one. May be called from several threads at once.
/// @param passphrase of an encrypted PEM; else empty
using key_reader = result<any_signer> (*)(std::string_view key, std::string_view algorithm,
                                          std::string_view passphrase);

}  // namespace countersign::inline v0
