#pragma once
// The host of an origin, as a request says it.

#include <countersign/core/field.hpp>

#include <string_view>

namespace countersign::inline v0::detail {

// The host as the Host header says it: no user, and no port where it is the scheme's own.
constexpr std::string_view host_of(std::string_view origin) noexcept {
  auto const scheme_end = origin.find("://");
  if (scheme_end == std::string_view::npos) return {};
  auto const scheme = origin.substr(0, scheme_end);
  auto host = origin.substr(scheme_end + 3);
  if (auto const at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  bool const encrypted = equal_without_case(scheme, "https") || equal_without_case(scheme, "wss");
  std::string_view const usual = encrypted ? ":443" : ":80";
  if (host.ends_with(usual)) host.remove_suffix(usual.size());
  else if (host.ends_with(':')) host.remove_suffix(1);
  return host;
}

}  // namespace countersign::inline v0::detail
