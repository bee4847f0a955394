#include "demo_signatures.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>

namespace program {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}
bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string decoded(std::string_view text) {
  std::vector<unsigned char> bytes(text.size() + 1);
  auto const size = EVP_DecodeBlock(bytes.data(), bytes_of(text), static_cast<int>(text.size()));
  if (size < 0) return "";
  std::string all(bytes.begin(), bytes.begin() + size);
  for (auto i = text.size(); i > 0 && text[i - 1] == '='; --i) all.pop_back();
  return all;
}
std::string digest_of(std::string const& body) {
  unsigned char hash[32], text[48];
  EVP_Digest(body.data(), body.size(), hash, nullptr, EVP_sha256(), nullptr);
  auto const size = EVP_EncodeBlock(text, hash, sizeof hash);
  return "sha-256=:" + std::string(text, text + size) + ":";
}

// What a parameter says, with its quotes taken off.
std::string parameter(std::string const& input, std::string const& name) {
  auto const at = input.find(";" + name + "=", input.rfind(')'));
  if (at == std::string::npos) return "";
  auto said = input.substr(at + name.size() + 2);
  if (said.rfind('"', 0) == 0) return said.substr(1, said.find('"', 1) - 1);
  return said.substr(0, said.find(';'));
}

// The names in the list, each with its quotes.
std::vector<std::string> covered_by(std::string const& input) {
  std::vector<std::string> names;
  auto const end = input.find(')');
  for (auto at = input.find('"'); at < end;) {
    auto const next = input.find('"', at + 1);
    names.push_back(input.substr(at, next + 1 - at));
    at = input.find('"', next + 1);
  }
  return names;
}

std::string value_of(demo_request const& asked, std::string const& name) {
  auto const host = [&] {
    auto text = asked.header("Host");
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  };
  if (name == "\"@method\"") return asked.method;
  if (name == "\"@authority\"") return host();
  if (name == "\"@path\"") return asked.target.substr(0, asked.target.find('?'));
  if (name == "\"@target-uri\"") return "http://" + host() + asked.target;
  return asked.header(name.substr(1, name.size() - 2));
}

}  // namespace

signature_test shared_key(std::string key) {
  return [key = std::move(key)](std::string const& text, std::string const& signature) {
    unsigned char code[32];
    unsigned size = sizeof code;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(), code, &size);
    return same(signature, std::string_view(reinterpret_cast<char const*>(code), size));
  };
}

signature_test ed25519_key(std::string public_key) {
  return [public_key = std::move(public_key)](std::string const& text, std::string const& signature) {
    key_ptr const key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key), public_key.size()),
        EVP_PKEY_free);
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const checking(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(checking.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(checking.get(), bytes_of(signature), signature.size(), bytes_of(text),
                            text.size()) == 1;
  };
}

std::string message_signature(demo_request const& asked, std::string const& key_id,
                              signature_test const& good) {
  auto const said = asked.header("Signature-Input"), sent = asked.header("Signature");
  auto const label = said.substr(0, said.find('='));
  if (label.empty() || sent.rfind(label + "=:", 0) != 0 || sent.back() != ':')
    return "no Signature, or none of that label";
  auto const input = said.substr(label.size() + 1);
  auto const names = covered_by(input);
  auto const covers = [&](char const* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  bool const place = covers("\"@target-uri\"") || (covers("\"@authority\"") && covers("\"@path\""));
  if (!covers("\"@method\"") || !covers("\"content-digest\"") || !place)
    return "Signature-Input covers too little";
  constexpr long max_skew = 300;  // seconds
  auto const created = std::strtol(parameter(input, "created").c_str(), nullptr, 10);
  if (std::labs(created - static_cast<long>(std::time(nullptr))) > max_skew) return "an old signature";
  if (!same(parameter(input, "keyid"), key_id)) return "a key that is not known";
  if (!same(asked.header("Content-Digest"), digest_of(asked.body))) return "a Content-Digest of another body";
  std::string base;
  for (auto const& name : names) base += name + ": " + value_of(asked, name) + "\n";
  auto const signature =
      decoded(std::string_view(sent).substr(label.size() + 2, sent.size() - label.size() - 3));
  return good(base + "\"@signature-params\": " + input, signature) ? "" : "wrong Signature";
}

std::string set_new_ed25519(char const* variable) {
  key_ptr const key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
  std::unique_ptr<BIO, decltype(&BIO_free)> const out(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  auto const size = BIO_get_mem_data(out.get(), &text);
  ::setenv(variable, std::string(text, static_cast<std::size_t>(size)).c_str(), 1);
  unsigned char half[32];
  std::size_t half_size = sizeof half;
  EVP_PKEY_get_raw_public_key(key.get(), half, &half_size);
  return std::string(half, half + half_size);
}

}  // namespace program
