#pragma once
// Logins in files that are worth nothing without a key.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/aead.hpp>
#include <countersign/crypto/chacha20_poly1305.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/os/system.hpp>
#include <countersign/store/detail/login_files.hpp>
#include <countersign/store/detail/sealed_form.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// A `token_store` in a folder of its own, which is made 0700 where it is missing; its files are 0600, and
/// encrypted. Another key is told as that, and nothing is touched. Share it, or copy it.
template <aead_cipher Cipher>
class basic_encrypted_file_store : public detail::login_files<detail::sealed_form<Cipher>> {
public:
  /// @param key 32 bytes that nobody can predict, not a password; another size is told by `check()` and by
  /// each call
  basic_encrypted_file_store(std::string_view folder, secret const& key,
                             context const& outside = system_context) noexcept
      : detail::login_files<detail::sealed_form<Cipher>>(folder, detail::sealed_form<Cipher>(key.reveal()),
                                                         outside) {}
};

using encrypted_file_store = basic_encrypted_file_store<chacha20_poly1305>;

}  // namespace countersign::inline v0
