#pragma once
// When a JWT ends, as it says itself (RFC 7519 §4.1.4). Nothing is verified: this is for advice alone.

#include <countersign/core/time.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/json.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp::detail {

/// Bytes of a token that is looked into.
inline constexpr std::size_t max_unverified_jwt = std::size_t{16} * 1024;

/// Nothing where it is no JWT, is encrypted, or says no time.
[[nodiscard]] inline std::optional<wall_time> unverified_expiry(std::string_view token) {
  auto const first = token.find('.');
  if (first == std::string_view::npos || token.size() > max_unverified_jwt) return std::nullopt;
  auto const second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    return std::nullopt;
  auto claims = decode_base64(token.substr(first + 1, second - first - 1), base64::url);
  if (!claims) return std::nullopt;
  auto const read = json_document::parse(std::move(*claims));
  if (!read) return std::nullopt;
  auto const exp = read->root()["exp"];
  auto seconds_since = exp.integer();
  if (!seconds_since && exp.is_number()) {  // NumericDate may have a fraction
    std::int64_t whole = 0;
    for (char const c : exp.number()) {
      if (c == '.') break;
      if (c < '0' || c > '9' || whole > 1'000'000'000'000) return std::nullopt;
      whole = whole * 10 + (c - '0');
    }
    seconds_since = whole;
  }
  if (!seconds_since) return std::nullopt;
  return wall_time{} + seconds(*seconds_since);
}

/// The credential in a header's value: what stands behind the scheme.
[[nodiscard]] constexpr std::string_view behind_scheme(std::string_view value) noexcept {
  auto const blank = value.rfind(' ');
  return blank == std::string_view::npos ? value : value.substr(blank + 1);
}

}  // namespace countersign::inline v0::mcp::detail
