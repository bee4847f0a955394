#pragma once
// The algorithms of RFC 7518 §3.1 and RFC 8037 §3.1 that OpenSSL signs with here, and the keys they take.

#include <countersign/adapt/detail/openssl_handles.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0 {

/// What a key signs with. `of_key`: as the key's type says, ES256 or ES384 by the curve, RS256 for RSA, EdDSA for Ed25519.
enum class jws_algorithm : std::uint8_t { of_key, es256, es384, rs256, ps256, ps512, eddsa };

/// RFC 7518 §3.3: a key of 2048 bits or larger MUST be used.
inline constexpr int min_rsa_bits = 2048;

namespace detail {

struct openssl_algorithm {
  std::string_view name;
  std::string_view wanted;  // which key, in words
  std::size_t part;         // bytes of R and of S; 0: the signature is as OpenSSL gives it
};
inline constexpr openssl_algorithm openssl_algorithms[] = {
    {"", "", 0},
    {"ES256", "an EC key on P-256", 32},
    {"ES384", "an EC key on P-384", 48},
    {"RS256", "an RSA key", 0},
    {"PS256", "an RSA key", 0},
    {"PS512", "an RSA key", 0},
    {"EdDSA", "an Ed25519 key", 0},
};
[[nodiscard]] inline openssl_algorithm const& properties_of(jws_algorithm alg) noexcept {
  return openssl_algorithms[static_cast<std::size_t>(alg)];
}

/// RFC 7518 §3.5
[[nodiscard]] constexpr bool is_pss(jws_algorithm alg) noexcept {
  return alg == jws_algorithm::ps256 || alg == jws_algorithm::ps512;
}
/// Null: it hashes by itself.
[[nodiscard]] inline EVP_MD const* hash_of(jws_algorithm alg) noexcept {
  using enum jws_algorithm;
  return alg == eddsa ? nullptr : alg == es384 ? EVP_sha384() : alg == ps512 ? EVP_sha512() : EVP_sha256();
}
/// Sets the padding where the algorithm has one.
[[nodiscard]] inline bool set_padding(EVP_PKEY_CTX* c, jws_algorithm alg) noexcept {
  if (is_pss(alg))  // the salt is as long as the hash
    return EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(c, RSA_PSS_SALTLEN_DIGEST) == 1;
  return alg != jws_algorithm::rs256 || EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1;
}

/// errc::bad_input: a config names another.
[[nodiscard]] inline result<jws_algorithm> openssl_algorithm_of(std::string_view name) noexcept {
  for (std::size_t i = 1; i < std::size(openssl_algorithms); ++i)
    if (name == openssl_algorithms[i].name) return static_cast<jws_algorithm>(i);
  if (name == "Ed25519") return jws_algorithm::eddsa;  // RFC 9864
  return error{errc::bad_input,
               "the algorithm is none that this key signs with: ES256, ES384, RS256, PS256, PS512, EdDSA"};
}

enum class openssl_kind : std::uint8_t { other, p256, p384, rsa, rsa_pss, ed25519 };

[[nodiscard]] inline openssl_kind kind_of(EVP_PKEY const* key) noexcept {
  if (EVP_PKEY_is_a(key, "RSA")) return openssl_kind::rsa;
  if (EVP_PKEY_is_a(key, "RSA-PSS")) return openssl_kind::rsa_pss;
  if (EVP_PKEY_is_a(key, "ED25519")) return openssl_kind::ed25519;
  char curve[40] = {};
  std::size_t size = 0;
  if (!EVP_PKEY_is_a(key, "EC") || EVP_PKEY_get_group_name(key, curve, sizeof curve, &size) != 1)
    return openssl_kind::other;
  std::string_view const named(curve, size);
  if (named == "prime256v1" || named == "P-256") return openssl_kind::p256;
  return named == "secp384r1" || named == "P-384" ? openssl_kind::p384 : openssl_kind::other;
}
[[nodiscard]] inline std::string_view name(openssl_kind kind) noexcept {
  constexpr std::string_view names[] = {"a key of another type", "an EC key on P-256",
                                        "an EC key on P-384",    "an RSA key",
                                        "an RSA-PSS key",        "an Ed25519 key"};
  return names[static_cast<std::size_t>(kind)];
}

// RFC 8017 §3.1. With an exponent of 1, a signature is what was padded.
[[nodiscard]] inline bool has_usable_exponent(EVP_PKEY const* key) noexcept {
  BIGNUM* e = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) != 1) return false;
  bool const usable = BN_is_odd(e) && !BN_is_one(e);
  BN_free(e);
  return usable;
}

/// What the key signs with if it is asked to sign with `wanted`; a sentence where that can't be.
[[nodiscard]] inline result<jws_algorithm> fitting(EVP_PKEY const* key, jws_algorithm wanted) noexcept {
  using enum jws_algorithm;
  auto const kind = kind_of(key);
  auto const usual = kind == openssl_kind::p256      ? es256
                     : kind == openssl_kind::p384    ? es384
                     : kind == openssl_kind::rsa     ? rs256
                     : kind == openssl_kind::rsa_pss ? ps256
                     : kind == openssl_kind::ed25519 ? eddsa
                                                     : of_key;
  if (usual == of_key)
    return error{
        errc::bad_input,
        "the key is of a type that signs no token here; it must be EC on P-256 or P-384, RSA or Ed25519"};
  bool const pads =
      (is_pss(wanted) && kind == openssl_kind::rsa) || (wanted == ps512 && kind == openssl_kind::rsa_pss);
  auto const alg = wanted == of_key || pads ? wanted : usual;
  if (wanted != of_key && alg != wanted)
    return error{errc::bad_input,
                 properties_of(wanted).name,
                 " needs ",
                 properties_of(wanted).wanted,
                 ", and this is ",
                 name(kind),
                 ", which signs with ",
                 properties_of(usual).name};
  if (auto const bits = EVP_PKEY_get_bits(key);
      (kind == openssl_kind::rsa || kind == openssl_kind::rsa_pss) && bits < min_rsa_bits)
    return error{errc::bad_input,
                 "the RSA key has ",
                 bits,
                 " bits, and needs ",
                 min_rsa_bits,
                 " at least (RFC 7518 section 3.3); make one with: openssl genpkey -algorithm EC -pkeyopt "
                 "ec_paramgen_curve:P-256"};
  if ((kind == openssl_kind::rsa || kind == openssl_kind::rsa_pss) && !has_usable_exponent(key))
    return error{errc::bad_input,
                 "the RSA key's public exponent must be odd and 3 at least (RFC 8017 section 3.1): "
                 "anybody can sign with this one"};
  return wanted == of_key ? usual : wanted;
}

}  // namespace detail

}  // namespace countersign::inline v0
