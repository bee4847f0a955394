#pragma once
// A private key in PEM (RFC 7468), and in words what is wrong with a text that holds none.

#include <countersign/adapt/detail/openssl_handles.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace countersign::inline v0::detail {

struct pem_block {
  std::string_view label = {};
  std::string_view text = {};  // from its BEGIN on
  [[nodiscard]] bool is_private() const noexcept { return label.ends_with("PRIVATE KEY"); }
};
/// The first block whose label is `wanted`; else the first one, if there is any.
[[nodiscard]] inline pem_block find_pem(std::string_view text, bool (*wanted)(pem_block const&)) noexcept {
  constexpr std::string_view begin = "-----BEGIN ", dashes = "-----";
  pem_block first;
  for (std::size_t at = 0; (at = text.find(begin, at)) != std::string_view::npos;) {
    auto const rest = text.substr(at);
    auto const label = rest.substr(begin.size(), rest.substr(begin.size()).find(dashes));
    pem_block const found{label, rest};
    if (wanted(found)) return found;
    if (first.text.empty()) first = found;
    at += begin.size();
  }
  return first;
}

[[nodiscard]] inline error no_pem(std::string_view text, pem_block const& found) noexcept {
  auto const bad = [](auto... words) { return error{errc::bad_input, words...}; };
  if (text.empty()) return bad("the key is empty");
  if (found.label.ends_with("PUBLIC KEY"))
    return bad("this is a public key, and signing needs the private one (-----BEGIN PRIVATE KEY-----)");
  if (found.label.find("CERTIFICATE") != std::string_view::npos)
    return bad("this is a certificate, and signing needs its private key (-----BEGIN PRIVATE KEY-----)");
  if (!found.text.empty()) return bad("this is PEM, but no private key (-----BEGIN PRIVATE KEY-----)");
  if (auto const first = text.find_first_not_of(" \t\r\n"); first != text.npos && text[first] == '{')
    return bad("this looks like a JWK; use openssl_key::from_jwk");
  return bad("this is no PEM: -----BEGIN PRIVATE KEY----- is missing; convert another form with: openssl "
             "pkey -in KEY");
}

/// errc::bad_input in words; errc::fatal where a passphrase is missing or wrong. No byte of the key is repeated.
[[nodiscard]] inline result<openssl_pkey> read_pem(std::string_view text, std::string_view passphrase) {
  auto const found = find_pem(text, [](pem_block const& one) { return one.is_private(); });
  if (!found.is_private()) return no_pem(text, found);
  if (found.label == "OPENSSH PRIVATE KEY")
    return error{
        errc::bad_input,
        "the key is in OpenSSH's own form; convert a copy of it with: ssh-keygen -p -m PKCS8 -f COPY"};
  bool const encrypted = found.label == "ENCRYPTED PRIVATE KEY" ||
                         found.text.substr(0, 256).find("4,ENCRYPTED") != std::string_view::npos;
  if (encrypted && passphrase.empty())
    return error{errc::fatal, "the key is encrypted, and no passphrase was given"};
  if (found.text.find('\n') == std::string_view::npos && found.text.find("\\n") != std::string_view::npos)
    return error{errc::bad_input,
                 "the key's line breaks are written as \\n; write real ones, or give a file"};

  auto const give = [](char* to, int size, int, void* from) -> int {
    auto const& words = *static_cast<std::string_view const*>(from);
    if (words.empty() || words.size() > static_cast<std::size_t>(size)) return -1;  // asks nobody
    std::memcpy(to, words.data(), words.size());
    return static_cast<int>(words.size());
  };
  std::unique_ptr<BIO, openssl_free<BIO_free>> const in(
      BIO_new_mem_buf(found.text.data(), static_cast<int>(found.text.size())));
  if (in == nullptr) return error{errc::no_memory, "no memory for the key"};
  openssl_pkey key(PEM_read_bio_PrivateKey(in.get(), nullptr, give, &passphrase));
  if (key != nullptr) return key;
  if (encrypted)
    return error{errc::fatal, "the key does not open: the passphrase is another, or the text is damaged"};
  return error{errc::bad_input, "the key is damaged: OpenSSL can't read what is between BEGIN and END"};
}

}  // namespace countersign::inline v0::detail
