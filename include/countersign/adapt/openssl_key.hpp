#pragma once
// Private keys that sign tokens and proofs, by OpenSSL (3.0 or newer).

#include <countersign/adapt/detail/openssl_algorithm.hpp>
#include <countersign/adapt/detail/openssl_handles.hpp>
#include <countersign/adapt/detail/openssl_jwk.hpp>
#include <countersign/adapt/detail/openssl_pem.hpp>
#include <countersign/adapt/detail/openssl_sign.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/signer.hpp>

#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// The longest text of a key that is read, in bytes.
inline constexpr std::size_t max_key_text = std::size_t{64} * 1024;
/// The longest passphrase, in bytes.
inline constexpr std::size_t max_passphrase = 1024;

/// How a key is read. Each field has a default.
struct openssl_key_options {
  jws_algorithm algorithm = jws_algorithm::of_key;
  secret passphrase = {};  ///< of an encrypted PEM
};

/// A private key and the algorithm that it signs with: a `public_key_signer`. Copies share the key. Any number of threads
/// may sign with one at once. OpenSSL wipes the key when the last copy ends.
///
/// Reading a key proves it: a signature is made and checked, so that one with another's public half is refused. Errors never
/// repeat a byte of the key, and OpenSSL's error queue is left as it was.
class openssl_key {
public:
  /// PKCS #8, also encrypted, or the older forms of EC and RSA keys (SEC 1, PKCS #1), among other blocks if need be.
  [[nodiscard]] static result<openssl_key> from_pem(std::string_view text,
                                                    openssl_key_options const& how = {}) {
    detail::openssl_errors const quiet;
    if (text.size() > max_key_text)
      return error{errc::too_large, "openssl_key: the text is longer than ", max_key_text, " bytes"};
    if (how.passphrase.size() > max_passphrase)
      return error{errc::too_large, "openssl_key: the passphrase is longer than ", max_passphrase, " bytes"};
    if (!how.passphrase.ok()) return no_memory();
    auto key = detail::read_pem(text, how.passphrase.reveal());
    if (!key) return key.error().within("openssl_key: ");
    return make(std::move(*key), how.algorithm);
  }

  /// A private JWK of kty EC, RSA or OKP (RFC 7518 §6, RFC 8037 §2). Its `alg` decides, where it has one.
  [[nodiscard]] static result<openssl_key> from_jwk(std::string_view json,
                                                    jws_algorithm algorithm = jws_algorithm::of_key) {
    detail::openssl_errors const quiet;
    if (json.size() > max_key_text)
      return error{errc::too_large, "openssl_key: the JWK is longer than ", max_key_text, " bytes"};
    auto key = detail::read_jwk(secret(json), algorithm);
    if (!key) return key.error().within("openssl_key: ");
    return make(std::move(*key), algorithm);
  }

  /// A new key for ES256, ES384 or EdDSA, of OpenSSL's own randomness; for RSA of 3072 bits, which takes a while.
  [[nodiscard]] static result<openssl_key> generate(jws_algorithm algorithm = jws_algorithm::es256) {
    using enum jws_algorithm;
    detail::openssl_errors const quiet;
    constexpr std::size_t rsa_bits = 3072;
    detail::openssl_pkey key(algorithm == eddsa   ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                             : algorithm == es384 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384")
                             : algorithm == rs256 || detail::is_pss(algorithm)
                                 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", rsa_bits)
                                 : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    if (key == nullptr) return error{errc::fatal, "openssl_key: OpenSSL could not make a key"};
    return make(std::move(key), algorithm);
  }

  openssl_key(openssl_key const& other) noexcept : held_(other.held_) {
    if (held_ != nullptr) __atomic_add_fetch(&held_->owners, 1, __ATOMIC_RELAXED);
  }
  openssl_key(openssl_key&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
  openssl_key& operator=(openssl_key other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~openssl_key() {
    if (held_ != nullptr && __atomic_sub_fetch(&held_->owners, 1, __ATOMIC_ACQ_REL) == 0) delete held_;
  }

  [[nodiscard]] std::string_view alg() const noexcept {
    return held_ == nullptr ? std::string_view() : detail::properties_of(held_->signing.algorithm()).name;
  }
  /// Valid while a copy of the key is.
  [[nodiscard]] std::string_view public_jwk() const noexcept {
    return held_ == nullptr ? std::string_view() : held_->public_jwk.reveal();
  }
  /// The whole key as a JWK, with its `alg`: for a store. `from_jwk` reads it.
  [[nodiscard]] result<secret> private_jwk() const {
    if (held_ == nullptr) return moved_from();
    return detail::write_jwk(held_->signing.key(), true, alg());
  }
  [[nodiscard]] result<void> sign(std::string_view input, secret& signature) const noexcept {
    if (held_ == nullptr) return moved_from();
    return held_->signing.sign(input, signature);
  }
  /// For other uses of OpenSSL; stays this object's.
  [[nodiscard]] EVP_PKEY* native_handle() const noexcept {
    return held_ == nullptr ? nullptr : held_->signing.key();
  }

private:
  struct shared {
    shared(detail::openssl_pkey key, jws_algorithm alg, secret jwk) noexcept
        : signing(std::move(key), alg), public_jwk(std::move(jwk)) {}
    std::uint64_t owners = 1;
    detail::openssl_signing signing;
    secret public_jwk;
  };
  explicit openssl_key(shared* held) noexcept : held_(held) {}

  [[nodiscard]] static error no_memory() noexcept { return {errc::no_memory, "openssl_key: out of memory"}; }
  [[nodiscard]] static error moved_from() noexcept { return {errc::fatal, "openssl_key: it was moved from"}; }

  [[nodiscard]] static result<openssl_key> make(detail::openssl_pkey key, jws_algorithm wanted) {
    auto const alg = detail::fitting(key.get(), wanted);
    if (!alg) return alg.error().within("openssl_key: ");
    if (!detail::proves_itself(key.get(), *alg))
      return error{errc::bad_input, "openssl_key: what the key signs, its public half does not confirm with ",
                   detail::properties_of(*alg).name, "; was a part of it changed?"};
    auto jwk = detail::write_jwk(key.get(), false);
    if (!jwk) return jwk.error();
    auto* const held = new (std::nothrow) shared(std::move(key), *alg, std::move(*jwk));
    if (held == nullptr) return no_memory();
    return openssl_key(held);
  }

  shared* held_;
};

static_assert(public_key_signer<openssl_key>);

}  // namespace countersign::inline v0
