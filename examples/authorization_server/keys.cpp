// Keys and signatures of JOSE, with OpenSSL.

#include "crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdlib>

namespace provider {

namespace {

template <auto Free>
struct freed {
  void operator()(auto* it) const { Free(it); }
};
using any_number = std::unique_ptr<BIGNUM, freed<BN_free>>;
using any_context = std::unique_ptr<EVP_PKEY_CTX, freed<EVP_PKEY_CTX_free>>;
using any_digest = std::unique_ptr<EVP_MD_CTX, freed<EVP_MD_CTX_free>>;
using any_builder = std::unique_ptr<OSSL_PARAM_BLD, freed<OSSL_PARAM_BLD_free>>;
using any_parameters = std::unique_ptr<OSSL_PARAM, freed<OSSL_PARAM_free>>;
using any_signature = std::unique_ptr<ECDSA_SIG, freed<ECDSA_SIG_free>>;

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

any_number number(std::string_view bytes) {
  return any_number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

EVP_PKEY* made(char const* kind, OSSL_PARAM_BLD* from) {
  any_parameters const all(OSSL_PARAM_BLD_to_param(from));
  any_context const context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (all && context && EVP_PKEY_fromdata_init(context.get()) == 1)
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, all.get());
  return key;
}

struct algorithm {
  std::string_view name;
  int kind;
  EVP_MD const* (*hash)();
  std::size_t half;  // of an ECDSA signature; 0: it is none
  bool pss;
};
constexpr algorithm algorithms[] = {
    {"ES256", EVP_PKEY_EC, EVP_sha256, 32, false},  {"ES384", EVP_PKEY_EC, EVP_sha384, 48, false},
    {"RS256", EVP_PKEY_RSA, EVP_sha256, 0, false},  {"PS256", EVP_PKEY_RSA, EVP_sha256, 0, true},
    {"EdDSA", EVP_PKEY_ED25519, nullptr, 0, false},
};

// R and S side by side (RFC 7518 §3.4) as the DER that OpenSSL reads; empty if it can't be.
std::string as_der(std::string_view pair, std::size_t half) {
  if (pair.size() != 2 * half) return "";
  any_signature const both(ECDSA_SIG_new());
  ECDSA_SIG_set0(both.get(), number(pair.substr(0, half)).release(), number(pair.substr(half)).release());
  unsigned char* der = nullptr;
  auto const size = i2d_ECDSA_SIG(both.get(), &der);
  std::string bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

std::optional<public_key> public_key::from_jwk(countersign::json_value jwk) {
  auto const kind = jwk["kty"].string(), curve = jwk["crv"].string();
  auto const part = [&](std::string_view name) { return from_base64url(jwk[name].string()).value_or(""); };
  any_builder const from(OSSL_PARAM_BLD_new());
  EVP_PKEY* key = nullptr;
  if (kind == "EC" && (curve == "P-256" || curve == "P-384")) {
    std::size_t const size = curve == "P-256" ? 32 : 48;
    auto const x = part("x"), y = part("y"), point = "\x04" + x + y;
    if (x.size() != size || y.size() != size) return std::nullopt;
    OSSL_PARAM_BLD_push_utf8_string(from.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                    size == 32 ? "prime256v1" : "secp384r1", 0);
    OSSL_PARAM_BLD_push_octet_string(from.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    key = made("EC", from.get());
  } else if (kind == "RSA") {
    auto const n = number(part("n")), e = number(part("e"));
    if (BN_num_bits(n.get()) < 2048) return std::nullopt;
    OSSL_PARAM_BLD_push_BN(from.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(from.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    key = made("RSA", from.get());
  } else if (kind == "OKP" && curve == "Ed25519") {
    auto const x = part("x");
    key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size());
  }
  return key == nullptr ? std::nullopt : std::optional(public_key(key));
}

std::optional<public_key> public_key::from_pem(std::string_view pem) {
  std::unique_ptr<BIO, freed<BIO_free>> const text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  auto* const key = PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr);
  return key == nullptr ? std::nullopt : std::optional(public_key(key));
}

bool public_key::verifies(std::string_view name, std::string_view message, std::string_view signature) const {
  for (auto const& one : algorithms) {
    if (one.name != name) continue;
    if (EVP_PKEY_base_id(key_.get()) != one.kind) return false;
    // ES256 is P-256 and nothing else, ES384 is P-384.
    if (one.half != 0 && static_cast<std::size_t>(EVP_PKEY_bits(key_.get())) != one.half * 8) return false;
    auto const sent = one.half == 0 ? std::string(signature) : as_der(signature, one.half);
    any_digest const digest(EVP_MD_CTX_new());
    EVP_PKEY_CTX* context = nullptr;
    if (EVP_DigestVerifyInit(digest.get(), &context, one.hash == nullptr ? nullptr : one.hash(), nullptr,
                             key_.get()) != 1)
      return false;
    if (one.pss && (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
                    EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1))
      return false;
    return EVP_DigestVerify(digest.get(), bytes_of(sent), sent.size(), bytes_of(message), message.size()) ==
           1;
  }
  return false;
}

signing_key::signing_key() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free) {
  if (key_ == nullptr) std::abort();
}

std::string signing_key::sign(std::string_view header, std::string_view claims) const {
  auto const message = base64url(header) + "." + base64url(claims);
  any_digest const digest(EVP_MD_CTX_new());
  unsigned char der[256];
  std::size_t size = sizeof der;
  if (EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(digest.get(), der, &size, bytes_of(message), message.size()) != 1)
    std::abort();
  unsigned char const* at = der;
  any_signature const both(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  std::string pair(64, '\0');
  auto* const to = reinterpret_cast<unsigned char*>(pair.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), to, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), to + 32, 32);
  return message + "." + base64url(pair);
}

std::string signing_key::jwk() const {
  auto const coordinate = [&](char const* name) {
    BIGNUM* all = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &all);
    any_number const owned(all);
    std::string bytes(32, '\0');
    BN_bn2binpad(all, reinterpret_cast<unsigned char*>(bytes.data()), 32);
    return base64url(bytes);
  };
  return R"({"kty":"EC","crv":"P-256","alg":"ES256","x":")" + coordinate(OSSL_PKEY_PARAM_EC_PUB_X) +
         R"(","y":")" + coordinate(OSSL_PKEY_PARAM_EC_PUB_Y) + "\"}";
}

}  // namespace provider
