#pragma once
// Signing with one key from many threads, with what can be prepared done before.

#include <countersign/adapt/detail/openssl_algorithm.hpp>
#include <countersign/adapt/detail/openssl_handles.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

// SEQUENCE { INTEGER r, INTEGER s } to R and S of `part` bytes each (RFC 7518 §3.4). Both fit: the curve's order does.
[[nodiscard]] inline bool der_to_raw(unsigned char const* der, std::size_t size, std::size_t part,
                                     char* out) noexcept {
  if (size < 2 || der[0] != 0x30 || der[1] >= 0x80 || der[1] + std::size_t{2} != size) return false;
  std::size_t at = 2;
  for (int i = 0; i < 2; ++i, out += part) {
    if (size - at < 2 || der[at] != 0x02) return false;
    std::size_t length = der[at + 1];
    at += 2;
    if (length == 0 || length > size - at) return false;
    auto const* first = der + at;
    at += length;
    for (; length > part && *first == 0; ++first) --length;
    if (length > part) return false;
    std::memset(out, 0, part - length);
    std::memcpy(out + (part - length), first, length);
  }
  return at == size;
}

/// The other way; returns the size of what it wrote, which is 2 + 2 * (2 + 1 + part) at most.
[[nodiscard]] inline std::size_t raw_to_der(char const* raw, std::size_t part, unsigned char* der) noexcept {
  std::size_t at = 2;
  for (int i = 0; i < 2; ++i, raw += part) {
    std::size_t skipped = 0;  // zeros in front, but for one that says that the number is not negative
    while (skipped + 1 < part && raw[skipped] == 0) ++skipped;
    bool const high = (static_cast<unsigned char>(raw[skipped]) & 0x80) != 0;
    der[at++] = 0x02;
    der[at++] = static_cast<unsigned char>(part - skipped + (high ? 1 : 0));
    if (high) der[at++] = 0;
    std::memcpy(der + at, raw + skipped, part - skipped);
    at += part - skipped;
  }
  der[0] = 0x30;
  der[1] = static_cast<unsigned char>(at - 2);
  return at;
}

/// One prepared operation: for ECDSA and RSA a context that signs a digest as often as one likes, for Ed25519, which hashes
/// by itself, a context that is set up anew each time in the memory that it has. By one thread at a time.
class openssl_operation {
public:
  [[nodiscard]] bool prepare(EVP_PKEY* key, jws_algorithm alg) noexcept {
    if (alg == jws_algorithm::eddsa) {
      digest_.reset(EVP_MD_CTX_new());
      return digest_ != nullptr;
    }
    sign_.reset(EVP_PKEY_CTX_new(key, nullptr));
    auto* const c = sign_.get();
    if (c == nullptr || EVP_PKEY_sign_init(c) != 1) return false;
    return set_padding(c, alg) && EVP_PKEY_CTX_set_signature_md(c, hash_of(alg)) == 1;
  }

  /// Appends the signature; false if OpenSSL failed, or there was no memory.
  [[nodiscard]] bool sign(EVP_PKEY* key, jws_algorithm alg, std::string_view input, secret& out) noexcept {
    auto const part = properties_of(alg).part;
    auto const before = out.size();
    auto const room = part == 0 ? static_cast<std::size_t>(EVP_PKEY_get_size(key)) : 2 * part;
    if (!out.resize(before + room)) return false;
    auto* const to = reinterpret_cast<unsigned char*>(out.data() + before);
    auto size = room;
    bool done = false;
    if (alg == jws_algorithm::eddsa) {
      done = EVP_MD_CTX_reset(digest_.get()) == 1 &&
             EVP_DigestSignInit(digest_.get(), nullptr, nullptr, nullptr, key) == 1 &&
             EVP_DigestSign(digest_.get(), to, &size, reinterpret_cast<unsigned char const*>(input.data()),
                            input.size()) == 1;
    } else if (alg == jws_algorithm::es384) {
      done = sign(sha384::of(input), part, to, size);
    } else if (alg == jws_algorithm::ps512) {
      done = sign(sha512::of(input), part, to, size);
    } else {
      done = sign(sha256::of(input), part, to, size);
    }
    static_cast<void>(out.resize(done ? before + size : before));  // shrinking takes no memory
    return done;
  }

private:
  template <class Digest>
  bool sign(Digest const& digest, std::size_t part, unsigned char* to, std::size_t& size) noexcept {
    if (part == 0) return EVP_PKEY_sign(sign_.get(), to, &size, digest.data(), digest.size()) == 1;
    unsigned char der[128];  // of two INTEGERs of 49 bytes at most
    std::size_t written = sizeof der;
    return EVP_PKEY_sign(sign_.get(), der, &written, digest.data(), digest.size()) == 1 &&
           der_to_raw(der, written, part, reinterpret_cast<char*>(to));
  }

