#include "crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <cstdlib>
#include <vector>

namespace provider {

namespace {

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) std::abort();
  return bytes;
}

std::string sha256(std::string_view text) {
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(bytes_of(text), text.size(), reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

std::string base64url(std::string_view bytes) {
  std::vector<unsigned char> text(bytes.size() * 4 / 3 + 5);
  auto const size = EVP_EncodeBlock(text.data(), bytes_of(bytes), static_cast<int>(bytes.size()));
  std::string encoded(text.begin(), text.begin() + size);
  while (!encoded.empty() && encoded.back() == '=') encoded.pop_back();
  for (char& c : encoded) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return encoded;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3 + 1, '\0');
  auto const size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                    static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size));
  // OpenSSL counts the bytes that '=' stands for.
  for (std::size_t i = text.size(); i > 0 && text[i - 1] == '='; --i) bytes.pop_back();
  return bytes;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string padded(text);
  for (char& c : padded) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (padded.size() % 4 != 0) padded += '=';
  auto bytes = from_base64(padded);
  // One way alone to write it.
  return bytes && base64url(*bytes) == text ? bytes : std::nullopt;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string thumbprint(countersign::json_value jwk) {
  auto const member = [&](std::string_view name) {
    return "\"" + std::string(name) + "\":\"" + std::string(jwk[name].string()) + "\"";
  };
  auto const kind = jwk["kty"].string();
  if (kind == "EC")
    return base64url(
        sha256("{" + member("crv") + "," + member("kty") + "," + member("x") + "," + member("y") + "}"));
  if (kind == "RSA")
    return base64url(sha256("{" + member("e") + "," + member("kty") + "," + member("n") + "}"));
  return base64url(sha256("{" + member("crv") + "," + member("kty") + "," + member("x") + "}"));
}

}  // namespace provider
