#pragma once
// The names of signature algorithms: as a key has them (RFC 7518 §3.1), and as a message says them (RFC 9421 §6.2.2).

#include <string_view>

namespace countersign::inline v0::detail {

struct signature_algorithm {
  std::string_view of_key, said;
};
inline constexpr signature_algorithm signature_algorithms[] = {
    {"HS256", "hmac-sha256"},       {"EdDSA", "ed25519"},           {"Ed25519", "ed25519"},
    {"ES256", "ecdsa-p256-sha256"}, {"ES384", "ecdsa-p384-sha384"}, {"PS512", "rsa-pss-sha512"},
    {"RS256", "rsa-v1_5-sha256"},
};

/// Empty where RFC 9421 has no name for it: then no message may say one (§3.3.7).
[[nodiscard]] constexpr std::string_view said_algorithm(std::string_view of_key) noexcept {
  for (auto const& one : signature_algorithms)
    if (one.of_key == of_key) return one.said;
  return {};
}
/// The other way, for configs.
[[nodiscard]] constexpr std::string_view algorithm_of_key(std::string_view said) noexcept {
  for (auto const& one : signature_algorithms)
    if (one.said == said) return one.of_key;
  return {};
}

}  // namespace countersign::inline v0::detail
