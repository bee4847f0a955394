#pragma once
// OpenSSL's cryptography, as the servers need it. None of it is the toolkit's: a mistake there can't agree
// with itself here.

#include <countersign/text/json_value.hpp>

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace provider {

std::string random_bytes(std::size_t count);
std::string sha256(std::string_view text);
std::string base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);
/// Of the padded kind.
std::optional<std::string> from_base64(std::string_view text);
/// In a time that tells nothing but the sizes.
bool same(std::string_view a, std::string_view b);

/// A key of somebody else.
class public_key {
public:
  /// EC P-256 and P-384, RSA, Ed25519.
  static std::optional<public_key> from_jwk(countersign::json_value jwk);
  static std::optional<public_key> from_pem(std::string_view pem);

  /// @param algorithm of RFC 7518 and RFC 8037; one that does not go with the key verifies nothing
  [[nodiscard]] bool verifies(std::string_view algorithm, std::string_view message,
                              std::string_view signature) const;

private:
  explicit public_key(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}
  std::shared_ptr<EVP_PKEY> key_;
};

/// RFC 7638, SHA-256.
std::string thumbprint(countersign::json_value jwk);

/// A P-256 key of our own.
class signing_key {
public:
  signing_key();
  /// ES256: both parts are JSON.
  [[nodiscard]] std::string sign(std::string_view header, std::string_view claims) const;
  [[nodiscard]] std::string jwk() const;

private:
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace provider
