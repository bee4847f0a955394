#pragma once
// What a server's challenge tells of the way to sign in: parameters that OAuth and MCP give to Bearer and
// DPoP.

#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/text/challenge.hpp>

#include <string_view>

namespace countersign::inline v0::mcp {

/// The parameters of one response's challenges. What they do not say is empty. All of it is the server's: a
/// URL in it is checked before it is asked.
struct challenged {
  owned_text resource_metadata = {};  ///< RFC 9728 §5.1
  owned_text scope = {};              ///< RFC 6750 §3
  owned_text error = {};              ///< "invalid_token", "insufficient_scope", …
  bool dpop = false;                  ///< DPoP is offered, and Bearer is not (RFC 9449 §7.1)

  /// Signing in anew with more scopes may help.
  [[nodiscard]] bool wants_scope() const noexcept { return error.view() == "insufficient_scope"; }
};

/// @param fields the WWW-Authenticate fields, joined by ", "; may be empty. Each parameter is that of the
/// first challenge of scheme Bearer or DPoP that has it; those of other schemes mean something else.
[[nodiscard]] inline result<challenged> read_challenged(std::string_view fields) noexcept {
  auto const all = challenges::parse(fields);
  if (!all) return all.error();
  challenged got;
  for (challenge const one : *all) {
    if (!one.is("Bearer") && !one.is("DPoP")) continue;
    auto const take = [&one](std::string_view name, owned_text& into) {
      if (auto const value = one.parameter(name); value && into.empty()) into = owned_text(*value);
    };
    take("resource_metadata", got.resource_metadata);
    take("scope", got.scope);
    take("error", got.error);
  }
  got.dpop = all->find("DPoP") && !all->find("Bearer");
  if (!got.resource_metadata.ok() || !got.scope.ok() || !got.error.ok())
    return error{errc::no_memory, "challenge: out of memory"};
  return got;
}

}  // namespace countersign::inline v0::mcp
