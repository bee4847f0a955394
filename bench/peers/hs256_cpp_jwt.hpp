#pragma once
#include "hs256.hpp"

#include <jwt/jwt.hpp>

namespace peers {

inline std::string hs256_by_cpp_jwt(std::time_t now) {
  using namespace jwt::params;
  jwt::jwt_object token{algorithm("HS256"), secret(hs256_key.data())};
  token.add_claim("iss", "ci").add_claim("sub", "build").add_claim("aud", "https://api.example.com");
  token.add_claim("iat", now).add_claim("exp", now + 300);
  std::error_code failed;
  auto made = token.signature(failed);
  return failed ? std::string() : made;
}

}  // namespace peers
