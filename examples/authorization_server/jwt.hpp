#pragma once
// A compact JWS with claims: taken apart, checked later by who knows the key.

#include "crypto.hpp"

#include <countersign/text/json.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace provider {

/// Seconds since 1970.
std::int64_t now_in_seconds();
/// How far the clocks of two machines may be apart, in seconds.
inline constexpr std::int64_t max_skew = 60;

struct jwt {
  countersign::json_document header, claims;
  std::string signed_part, signature;

  static std::optional<jwt> read(std::string_view text);
  [[nodiscard]] bool signed_by(public_key const& key) const {
    return key.verifies(header["alg"].string(), signed_part, signature);
  }
  /// Whether `aud` is that, alone or in a list.
  [[nodiscard]] bool is_for(std::string_view audience) const;
  /// Whether `exp` is to come, and `nbf`, if any, is past.
  [[nodiscard]] bool is_current() const;
};

/// What a server makes of DPoP proofs (RFC 9449 §4.3).
class proof_checks {
public:
  /// @param token the access token it goes with; empty at the token endpoint
  /// @param nonce what the server gave out last; empty: none is wanted
  /// @param thumb of the key, set where the proof is good
  /// @return empty, or why not; "nonce" if it is the nonce alone
  std::string refusal(std::string_view proof, std::string_view method, std::string_view url,
                      std::string_view token, std::string_view nonce, std::string& thumb);

private:
  std::set<std::string> seen_;
};

}  // namespace provider
