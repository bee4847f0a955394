#pragma once
// What becomes of a sign-in: the record that a store keeps of it, and what a record is good for.

#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/mcp/discovery.hpp>
#include <countersign/oauth/token_response.hpp>
#include <countersign/store/login.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp::detail {

/// Whether a record's tokens may be sent to what was found just now: a document that points elsewhere moves no token.
[[nodiscard]] inline bool is_of(login const& record, discovered const& found) noexcept {
  return record.issuer == found.server.issuer && record.token_endpoint == found.server.token_endpoint &&
         record.resource == found.resource.resource;
}

[[nodiscard]] inline bool is_usable(login const& record, wall_time now) noexcept {
  return !record.access_token.empty() && now < record.expires;
}

/// Writes where and as whom tokens are asked for.
inline void bind(login& record, discovered const& found, client_record client) noexcept {
  record.issuer = found.server.issuer;
  record.token_endpoint = found.server.token_endpoint;
  record.authorization_endpoint = found.server.authorization_endpoint;
  record.revocation_endpoint = found.server.revocation_endpoint;
  record.resource = found.resource.resource;
  record.client = std::move(client);
}

/// Writes what came of a first token request.
/// @param asked the scope that was asked for: the granted one, where the server does not say another (RFC 6749 §5.1)
inline void fill(login& record, oauth::token_response&& got, std::string_view asked) noexcept {
  record.access_token = std::move(got.access.value);
  record.token_type = owned_text(std::move(got.access.type));
  record.refresh_token = std::move(got.refresh_token);
  record.expires = got.expires;
  record.scope = got.scope.empty() ? owned_text(asked) : owned_text(std::move(got.scope));
  record.pending = {};
}

}  // namespace countersign::inline v0::mcp::detail
