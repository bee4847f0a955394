#pragma once
// The TLS context of a client on Asio: whom it believes, and what it shows of itself.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/error.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace countersign::inline v0::detail {

using beast_error = boost::beast::error_code;

/// PEM files; none where a name is empty.
struct beast_certificates {
  std::string_view ca;           ///< of those who vouch for servers; empty: the system's
  std::string_view certificate;  ///< our own, with those that vouch for it
  std::string_view key;          ///< empty: it stands in the certificate's file
  secret const& passphrase;
};

// Without one of our own, OpenSSL would ask whoever sits at the terminal.
inline int beast_passphrase(char* to, int room, int, void* given) noexcept {
  auto const text = static_cast<secret const*>(given)->reveal();
  if (room < 0 || text.size() > static_cast<std::size_t>(room)) return 0;
  if (!text.empty()) std::memcpy(to, text.data(), text.size());
  return static_cast<int>(text.size());
}

[[nodiscard]] inline result<void> show_certificate(SSL_CTX* in, beast_certificates const& files) {
  auto const unreadable = [](std::string_view what, std::string_view file, std::string_view why) {
    ERR_clear_error();
    return error(errc::not_sent, "TLS: no ", what, " can be read from ", file, why);
  };
  if (SSL_CTX_use_certificate_chain_file(in, std::string(files.certificate).c_str()) != 1)
    return unreadable("certificate", files.certificate, "; it must hold PEM");
  auto const file = std::string(files.key.empty() ? files.certificate : files.key);
  std::unique_ptr<BIO, decltype(&BIO_free_all)> const from(BIO_new_file(file.c_str(), "r"), BIO_free_all);
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key(
      from == nullptr ? nullptr
                      : PEM_read_bio_PrivateKey(from.get(), nullptr, beast_passphrase,
                                                const_cast<secret*>(&files.passphrase)),
      EVP_PKEY_free);
  if (key == nullptr)
    return unreadable("key", file,
                      files.passphrase.empty()
                          ? "; it must hold PEM, and an encrypted key needs its passphrase"
                          : "; it must hold PEM, and the passphrase must be the key's");
  if (SSL_CTX_use_PrivateKey(in, key.get()) != 1)
    return unreadable("key of the certificate", file, "; another's is there");
  return {};
}

/// The context of a client that believes only who can show a certificate for the name that was asked for.
[[nodiscard]] inline result<std::shared_ptr<boost::asio::ssl::context>>
beast_tls(beast_certificates const& files) {
  auto made = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_verify(made->native_handle(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_options(made->native_handle(), SSL_OP_CLEANSE_PLAINTEXT);  // what was read is wiped there too
  beast_error why;
  if (files.ca.empty()) made->set_default_verify_paths(why);
  else made->load_verify_file(std::string(files.ca), why);
  if (why)
    return error(errc::not_sent, "no certificates can be read from ca_file ", files.ca, "; it must hold PEM");
  if (!files.certificate.empty())
    if (auto ok = show_certificate(made->native_handle(), files); !ok) return ok.error();
  return made;
}

}  // namespace countersign::inline v0::detail
