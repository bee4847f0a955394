#pragma once
#include "hs256.hpp"

#include <jwt.h>

namespace peers {

inline std::string hs256_by_libjwt(std::time_t now) {
  jwt_t* token = nullptr;
  if (jwt_new(&token) != 0) return {};
  jwt_add_grant(token, "iss", "ci");
  jwt_add_grant(token, "sub", "build");
  jwt_add_grant(token, "aud", "https://api.example.com");
  jwt_add_grant_int(token, "iat", now);
  jwt_add_grant_int(token, "exp", now + 300);
  jwt_set_alg(token, JWT_ALG_HS256, reinterpret_cast<unsigned char const*>(hs256_key.data()),
              static_cast<int>(hs256_key.size()));
  char* const text = jwt_encode_str(token);
  std::string made = text != nullptr ? text : "";
  std::free(text);
  jwt_free(token);
  return made;
}

}  // namespace peers
