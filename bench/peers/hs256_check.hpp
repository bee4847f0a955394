#pragma once
// Whether a token is signed by the key and says the five claims, in any order: judged by OpenSSL's MAC.

#include "../table.hpp"
#include "hs256.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <ctime>
#include <string>
#include <string_view>

namespace peers {

inline std::string base64url(unsigned char const* bytes, std::size_t size) {
  std::string out(size / 3 * 4 + 5, '\0');
  out.resize(static_cast<std::size_t>(
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes, static_cast<int>(size))));
  while (out.ends_with('=')) out.pop_back();
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}
inline std::string decoded(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  auto const pads = (4 - text.size() % 4) % 4;
  text.append(pads, '=');
  std::string out(text.size() / 4 * 3 + 1, '\0');
  int const size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return {};
  out.resize(static_cast<std::size_t>(size) - pads);
  return out;
}

inline bool is_token(std::string_view token) {
  auto const last = token.rfind('.');
  auto const first = token.find('.');
  if (last == std::string_view::npos || first == last) return false;
  unsigned char code[32];
  HMAC(EVP_sha256(), hs256_key.data(), static_cast<int>(hs256_key.size()),
       reinterpret_cast<unsigned char const*>(token.data()), last, code, nullptr);
  if (token.substr(last + 1) != base64url(code, sizeof code)) return false;
  auto const claims = decoded(std::string(token.substr(first + 1, last - first - 1)));
  for (auto const* claim : {R"("iss":"ci")", R"("sub":"build")", R"("aud":"https://api.example.com")", R"("iat":1)", R"("exp":1)"})
    if (claims.find(claim) == std::string::npos) return false;
  return decoded(std::string(token.substr(0, first))).find(R"("alg":"HS256")") != std::string::npos;
}

// None of them keeps more of a token than its key: the row stands beside both of countersign's.
inline bool add_hs256(char const* who, mint_hs256 mint) {
  for (auto const* work : {"HS256 JWT, one-off/5 claims/", "HS256 JWT, prepared/5 claims/"})
    table::add(std::string(work) + who, [mint] { return mint(std::time(nullptr)); }, is_token);
  return true;
}

}  // namespace peers
