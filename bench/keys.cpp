// link: crypto
// Tokens and proofs that are signed with a private key, beside OpenSSL's signature alone: all that a token costs more is
// ours. Each is verified by OpenSSL before it is timed.

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/format/dpop_proof.hpp>
#include <countersign/os/entropy_pool.hpp>
#include <countersign/os/system.hpp>
#include <countersign/source/write_jwt.hpp>

#include "peers/hs256_check.hpp"
#include "table.hpp"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

cs::openssl_key key_of(cs::jws_algorithm algorithm) {
  auto key = cs::openssl_key::generate(algorithm);
  if (!key) std::abort();
  return std::move(*key);
}
// As RFC 7518 wants: of the size that most use.
cs::openssl_key rsa_2048() {
  auto* const key = EVP_RSA_gen(2048);
  BIO* const out = BIO_new(BIO_s_mem());
  if (key == nullptr || PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    std::abort();
  char* bytes = nullptr;
  auto const size = BIO_get_mem_data(out, &bytes);
  std::string const pem(bytes, static_cast<std::size_t>(size));
  BIO_free(out);
  EVP_PKEY_free(key);
  auto made = cs::openssl_key::from_pem(pem);
  if (!made) std::abort();
  return std::move(*made);
}

// Whether the signature of a compact JWS is that of its key.
bool verified(cs::openssl_key const& key, std::string_view token) {
  auto const last = token.rfind('.');
  if (last == std::string_view::npos) return false;
  auto signature = peers::decoded(std::string(token.substr(last + 1)));
  if (key.alg() == "ES256") {
    if (signature.size() != 64) return false;
    auto const* const raw = reinterpret_cast<unsigned char const*>(signature.data());
    auto* const pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(raw, 32, nullptr), BN_bin2bn(raw + 32, 32, nullptr));
    unsigned char* der = nullptr;
    auto const size = i2d_ECDSA_SIG(pair, &der);
    ECDSA_SIG_free(pair);
    signature.assign(reinterpret_cast<char const*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
  }
  auto* const c = EVP_MD_CTX_new();
  bool const ok =
      EVP_DigestVerifyInit(c, nullptr, key.alg() == "EdDSA" ? nullptr : EVP_sha256(), nullptr,
                           key.native_handle()) == 1 &&
      EVP_DigestVerify(c, reinterpret_cast<unsigned char const*>(signature.data()), signature.size(),
                       reinterpret_cast<unsigned char const*>(token.data()), last) == 1;
  EVP_MD_CTX_free(c);
  return ok;
}

// The signature of a digest by a context that was made ready once.
struct bare_signature {
  explicit bare_signature(EVP_PKEY* key) : context(EVP_PKEY_CTX_new(key, nullptr)) {
    EVP_PKEY_sign_init(context);
    if (EVP_PKEY_is_a(key, "RSA")) EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING);
    EVP_PKEY_CTX_set_signature_md(context, EVP_sha256());
  }
  std::string_view operator()() {
    constexpr unsigned char digest[32] = {1, 2, 3};
    auto size = sizeof signature;
    if (EVP_PKEY_sign(context, signature, &size, digest, sizeof digest) != 1) return {};
    return {reinterpret_cast<char const*>(signature), size};
  }
  EVP_PKEY_CTX* context;
  unsigned char signature[512];
};
// Ed25519 hashes by itself, and its context has to be set up for each message: of a token's length.
struct bare_eddsa {
  explicit bare_eddsa(EVP_PKEY* with) : key(with), context(EVP_MD_CTX_new()) {}
  std::string_view operator()() {
    constexpr unsigned char message[180] = {1, 2, 3};
    auto size = sizeof signature;
    EVP_MD_CTX_reset(context);
    if (EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key) != 1 ||
        EVP_DigestSign(context, signature, &size, message, sizeof message) != 1)
      return {};
    return {reinterpret_cast<char const*>(signature), size};
  }
  EVP_PKEY* key;
  EVP_MD_CTX* context;
  unsigned char signature[64];
};
bool is_there(std::string_view signature) { return !signature.empty(); }

struct token {
  explicit token(cs::openssl_key const& key)
      : jwt(*cs::prepared_jwt<cs::openssl_key>::make(key, {.issuer = "ci",
                                                           .subject = "build",
                                                           .audience = "https://api.example.com",
                                                           .unique_id = false})) {}
  std::string_view operator()() {
    auto const expires = jwt.write(out, cs::system_context.coarse_now(), cs::system_context);
    return expires ? out.reveal() : std::string_view();
  }
  cs::prepared_jwt<cs::openssl_key> jwt;
  cs::secret out;
};
struct proof {
  explicit proof(cs::openssl_key const& with) : key(with) {}
  std::string_view operator()() {
    auto made = cs::dpop_proof(key,
                               {.method = "GET",
                                .origin = "https://api.example.com",
                                .target = "/v1/items?page=2",
                                .access_token = "example-access-token-x"},
                               cs::moment(cs::system_context, {&entropy, draw}));
    if (!made) return {};
    out = std::move(*made);
    return out.reveal();
  }
  // As an authenticator does.
  static bool draw(void* from, void* to, std::size_t size) noexcept {
    return static_cast<cs::os::entropy_pool*>(from)->read(to, size);
  }
  cs::openssl_key key;
  cs::secret out;
  static inline cs::os::entropy_pool entropy;
};

void add(std::string const& group, cs::openssl_key const& key, auto floor, auto work) {
  table::add(group + "/floor", floor, is_there);
  table::add(group + "/countersign", work, [key](std::string_view made) { return verified(key, made); });
}

}  // namespace

int main(int argc, char** argv) {
  auto const es256 = key_of(cs::jws_algorithm::es256), eddsa = key_of(cs::jws_algorithm::eddsa),
             rs256 = rsa_2048();
  add("ES256 JWT/5 claims", es256, bare_signature(es256.native_handle()), token(es256));
  add("DPoP proof/ES256", es256, bare_signature(es256.native_handle()), proof(es256));
  add("EdDSA JWT/5 claims", eddsa, bare_eddsa(eddsa.native_handle()), token(eddsa));
  add("RS256 JWT/5 claims", rs256, bare_signature(rs256.native_handle()), token(rs256));
  return table::main(argc, argv);
}
