#pragma once
// The URL of a server, as it is sent to.

#include <countersign/core/context.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/text/url.hpp>

#include <string_view>

namespace countersign::inline v0::mcp {

namespace detail {
[[nodiscard]] inline result<secret> expand_whole_url(server const& of, context const& outside) {
  if (auto ok = check_host_variables(of.url(), outside); !ok) return ok.error();
  auto url = expand_strictly(of.url(), outside);
  if (!url) return url;
  auto const parts = parse_url(url->reveal());
  if (!parts) return parts.error();
  if (parts->has_userinfo)
    return error(errc::bad_input, "it holds a user or a password; use \"auth\": {\"type\": \"basic\", …}");
  bool const socket = equal_without_case(parts->scheme, "ws") || equal_without_case(parts->scheme, "wss");
  if (socket != (of.type() == server_type::ws))
    return error(errc::bad_input, "a server of this type is at ",
                 socket ? "http:// or https://" : "ws:// or wss://");
  return url;
}

/// @param outside knows the entry's variables (`server_environment`)
[[nodiscard]] inline result<secret> expand_url(server const& of, context const& outside) {
  if (of.is_stdio())
    return about_server(error(errc::fatal, "a stdio server has none; its credentials are environment variables"),
                        of.name(), "url");
  auto url = expand_whole_url(of, outside);
  if (!url) return about_server(url.error(), of.name(), "url");
  return url;
}
}  // namespace detail

/// The URL with its variables expanded. What comes of them may be private (a tenant's name, a token),
/// so the result is a secret; for messages there is `server::url()`. Errors name the server, the field
/// and the variable.
[[nodiscard]] inline result<secret> expanded_url(server const& of, context const& outside) {
  server_environment variables(outside);
  if (auto ok = variables.load(of); !ok) return ok.error();
  return detail::expand_url(of, variables.outside());
}

}  // namespace countersign::inline v0::mcp
