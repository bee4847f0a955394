#pragma once
// Answers that are about something else than a credential.

#include <countersign/core/owned_text.hpp>
#include <countersign/inspect/problem.hpp>

#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// A status that says nothing of credentials.
[[nodiscard]] inline problem other_status(int status) {
  struct row {
    int known;
    std::string_view means, fix;
  };
  constexpr row known[] = {
      {400, "the server does not understand the request",
       "check that \"url\" is the MCP endpoint, and that no header is empty or misspelt"},
      {404, "there is nothing at this path", "check the path in \"url\": often /mcp, /sse or /"},
      {405, "the server wants another method at this path",
       "check \"type\": a server at /sse is \"sse\", one at /mcp is \"http\""},
      {406, "the server does not speak JSON and event streams there", "check \"type\" and \"url\""},
      {407, "a proxy wants a credential of its own", "put it into https_proxy, or set no_proxy"},
      {421, "the request came to the wrong host", "check the host in \"url\""},
      {429, "too many requests", "wait, then try again"},
  };
  std::string_view means = "the server answered what nobody expected", fix = "check \"type\" and \"url\"";
  if (status / 100 == 3) {
    means = "the server sends callers elsewhere, and a credential is not taken there";
    fix = "put the address that it gives into \"url\", if you trust it";
  }
  if (status / 100 == 5) {
    means = "the server failed by itself; the credential is not to blame";
    fix = "try later, or ask who runs it";
  }
  for (auto const& each : known)
    if (each.known == status) means = each.means, fix = each.fix;
  return {problem_code::unexpected_status, sentence("HTTP ", status, ": ", means), owned_text("url"),
          sentence(fix)};
}

}  // namespace countersign::inline v0::mcp::detail
