#pragma once
// One refused request, and the order in which its possible reasons are gone through.

#include <countersign/core/field.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/format/digest.hpp>
#include <countersign/inspect/detail/credential_place.hpp>
#include <countersign/inspect/detail/echo.hpp>
#include <countersign/inspect/detail/header_roles.hpp>
#include <countersign/inspect/detail/heard_words.hpp>
#include <countersign/inspect/detail/unverified_jwt.hpp>
#include <countersign/inspect/detail/wrong_format.hpp>
#include <countersign/inspect/problem.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/text/challenge.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// Bytes of a scope, and of all scopes, that are shown.
inline constexpr std::size_t max_scope_shown = 64;
inline constexpr std::size_t max_scopes_shown = 100;

class refusal {
public:
  // All but `now` must outlive this object.
  refusal(server const& of, fields const& sent, response_head const& head, std::string_view body,
          wall_time now)
      : of_(&of), sent_(&sent), status_(head.status()), now_(now), credential_(credential_place(of)),
        tenant_(tenant_place(of)) {
    head.fields([&](std::string_view name, std::string_view value) {
      if (!equal_without_case(name, "WWW-Authenticate")) return;
      // A field that can't be read is none; what it says may still hold words.
      if (!asked_.add(value)) words_.add(value.substr(0, max_challenge_size), sent);
    });
    for (auto const one : asked_)
      for (std::string_view const parameter : {"error", "error_description"})
        if (auto const said = one.parameter(parameter)) words_.add(*said, sent);
    words_.add(body, sent);
    of.each_auth([&](json_value one) {
      bool const unanswered = one["type"].string() == "digest" && status_ == 401 && !authorization();
      if (unanswered) unanswered_ = digest().refusal(head);
    });
  }

  [[nodiscard]] problem unauthorized() const {
    if (unanswered_.code() != errc::none) return unanswerable();
    if (!has_credential()) return missing();
    if (auto const wrong = format()) return *wrong;
    if (auto const expired = jwt_expiry()) return expired_token();
    if (says_expired()) return expired_token();
    if (says("insufficient_scope")) return scope();
    if (says_tenant()) return tenant();
    if (says("permission") || says("not permitted")) return permission();
    return rejected();
  }

  [[nodiscard]] problem forbidden() const {
    if (!has_credential()) return missing();
    if (says("insufficient_scope")) return scope();
    if (says_expired()) return expired_token();
    if (says_admin()) return permission();
    if (says_tenant()) return tenant();
    if (says("scope")) return scope();
    return permission();
  }

private:
  [[nodiscard]] bool says(std::string_view word) const noexcept { return words_.say(word); }
  [[nodiscard]] bool says_expired() const noexcept {
    return words_.say("expired") && !words_.say_or("expired");
  }
  [[nodiscard]] bool says_admin() const noexcept {
    return says("admin") || says("approv") || says("consent");
  }
  [[nodiscard]] bool says_tenant() const noexcept {
    return says("tenant") || says("workspace") || says("organization") || says("organisation");
  }

  [[nodiscard]] std::optional<std::string_view> authorization() const { return sent_->get("Authorization"); }
  [[nodiscard]] bool has_credential() const {
    bool found = false;
    sent_->each([&](std::string_view name, std::string_view value) {
      found = found || (!value.empty() && !is_public_header(name));
    });
    return found;
  }

  // `export API_TOKEN=…`, or what takes its place where no variable is used.
  [[nodiscard]] owned_text renew(std::string_view what) const {
    if (credential_.field.view() == "headersHelper")
      return sentence("run the headersHelper by hand; ", what, " where it gets it from");
    if (!credential_.variable.empty())
      return sentence(what, ", then: export ", front_of(credential_.variable, max_name_shown), "=…");
    return sentence(what, " and keep it in a variable: write ${API_TOKEN} there, then: export API_TOKEN=…");
  }
  [[nodiscard]] owned_text where() const {
    return credential_.field.empty() ? owned_text("headers") : credential_.field;
  }
  // The schemes that the server names, where they are known; "" if none is.
  [[nodiscard]] owned_text schemes() const {
    secret all;
    for (auto const one : asked_)
      if (auto const shown = known_scheme(one.scheme()); !shown.empty())
        all.append(all.empty() ? "" : " or ").append(shown);
    return owned_text(front_of(all.reveal(), 60));
  }

  // Of a server that wants Digest: no header can be written down for it.
  [[nodiscard]] bool wants_digest() const noexcept { return bool(asked_.find("Digest")) && !asked_.find("Bearer"); }
  [[nodiscard]] static owned_text digest_entry() {
    return sentence("write \"auth\": {\"type\": \"digest\", \"user\": \"${USER_NAME}\", \"password\": \"${PASSWORD}\"}, "
                    "then: export USER_NAME=… PASSWORD=…");
  }
  [[nodiscard]] problem unanswerable() const {
    return {problem_code::wrong_format, sentence("HTTP 401: ", unanswered_.message()), owned_text("auth"),
            sentence("give the entry what the server asks for, or mend the server")};
  }

  [[nodiscard]] problem missing() const {
    auto const wanted = schemes();
    bool const sign_in = bool(of_->oauth()) || asked_.find("Bearer").parameter("resource_metadata");
    return {problem_code::credential_missing,
            sentence("HTTP ", status_, ": the server wants a credential", wanted.empty() ? "" : " (",
                     wanted.view(), wanted.empty() ? "" : ")", ", and none was sent"),
            where(),
            wants_digest() ? digest_entry()
            : sign_in ? sentence("sign in: countersign login ", front_of(of_->name(), max_name_shown),
                               "; or give the entry a token of its own")
                    : sentence("give the entry one: \"headers\": {\"Authorization\": \"Bearer "
                               "${API_TOKEN}\"}, then: export API_TOKEN=…")};
  }

