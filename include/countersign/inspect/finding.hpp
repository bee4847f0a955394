#pragma once
// What a lint rule has to say about a place.

#include <countersign/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp {

/// How much it matters: `error` leaks or will leak a credential.
enum class severity : std::uint8_t { info, warning, error };

[[nodiscard]] constexpr std::string_view name(severity level) noexcept {
  constexpr std::string_view names[] = {"info", "warning", "error"};
  return names[static_cast<std::size_t>(level)];
}

/// Names of the rules. They are stable: scripts compare them, and docs/lint.md has a row for each.
namespace rule {
inline constexpr std::string_view hardcoded_secret = "hardcoded-secret";
inline constexpr std::string_view secret_in_default = "secret-in-default";
inline constexpr std::string_view client_secret_in_file = "client-secret-in-file";
inline constexpr std::string_view secret_in_url = "secret-in-url";
inline constexpr std::string_view insecure_url = "insecure-url";
inline constexpr std::string_view token_without_scheme = "token-without-scheme";
inline constexpr std::string_view basic_by_hand = "basic-by-hand";
inline constexpr std::string_view basic_where_oauth = "basic-where-oauth";
inline constexpr std::string_view long_lived_token = "long-lived-token";
inline constexpr std::string_view invalid_config = "invalid-config";
inline constexpr std::string_view secret_in_documentation = "secret-in-documentation";
inline constexpr std::string_view secret_in_file = "secret-in-file";
inline constexpr std::string_view logs_secret = "logs-secret";
inline constexpr std::string_view env_file_tracked = "env-file-tracked";
inline constexpr std::string_view env_file_not_ignored = "env-file-not-ignored";
inline constexpr std::string_view secret_file_tracked = "secret-file-tracked";
inline constexpr std::string_view secret_file_readable = "secret-file-readable";
inline constexpr std::string_view undocumented_variable = "undocumented-variable";
}  // namespace rule

/// One finding. The texts are made of what is no secret: a secret shows as its kind and its length.
struct finding {
  std::string_view rule = {};  ///< one of `rule::`
  severity level = severity::warning;
  std::uint32_t line = 1, column = 1;  ///< from 1; columns in bytes
  error message = {};
  error fix = {};  ///< what to do
};

}  // namespace countersign::inline v0::mcp
