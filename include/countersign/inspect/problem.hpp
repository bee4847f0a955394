#pragma once
// What keeps a server of a config from being used, in words that say what to do.

#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp {

/// What kind of problem, for programs.
enum class problem_code : std::uint8_t {
  // found without a network
  variable_missing,   ///< a variable that the entry names is not set
  variable_empty,     ///< it is set to nothing, where something is needed
  wrong_format,       ///< the credential is not written as it must be
  invalid_url,        ///< no URL, or none of a server of this type
  insecure_http,      ///< the credential would travel in the clear
  env_file,           ///< `envFile` can't be read, or a line of it is wrong
  helper_failed,      ///< `headersHelper` gave no headers
  key_too_short,      ///< shorter than its algorithm asks for
  command_not_found,  ///< the program of a stdio server is nowhere
  invalid_entry,      ///< another mistake in the entry, or something that this version can't do
  // told by the answer
  credential_missing,   ///< the server wants a credential, and none was sent
  credential_expired,   ///< it was good until a while ago
  credential_rejected,  ///< the server doesn't take it
  scope_missing,        ///< it is good, for less than was asked
  tenant_rejected,      ///< it is good, for another tenant, workspace or organization
  permission_missing,   ///< it is good, and its owner may not do this
  unexpected_status,    ///< an answer that says nothing of credentials
  unreachable,          ///< there was no answer
  not_mcp,              ///< an answer, but none of an MCP server
  // about logins
  sign_in_needed,     ///< nobody is signed in
  login_expired,      ///< somebody was, and the login can't be renewed
  login_loop,         ///< a token is refused right after it was made
  client_unknown,     ///< the authorization server does not know the client (any more)
  redirect_mismatch,  ///< the address that the browser comes back to is not the one that was registered
  metadata_missing,   ///< where tokens come from can't be found
  metadata_wrong,     ///< what is said about it contradicts itself
  clock_off,          ///< this machine's clock and the server's differ much
  store_insecure,     ///< others may read or change what is stored
  store_unusable,     ///< what is stored can't be read: of another key, of a newer version
};

/// As programs and tables know it: "variable_missing".
[[nodiscard]] constexpr std::string_view name(problem_code code) noexcept {
  constexpr std::string_view names[] = {"variable_missing",
                                        "variable_empty",
                                        "wrong_format",
                                        "invalid_url",
                                        "insecure_http",
                                        "env_file",
                                        "helper_failed",
                                        "key_too_short",
                                        "command_not_found",
                                        "invalid_entry",
                                        "credential_missing",
                                        "credential_expired",
                                        "credential_rejected",
                                        "scope_missing",
                                        "tenant_rejected",
                                        "permission_missing",
                                        "unexpected_status",
                                        "unreachable",
                                        "not_mcp",
                                        "sign_in_needed",
                                        "login_expired",
                                        "login_loop",
                                        "client_unknown",
                                        "redirect_mismatch",
                                        "metadata_missing",
                                        "metadata_wrong",
                                        "clock_off",
                                        "store_insecure",
                                        "store_unusable"};
  auto const index = static_cast<std::size_t>(code);
  return index < sizeof names / sizeof *names ? names[index] : std::string_view("unknown");
}

/// Texts hold no secret and no control byte, and are at most `error::capacity` bytes each.
struct problem {
  problem_code code = problem_code::invalid_entry;
  owned_text message;   ///< what is wrong
  owned_text where;     ///< the field of the entry: "headers.Authorization"
  owned_text fix;       ///< what to do: often a line for the shell
  bool certain = true;  ///< false: some servers take it, so an answer may prove it no problem
};

namespace detail {
/// A text out of the same pieces as an error's message, and as harmless.
template <class... Pieces>
[[nodiscard]] owned_text sentence(Pieces const&... pieces) noexcept {
  return owned_text(error(errc::fatal, pieces...).message());
}
}  // namespace detail

}  // namespace countersign::inline v0::mcp
