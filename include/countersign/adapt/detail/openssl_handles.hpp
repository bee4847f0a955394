#pragma once
// OpenSSL's objects with an end, and its error queue left as it was found.

#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>

namespace countersign::inline v0::detail {

template <auto Free>
struct openssl_free {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using openssl_pkey = std::unique_ptr<EVP_PKEY, openssl_free<EVP_PKEY_free>>;
using openssl_pkey_ctx = std::unique_ptr<EVP_PKEY_CTX, openssl_free<EVP_PKEY_CTX_free>>;
using openssl_md_ctx = std::unique_ptr<EVP_MD_CTX, openssl_free<EVP_MD_CTX_free>>;
using openssl_cipher_ctx = std::unique_ptr<EVP_CIPHER_CTX, openssl_free<EVP_CIPHER_CTX_free>>;

/// What fails in between leaves nothing in this thread's error queue; what the program had there stays.
class openssl_errors {
public:
  openssl_errors() noexcept { ERR_set_mark(); }
  ~openssl_errors() { ERR_pop_to_mark(); }
  openssl_errors(openssl_errors const&) = delete;
  openssl_errors& operator=(openssl_errors const&) = delete;
};

}  // namespace countersign::inline v0::detail
