#pragma once
// Whether a server of a config could be used now, as far as can be seen without asking anybody.

#include <countersign/core/context.hpp>
#include <countersign/core/time.hpp>
#include <countersign/inspect/local_problems.hpp>
#include <countersign/inspect/problem.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/store/login.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp {

enum class server_state : std::uint8_t {
  ready,             ///< nothing is missing; a server that wants no credential is ready too
  variable_missing,  ///< a variable is not set, or empty
  sign_in_needed,    ///< the entry has `oauth`, and nobody has signed in
  signed_in,         ///< somebody has
  expired,           ///< its token is a JWT whose time is over, or a login's that can't be renewed
  invalid,           ///< the entry can't work as it is
};

[[nodiscard]] constexpr std::string_view name(server_state state) noexcept {
  constexpr std::string_view names[] = {"ready",     "variable_missing", "sign_in_needed",
                                        "signed_in", "expired",          "invalid"};
  return names[static_cast<std::size_t>(state)];
}

/// No network, no program is run, nobody is asked. No store is looked at: see the other.
[[nodiscard]] inline server_state state_of(server const& of, context const& outside) {
  bool missing = false, invalid = false, expired = false;
  each_local_problem(of, outside, [&](problem const& one) {
    if (one.code == problem_code::variable_missing || one.code == problem_code::variable_empty)
      missing = true;
    else if (one.code == problem_code::credential_expired) expired = true;
    else if (one.certain) invalid = true;
  });
  if (missing) return server_state::variable_missing;
  if (invalid) return server_state::invalid;
  if (of.oauth()) return server_state::sign_in_needed;
  return expired ? server_state::expired : server_state::ready;
}

/// Whether a login is renewed without a person.
[[nodiscard]] inline bool is_refreshable(login const& of) noexcept {
  return !of.refresh_token.empty() && !of.is_pending();
}

/// Of a login that a store holds. One whose time is over counts as signed in where it can be renewed.
[[nodiscard]] inline server_state state_of(login const& of, wall_time now) noexcept {
  if (!of.access_token.empty() && now < of.expires) return server_state::signed_in;
  if (is_refreshable(of)) return server_state::signed_in;
  return of.access_token.empty() ? server_state::sign_in_needed : server_state::expired;
}

}  // namespace countersign::inline v0::mcp
