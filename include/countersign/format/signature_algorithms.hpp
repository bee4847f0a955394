#pragma once
// The names of signature algorithms: as a key has them (RFC 7518 §3.1), and as an HTTP message says them (RFC 9421 §6.2.2).

#include <string_view>

namespace countersign::inline v0 {

namespace detail {
struct signature_algorithm {
  std::string_view of_key, of_message;
};
inline constexpr signature_algorithm signature_algorithms[] = {
    {"HS256", "hmac-sha256"},       {"EdDSA", "ed25519"},           {"Ed25519", "ed25519"},
    {"ES256", "ecdsa-p256-sha256"}, {"ES384", "ecdsa-p384-sha384"}, {"PS512", "rsa-pss-sha512"},
    {"RS256", "rsa-v1_5-sha256"},
};
}  // namespace detail

/// What a message says for the algorithm of a key. Empty where RFC 9421 has no name for it: then no message may say one (§3.3.7).
[[nodiscard]] constexpr std::string_view message_algorithm(std::string_view of_key) noexcept {
  for (auto const& one : detail::signature_algorithms)
    if (one.of_key == of_key) return one.of_message;
  return {};
}
/// The other way, for configs. Empty: there is no such algorithm.
[[nodiscard]] constexpr std::string_view key_algorithm(std::string_view of_message) noexcept {
  for (auto const& one : detail::signature_algorithms)
    if (one.of_message == of_message) return one.of_key;
  return {};
}

}  // namespace countersign::inline v0
