#pragma once
// The host of an origin, as a request says it.

#include <countersign/core/field.hpp>

#include <string_view>

namespace countersign::inline v0::detail {

constexpr std::string_view host_in(std::string_view authority, std::string_view usual_port) noexcept {
  if (auto const at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  if (authority.ends_with(usual_port)) authority.remove_suffix(usual_port.size());
  else if (authority.ends_with(':')) authority.remove_suffix(1);
  return authority;
}
// The host as the Host header says it: no user, and no port where it is the scheme's own.
constexpr std::string_view host_of(std::string_view origin) noexcept {
  constexpr std::string_view usual = "https://";
  if (origin.starts_with(usual)) [[likely]]
    return host_in(origin.substr(usual.size()), ":443");
  auto const scheme_end = origin.find("://");
  if (scheme_end == std::string_view::npos) return {};
  auto const scheme = origin.substr(0, scheme_end);
  bool const encrypted = equal_without_case(scheme, "https") || equal_without_case(scheme, "wss");
  return host_in(origin.substr(scheme_end + 3), encrypted ? ":443" : ":80");
}

}  // namespace countersign::inline v0::detail
