#pragma once
#include "hs256.hpp"

#include <cjose/cjose.h>

namespace peers {

// It signs bytes: the claims are printed.
inline std::string hs256_by_cjose(std::time_t now) {
  static cjose_jwk_t* const key =
      cjose_jwk_create_oct_spec(reinterpret_cast<std::uint8_t const*>(hs256_key.data()), hs256_key.size(), nullptr);
  static cjose_header_t* const header = [] {
    auto* const made = cjose_header_new(nullptr);
    cjose_header_set(made, CJOSE_HDR_ALG, CJOSE_HDR_ALG_HS256, nullptr);
    cjose_header_set(made, "typ", "JWT", nullptr);
    return made;
  }();
  char claims[160];
  int const size = std::snprintf(claims, sizeof claims,
                                 R"({"iss":"ci","sub":"build","aud":"https://api.example.com","iat":%lld,"exp":%lld})",
                                 static_cast<long long>(now), static_cast<long long>(now) + 300);
  auto* const token = cjose_jws_sign(key, header, reinterpret_cast<std::uint8_t const*>(claims),
                                     static_cast<std::size_t>(size), nullptr);
  char const* text = nullptr;  // belongs to the token
  std::string made;
  if (token != nullptr && cjose_jws_export(token, &text, nullptr)) made = text;
  cjose_jws_release(token);
  return made;
}

}  // namespace peers