  openssl_pkey_ctx sign_;
  openssl_md_ctx digest_;
};

/// Whether a signature of the private half is one by the public half: so that a key that was put together wrongly is told
/// when it is read, and so is one whose own rules forbid the algorithm (RSA-PSS).
[[nodiscard]] inline bool proves_itself(EVP_PKEY* key, jws_algorithm alg) noexcept {
  constexpr unsigned char message[] = "countersign";
  auto const* const hash = hash_of(alg);
  secret signature;
  auto size = static_cast<std::size_t>(EVP_PKEY_get_size(key));
  if (!signature.resize(size)) return false;
  auto* const bytes = reinterpret_cast<unsigned char*>(signature.data());
  openssl_md_ctx const signing(EVP_MD_CTX_new()), checking(EVP_MD_CTX_new());
  EVP_PKEY_CTX* c = nullptr;
  return signing != nullptr && checking != nullptr &&
         EVP_DigestSignInit(signing.get(), &c, hash, nullptr, key) == 1 && set_padding(c, alg) &&
         EVP_DigestSign(signing.get(), bytes, &size, message, sizeof message) == 1 &&
         EVP_DigestVerifyInit(checking.get(), &c, hash, nullptr, key) == 1 && set_padding(c, alg) &&
         EVP_DigestVerify(checking.get(), bytes, size, message, sizeof message) == 1;
}

/// A key and operations that stand ready for as many threads; a further thread makes one for itself.
class openssl_signing {
public:
  static constexpr unsigned ready = 4;

  openssl_signing(openssl_pkey key, jws_algorithm alg) noexcept : key_(std::move(key)), alg_(alg) {}
  openssl_signing(openssl_signing const&) = delete;
  openssl_signing& operator=(openssl_signing const&) = delete;

  [[nodiscard]] EVP_PKEY* key() const noexcept { return key_.get(); }
  [[nodiscard]] jws_algorithm algorithm() const noexcept { return alg_; }

  [[nodiscard]] result<void> sign(std::string_view input, secret& out) noexcept {
    openssl_errors const quiet;
    for (auto& each : slots_) {
      if (__atomic_test_and_set(&each.busy, __ATOMIC_ACQUIRE)) continue;
      auto const done = sign(each.operation, each.prepared, input, out);
      __atomic_clear(&each.busy, __ATOMIC_RELEASE);
      return done;
    }
    openssl_operation mine;
    bool prepared = false;
    return sign(mine, prepared, input, out);
  }

private:
  struct slot {
    bool busy = false, prepared = false;
    openssl_operation operation;
  };
  result<void> sign(openssl_operation& with, bool& prepared, std::string_view input, secret& out) noexcept {
    prepared = prepared || with.prepare(key_.get(), alg_);
    if (prepared && with.sign(key_.get(), alg_, input, out)) return {};
    if (!out.ok()) return error{errc::no_memory, "openssl_key: no memory for the signature"};
    return error{errc::fatal, "openssl_key: OpenSSL could not sign with ", properties_of(alg_).name};
  }

  openssl_pkey key_;
  jws_algorithm alg_;
  slot slots_[ready];
};

}  // namespace countersign::inline v0::detail
