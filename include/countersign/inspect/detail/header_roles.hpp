#pragma once
// What a header of a config is for, as far as its name tells.

#include <countersign/core/field.hpp>
#include <countersign/mcp/secret_names.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

enum class header_role : std::uint8_t { credential, tenant, other };

template <std::size_t Size>
[[nodiscard]] constexpr bool contains_any(std::string_view text,
                                          std::string_view const (&pieces)[Size]) noexcept {
  for (auto const piece : pieces)
    if (find_without_case(text, piece) != std::string_view::npos) return true;
  return false;
}

/// Whether the name of a header or a variable says that it chooses a tenant.
[[nodiscard]] constexpr bool names_tenant(std::string_view name) noexcept {
  constexpr std::string_view words[] = {"tenant",  "workspace", "organi", "org-",  "org_",
                                        "account", "project",   "team",   "realm", "subdomain"};
  return contains_any(name, words);
}

[[nodiscard]] constexpr header_role role_of(std::string_view name) noexcept {
  constexpr std::string_view secrets[] = {"auth", "token",      "key", "secret",  "pass",  "cookie",
                                          "sign", "credential", "jwt", "session", "api-id"};
  if (contains_any(name, secrets)) return header_role::credential;
  return names_tenant(name) ? header_role::tenant : header_role::other;
}

/// Headers whose values anybody may see.
[[nodiscard]] constexpr bool is_public_header(std::string_view name) noexcept {
  constexpr std::string_view known[] = {
      "Accept", "Accept-Language", "Accept-Encoding", "Content-Type",  "User-Agent",
      "Origin", "Referer",         "Prefer",          "Cache-Control", "MCP-Protocol-Version"};
  for (auto const each : known)
    if (equal_without_case(name, each)) return true;
  return role_of(name) == header_role::tenant;
}

/// The scheme of a credential if it is one that servers know, in its usual spelling: what stands there could
/// be the credential itself.
[[nodiscard]] constexpr std::string_view known_scheme(std::string_view name) noexcept {
  constexpr std::string_view known[] = {
      "Bearer", "Basic", "Digest", "DPoP",    "Negotiate",    "NTLM",      "HOBA", "Mutual",
      "GNAP",   "Token", "ApiKey", "Api-Key", "PrivateToken", "Signature", "HMAC", "AWS4-HMAC-SHA256"};
  for (auto const each : known)
    if (equal_without_case(name, each)) return each;
  return {};
}

}  // namespace countersign::inline v0::mcp::detail
