// Which tokens the MCP server takes, and what it says of itself to who has none (RFC 9728).

#include "mcp.hpp"

#include <countersign/core/secret.hpp>
#include <countersign/text/json_writer.hpp>

namespace cs = countersign;

namespace provider {

mcp_server::verdict mcp_server::check(request const& asked, std::string const& scope) {
  auto const& set = state_.set;
  auto const sent = asked.header("Authorization");
  if (sent.empty()) return {401, "", "no token", set.challenge_scope};
  auto const refuse = [&](std::string_view words, int number = 0) {
    return verdict{401, "invalid_token", std::string(words), set.challenge_scope, number};
  };
  bool const by_dpop = sent.starts_with("DPoP ");
  if (!by_dpop && !sent.starts_with("Bearer ")) return refuse("another scheme");
  auto const text = sent.substr(by_dpop ? 5 : 7);
  auto const* const token = state_.tokens.find_access(text);
  if (token == nullptr) return refuse("no such token");
  auto const& of = state_.tokens.grant_of(token->grant);
  if (token->revoked || of.revoked) return refuse("the token was revoked", token->number);
  if (std::chrono::steady_clock::now() >= token->expires)
    return refuse("the token has expired", token->number);
  if (of.resource != state_.resource) return refuse("the token is for another resource", token->number);
  // RFC 9449 §7.1: a bound token is worth nothing without its key, and the other way round.
  if (by_dpop != !of.thumb.empty())
    return refuse("bound tokens come with a proof, others without", token->number);
  if (by_dpop) {
    std::string thumb;
    auto const why =
        asked.headers("DPoP") == 1
            ? state_.call_proofs.refusal(asked.header("DPoP"), asked.method, state_.resource_origin + "/mcp",
                                         text, set.dpop_nonce ? state_.call_nonce : "", thumb)
            : "one DPoP proof is wanted";
    if (why == "nonce")
      return {401, "use_dpop_nonce", "a proof with this server's nonce is wanted", "", token->number};
    if (!why.empty()) return {401, "invalid_dpop_proof", why, "", token->number};
    if (thumb != of.thumb) return refuse("the token is bound to another key", token->number);
  }
  if (!all_in(scope, token->scope) || (set.insatiable && scope == "notes:write"))
    return {403, "insufficient_scope", "the token's scope is not enough", scope, token->number};
  return {.number = token->number};
}

std::string mcp_server::metadata_path() const {
  return state_.set.resource_metadata == "root" ? "/.well-known/oauth-protected-resource"
                                                : "/.well-known/oauth-protected-resource/mcp";
}

answer mcp_server::metadata() const {
  cs::secret text;
  cs::json_writer out(text);
  out.open_object().member("resource", std::string_view(state_.resource));
  out.name("authorization_servers").open_array().value(std::string_view(state_.issuer)).close();
  out.name("scopes_supported").open_array();
  for (auto const& word : words_of(state_.set.scopes)) out.value(std::string_view(word));
  out.close().name("bearer_methods_supported").open_array().value("header").close();
  if (state_.set.dpop != "off") {
    out.member("dpop_bound_access_tokens_required", state_.set.dpop == "required");
    out.name("dpop_signing_alg_values_supported").open_array().value("ES256").value("EdDSA").close();
  }
  out.close();
  return {200, "application/json", std::string(text.reveal())};
}

answer mcp_server::respond(request const& asked) {
  answer to{405, "text/plain", "not here\n"};
  bool const plain = state_.set.resource_metadata == "none";
  if (asked.path == "/mcp" && asked.method == "POST") to = post(asked);
  else if (asked.path == "/mcp" && asked.method == "DELETE") to = end_session(asked);
  else if (asked.path == "/mcp") to.headers.emplace_back("Allow", "POST, DELETE");
  else if (!plain && asked.path == metadata_path() && asked.method == "GET") to = metadata();
  // Of old (revision 2025-03-26) the authorization server is where the MCP server is.
  else if (plain && asked.path.find("oauth-protected-resource") == std::string::npos)
    to = answer_at_issuer(state_, asked);
  else to = {404, "text/plain", "nothing is here\n"};
  if (asked.path == "/mcp" && state_.set.dpop_nonce) to.headers.emplace_back("DPoP-Nonce", state_.call_nonce);
  return to;
}

}  // namespace provider
