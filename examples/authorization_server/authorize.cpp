// The authorization endpoint: RFC 6749 §4.1.1, PKCE (RFC 7636), resource indicators (RFC 8707), the issuer in
// the answer (RFC 9207).

#include "state.hpp"

#include <algorithm>

namespace provider {

namespace {

constexpr std::chrono::seconds code_lifetime(60);

answer back(state& all, parameters const& asked, pairs added) {
  if (asked.has("state")) added.emplace_back("state", asked["state"]);
  if (all.set.iss) added.emplace_back("iss", all.set.iss_text.empty() ? all.issuer : all.set.iss_text);
  return redirect(asked["redirect_uri"], added);
}

answer refuse(state& all, parameters const& asked, std::string const& code, std::string const& words) {
  all.log.add(code == "access_denied" ? "denied" : "authorize_refused",
              {{"client", asked["client_id"]}, {"error", code}, {"words", words}});
  return back(all, asked, {{"error", code}, {"error_description", words}});
}

bool is_challenge(std::string_view text) {
  auto const bytes = from_base64url(text);
  return bytes && bytes->size() == 32;
}

answer approve(state& all, parameters const& asked) {
  auto& granted =
      all.tokens.new_grant({.client = asked["client_id"],
                            .subject = "alice",
                            .scope = asked.has("scope") ? asked["scope"] : words_of(all.set.scopes).front(),
                            .resource = asked.has("resource") ? asked["resource"] : all.resource});
  auto const text = all.tokens.add(code{.grant = granted.number,
                                        .redirect_uri = asked["redirect_uri"],
                                        .challenge = asked["code_challenge"],
                                        .thumb = asked["dpop_jkt"],
                                        .expires = std::chrono::steady_clock::now() + code_lifetime});
  all.log.add("code_issued", {{"client", granted.client},
                              {"grant_number", std::to_string(granted.number)},
                              {"scope", granted.scope}});
  return back(all, asked, {{"code", text}});
}

}  // namespace

answer authorize(state& all, parameters const& asked) {
  all.log.add("authorize", {{"client", asked["client_id"]},
                            {"scope", asked["scope"]},
                            {"resource", asked["resource"]},
                            {"prompt", asked["prompt"]}});
  // Who can't be sent back safely sees a page (RFC 6749 §4.1.2.1).
  auto const* const who = find_client(all, asked["client_id"]);
  if (who == nullptr) return page(400, "This client is not known here.");
  if (!who->takes(asked["redirect_uri"])) return page(400, "This redirect URI is not the client's.");
  if (asked.has_twice()) return refuse(all, asked, "invalid_request", "a parameter is there twice");
  if (asked["response_type"] != "code") return refuse(all, asked, "unsupported_response_type", "code alone");
  if (!who->may("authorization_code"))
    return refuse(all, asked, "unauthorized_client", "not a grant of this client");
  if (asked["code_challenge_method"] != "S256" || !is_challenge(asked["code_challenge"]))
    return refuse(all, asked, "invalid_request", "PKCE with S256 is wanted");
  for (auto const& [name, value] : asked.all())
    if (name == "resource" && value != all.resource && value != all.set.other_resource)
      return refuse(all, asked, "invalid_target", "no tokens are given for that resource");
  if (all.set.resource_required && !asked.has("resource"))
    return refuse(all, asked, "invalid_target", "resource is missing");
  auto const scope = asked["scope"];
  if (!all_in(scope, all.set.scopes + " offline_access") ||
      (!who->scope.empty() && !all_in(scope, who->scope)))
    return refuse(all, asked, "invalid_scope", "a scope is not known, or not for this client");

  if (all.set.user == "denies") return refuse(all, asked, "access_denied", "the user said no");
  if (all.set.user == "approves") return approve(all, asked);
  auto const id = base64url(random_bytes(12));
  all.pages[id] = asked;
  auto const link = [&](std::string const& what) {
    return "<a id=\"" + what + "\" href=\"" + all.issuer + "/decision?page=" + id + "&amp;answer=" + what +
           "\">" + what + "</a>";
  };
  return page(200, "May the client use your notes? " + link("approve") + " " + link("deny"));
}

answer decide(state& all, parameters const& asked) {
  auto const found = all.pages.find(asked["page"]);
  if (found == all.pages.end()) return page(400, "This page was answered before.");
  auto const of = found->second;
  all.pages.erase(found);
  return asked["answer"] == "approve" ? approve(all, of)
                                      : refuse(all, of, "access_denied", "the user said no");
}

}  // namespace provider