  [[nodiscard]] std::optional<problem> format() const {
    auto const value = authorization();
    auto const wanted = schemes();
    auto const better = wanted.empty() ? std::string_view("Bearer") : wanted.view();
    if (!value) {
      if (asked_.empty() || asked_.find("ApiKey") || wanted.empty()) return std::nullopt;
      return problem{problem_code::wrong_format,
                     sentence("HTTP ", status_, ": the server wants Authorization: ", better,
                              " …, and none was sent; another header was"),
                     where(),
                     wants_digest() ? digest_entry()
                                    : sentence("write \"Authorization\": \"Bearer ${API_TOKEN}\"")};
    }
    if (auto wrong = wrong_format(template_of(*of_, "Authorization"), *value)) {
      wrong->message = sentence("HTTP ", status_, ": ", wrong->message.view());
      wrong->where = where();
      return wrong;
    }
    auto const scheme = value->substr(0, value->find(' '));
    if (wanted.empty()) return std::nullopt;
    for (auto const one : asked_)
      if (one.is(scheme) || known_scheme(one.scheme()).empty()) return std::nullopt;
    auto const sent_scheme = known_scheme(scheme);
    return problem{
        problem_code::wrong_format,
        sentence("HTTP ", status_, ": the server wants Authorization: ", better, " …, and ",
                 sent_scheme.empty() ? std::string_view("another scheme") : sent_scheme, " was sent"),
        where(),
        wants_digest() ? digest_entry()
                       : sentence("write \"Authorization\": \"", better, " …\" as the server's manual says")};
  }

  [[nodiscard]] std::optional<wall_time> jwt_expiry() const {
    std::optional<wall_time> found;
    sent_->each([&](std::string_view, std::string_view value) {
      auto const expires = unverified_expiry(behind_scheme(value));
      if (expires && *expires <= now_) found = expires;
    });
    return found;
  }
  [[nodiscard]] problem expired_token() const {
    auto const expires = jwt_expiry();
    if (!expires)
      return {problem_code::credential_expired,
              sentence("HTTP ", status_, ": the server says that the credential has expired"), where(),
              renew("get a new one")};
    return {problem_code::credential_expired, expired_since(status_, *expires, now_), where(),
            renew("get a new one")};
  }

  [[nodiscard]] problem rejected() const {
    bool const unclear = says("expired");
    return {problem_code::credential_rejected,
            sentence("HTTP ", status_, ": the server does not take this credential",
                     unclear ? "; it may have expired or been revoked"
                             : ": it is mistyped, revoked, or another server's"),
            where(), renew("check it, or get a new one")};
  }

  [[nodiscard]] problem scope() const {
    secret named;
    for (auto const one : asked_) add_scopes(named, one.parameter("scope").value_or(""));
    return {problem_code::scope_missing,
            named.empty()
                ? sentence("HTTP ", status_, ": the credential is good, but lacks a scope")
                : sentence("HTTP ", status_,
                           ": the credential is good, but lacks a scope; asked for: ", named.reveal()),
            of_->oauth() ? owned_text("oauth.scopes") : where(),
            of_->oauth() ? sentence("sign in anew: countersign login ", front_of(of_->name(), max_name_shown))
                         : renew("get one with that scope")};
  }
  void add_scopes(secret& to, std::string_view list) const {
    while (!list.empty()) {
      auto const end = list.find(' ');
      auto const one = list.substr(0, end);
      list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
      if (one.empty() || one.size() > max_scope_shown || to.size() + one.size() + 1 > max_scopes_shown ||
          !looks_like_scope(one) || repeats_any(one, *sent_))
        continue;
      to.append(to.empty() ? "" : " ").append(one);
    }
  }
  // Narrower than a scope-token of RFC 6749 §3.3: what is shown has no use for more.
  [[nodiscard]] static bool looks_like_scope(std::string_view text) noexcept {
    constexpr std::string_view bytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/-*";
    return text.find_first_not_of(bytes) == std::string_view::npos;
  }

  [[nodiscard]] problem tenant() const {
    if (tenant_.field.empty())
      return {problem_code::tenant_rejected,
              sentence("HTTP ", status_,
                       ": the server speaks of a tenant, workspace or organization, and the "
                       "entry names none"),
              owned_text("headers"),
              sentence("add the header that the server's manual names: \"X-Tenant-ID\": \"${TENANT_ID}\"")};
    return {problem_code::tenant_rejected,
            sentence("HTTP ", status_,
                     ": the credential is good, but not for this tenant, workspace or "
                     "organization"),
            tenant_.field,
            tenant_.variable.empty()
                ? sentence("check it, or use a credential that belongs to it")
                : sentence("check its id, then: export ", front_of(tenant_.variable, max_name_shown),
                           "=…; or use a credential that belongs to it")};
  }

  [[nodiscard]] problem permission() const {
    bool const other_tenant = !tenant_.field.empty() && !says_admin();
    return {problem_code::permission_missing,
            sentence("HTTP ", status_, ": the credential is good, but its owner may not do this",
                     says_admin() ? "; the server speaks of an administrator's approval" : ""),
            where(),
            sentence("give the credential's owner the permission; an administrator may have to approve it",
                     other_tenant ? "; check " : "",
                     other_tenant ? tenant_.variable.empty() ? tenant_.field.view() : tenant_.variable.view()
                                  : std::string_view(),
                     other_tenant ? " too" : "")};
  }

  server const* of_;
  fields const* sent_;
  int status_;
  wall_time now_;
  place_in_entry credential_, tenant_;
  challenges asked_;
  heard_words words_;
  error unanswered_;  // why a Digest challenge was not answered
};

}  // namespace countersign::inline v0::mcp::detail
