#pragma once
// A public key in PEM (RFC 7468): by itself, or in a certificate.

#include <countersign/adapt/detail/openssl_handles.hpp>
#include <countersign/adapt/detail/openssl_pem.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>

#include <openssl/bio.h>
#include <openssl/decoder.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>

namespace countersign::inline v0::detail {

using openssl_bio = std::unique_ptr<BIO, openssl_free<BIO_free>>;
using openssl_x509 = std::unique_ptr<X509, openssl_free<X509_free>>;
using openssl_decoder = std::unique_ptr<OSSL_DECODER_CTX, openssl_free<OSSL_DECODER_CTX_free>>;

[[nodiscard]] inline bool holds_public_key(pem_block const& one) noexcept {
  return one.label.ends_with("PUBLIC KEY") || one.label == "CERTIFICATE";
}

/// The first block that holds one. errc::bad_input in words.
[[nodiscard]] inline result<openssl_pkey> read_public_pem(std::string_view text) {
  auto const found = find_pem(text, holds_public_key);
  if (!holds_public_key(found)) {
    if (found.is_private())
      return error{errc::bad_input, "this is a private key, and verifying needs the public one; make it "
                                    "with: openssl pkey -pubout -in KEY"};
    return error{errc::bad_input, "this is no public key in PEM: -----BEGIN PUBLIC KEY----- is missing"};
  }
  openssl_bio const in(BIO_new_mem_buf(found.text.data(), static_cast<int>(found.text.size())));
  if (in == nullptr) return error{errc::no_memory, "no memory for the key"};
  openssl_pkey key;
  if (found.label == "CERTIFICATE") {
    openssl_x509 const certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (certificate != nullptr) key.reset(X509_get_pubkey(certificate.get()));
  } else {
    EVP_PKEY* made = nullptr;
    openssl_decoder const reader(
        OSSL_DECODER_CTX_new_for_pkey(&made, "PEM", nullptr, nullptr, EVP_PKEY_PUBLIC_KEY, nullptr, nullptr));
    if (reader != nullptr && OSSL_DECODER_from_bio(reader.get(), in.get()) == 1) key.reset(made);
  }
  if (key != nullptr) return key;
  return error{errc::bad_input, "the key is damaged: OpenSSL can't read what is between BEGIN and END"};
}

}  // namespace countersign::inline v0::detail
