#pragma once
// One HS256 token with five claims, as each peer makes it: iss, sub, aud, iat and exp, 300 s later. What a peer's
// interface lets its user keep from one token to the next is kept.

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

namespace peers {

inline constexpr std::string_view hs256_key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Empty when it failed.
using mint_hs256 = std::string (*)(std::time_t now);

}  // namespace peers
