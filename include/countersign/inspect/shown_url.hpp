#pragma once
// A URL of a config, fit to be shown.

#include <countersign/core/secret.hpp>
#include <countersign/inspect/detail/url_secrets.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp {

/// The URL as it is written, with `***` for each credential that stands in it. Variables stay.
[[nodiscard]] inline secret shown_url(std::string_view url) noexcept {
  secret shown;
  std::size_t copied = 0;
  detail::each_url_credential(url, [&](std::string_view piece, std::string_view, bool is_variable) {
    if (is_variable) return;
    auto const at = static_cast<std::size_t>(piece.data() - url.data());
    shown.append(url.substr(copied, at - copied)).append("***");
    copied = at + piece.size();
  });
  shown.append(url.substr(copied));
  return shown;
}

}  // namespace countersign::inline v0::mcp
