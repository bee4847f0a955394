#pragma once
// Public keys that check signatures, by OpenSSL (3.0 or newer).

#include <countersign/adapt/detail/openssl_algorithm.hpp>
#include <countersign/adapt/detail/openssl_handles.hpp>
#include <countersign/adapt/detail/openssl_jwk.hpp>
#include <countersign/adapt/detail/openssl_public_pem.hpp>
#include <countersign/adapt/detail/openssl_sign.hpp>
#include <countersign/adapt/openssl_key.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/verifier.hpp>

#include <openssl/evp.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// A public key and the one algorithm whose signatures it checks: a `verifier`. Copies share the key. Any number of threads may
/// verify with one at once.
class openssl_public_key {
public:
  /// SubjectPublicKeyInfo ("PUBLIC KEY"), PKCS #1 ("RSA PUBLIC KEY"), or a certificate, whose validity is nobody's business here.
  [[nodiscard]] static result<openssl_public_key> from_pem(std::string_view text,
                                                           jws_algorithm algorithm = jws_algorithm::of_key) {
    detail::openssl_errors const quiet;
    if (text.size() > max_key_text)
      return error{errc::too_large, "openssl_public_key: the text is longer than ", max_key_text, " bytes"};
    auto key = detail::read_public_pem(text);
    if (!key) return key.error().within("openssl_public_key: ");
    return make(std::move(*key), algorithm);
  }

  /// A public JWK of kty EC, RSA or OKP. Its `alg` decides, where it has one.
  [[nodiscard]] static result<openssl_public_key> from_jwk(std::string_view json,
                                                           jws_algorithm algorithm = jws_algorithm::of_key) {
    detail::openssl_errors const quiet;
    if (json.size() > max_key_text)
      return error{errc::too_large, "openssl_public_key: the JWK is longer than ", max_key_text, " bytes"};
    auto key = detail::read_jwk(secret(json), algorithm, detail::jwk_half::public_one);
    if (!key) return key.error().within("openssl_public_key: ");
    return make(std::move(*key), algorithm);
  }

  openssl_public_key(openssl_public_key const& other) noexcept : key_(other.key_.get()), alg_(other.alg_) {
    if (key_ != nullptr) EVP_PKEY_up_ref(key_.get());
  }
  openssl_public_key(openssl_public_key&&) noexcept = default;
  openssl_public_key& operator=(openssl_public_key other) noexcept {
    std::swap(key_, other.key_);
    std::swap(alg_, other.alg_);
    return *this;
  }
  ~openssl_public_key() = default;

  [[nodiscard]] std::string_view alg() const noexcept { return detail::properties_of(alg_).name; }

  /// errc::rejected unless `signature` is one of `input` by this key; of ECDSA as R and S (RFC 7518 §3.4).
  [[nodiscard]] result<void> verify(std::string_view input, std::string_view signature) const noexcept {
    detail::openssl_errors const quiet;
    if (key_ == nullptr) return error{errc::fatal, "openssl_public_key: it was moved from"};
    unsigned char der[max_der];
    auto bytes = signature;
    if (auto const part = detail::properties_of(alg_).part; part > 0) {
      if (signature.size() != 2 * part) return rejected();
      bytes = {reinterpret_cast<char const*>(der), detail::raw_to_der(signature.data(), part, der)};
    }
    detail::openssl_md_ctx const checking(EVP_MD_CTX_new());
    EVP_PKEY_CTX* c = nullptr;
    if (checking == nullptr ||
        EVP_DigestVerifyInit(checking.get(), &c, detail::hash_of(alg_), nullptr, key_.get()) != 1 ||
        !detail::set_padding(c, alg_))
      return error{errc::fatal, "openssl_public_key: OpenSSL could not verify with ", alg()};
    auto const at = [](std::string_view of) { return reinterpret_cast<unsigned char const*>(of.data()); };
    if (EVP_DigestVerify(checking.get(), at(bytes), bytes.size(), at(input), input.size()) == 1) return {};
    return rejected();
  }

private:
  static constexpr std::size_t max_der = 128;  // of two INTEGERs of 49 bytes at most

  openssl_public_key(detail::openssl_pkey key, jws_algorithm alg) noexcept
      : key_(std::move(key)), alg_(alg) {}

  [[nodiscard]] error rejected() const noexcept {
    return {errc::rejected, alg(), ": the signature is not one by this key"};
  }
  [[nodiscard]] static result<openssl_public_key> make(detail::openssl_pkey key, jws_algorithm wanted) {
    auto const alg = detail::fitting(key.get(), wanted);
    if (!alg) return alg.error().within("openssl_public_key: ");
    return openssl_public_key(std::move(key), *alg);
  }

  detail::openssl_pkey key_;
  jws_algorithm alg_;
};

static_assert(verifier<openssl_public_key>);

}  // namespace countersign::inline v0
