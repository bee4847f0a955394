#pragma once
// What a stored login is good for, and what an answer makes of it: pure.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/grants.hpp>
#include <countersign/oauth/refresh_wish.hpp>
#include <countersign/oauth/token_call.hpp>
#include <countersign/oauth/token_response.hpp>
#include <countersign/store/login.hpp>
#include <countersign/text/origin.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth::detail {

/// Where a login's refresh token goes, for messages: no user, no path, no query.
class login_origin {
public:
  explicit login_origin(login const& of) noexcept {
    if (auto const found = origin_of(of.token_endpoint)) origin_ = *found;
  }
  [[nodiscard]] std::string_view view() const noexcept {
    return origin_.empty() ? std::string_view("no token endpoint") : origin_.view();
  }

private:
  origin origin_;
};

/// How long whoever is locked out waits before it looks again.
[[nodiscard]] inline duration look_pause(context const& outside) noexcept {
  unsigned char random = 0;
  static_cast<void>(outside.entropy(&random, 1));
  return duration(shortest_look.ms + (longest_look.ms - shortest_look.ms) * random / 255);
}

[[nodiscard]] inline bool has_token_of(login const& record, owned_text const& mark) noexcept {
  return refresh_mark(record.access_token.reveal()) == mark;
}

/// Whether it holds another access token than the one that the caller has.
[[nodiscard]] inline bool is_other(login const& record, refresh_wish const& wish) noexcept {
  if (!wish.seen_token.empty()) return !has_token_of(record, wish.seen_token);
  // What is marked holds the token of before: of that a refusal may well have been.
  return record.generation > wish.seen_generation && !(wish.refused && record.is_pending());
}

/// Whether the token may go on a request at this time.
[[nodiscard]] inline bool is_valid(login const& record, refresh_wish const& wish, wall_time now) noexcept {
  return !record.access_token.empty() && now < record.expires && (!wish.refused || is_other(record, wish));
}

/// Whether it is what the caller wants: valid, and not about to end if the caller has it already.
[[nodiscard]] inline bool serves(login const& record, refresh_wish const& wish, wall_time now) noexcept {
  return is_valid(record, wish, now) && (is_other(record, wish) || now + wish.early < record.expires);
}

/// A login as it was when somebody began to wait for a newer one.
class baseline {
public:
  void set(login const& record) noexcept {
    if (generation_ != 0) return;
    generation_ = record.generation;
    token_ = refresh_mark(record.access_token.reveal());
  }
  /// Whether it was renewed since. It counts once, even if it was issued for no time at all or the clock was
  /// set: else each who waited would renew it again.
  [[nodiscard]] bool renewed(login const& record, refresh_wish const& wish) const noexcept {
    return generation_ != 0 && record.generation > generation_ && !record.access_token.empty() &&
           !has_token_of(record, token_) && (!wish.refused || is_other(record, wish));
  }

private:
  std::uint64_t generation_ = 0;
  owned_text token_;
};

/// Whether the client came from a registration of its own (RFC 7591), so that the record alone knows it.
[[nodiscard]] inline bool is_registered(login const& record, refresh_means const& means) noexcept {
  return means.client.id.empty() && !means.client_key && !record.client.id.view().starts_with("https://");
}

/// As whom the refresh token is sent: it was issued to one client (RFC 6749 §10.4).
[[nodiscard]] inline result<client_identity> client_of(login const& record, refresh_means const& means) {
  auto const method =
      client_auth_named(record.client.authentication)
          .value_or(means.client_key ? client_auth::private_key_jwt : client_auth::as_advertised);
  if (!means.client.id.empty()) {
    if (means.client.id != record.client.id)
      return error{errc::needs_person,
                   "login: sign in again: the refresh token was issued to another client than ",
                   means.client.id.view()};
    auto who = means.client;
    if (who.method == client_auth::as_advertised) who.method = method;
    return who;
  }
  if (record.client.id.empty())
    return error{errc::needs_person, "login: register again and sign in: the login names no client"};
  return client_identity{.id = record.client.id,
                         .secret =
                             record.client.secret.empty() ? secret_from() : secret_from(record.client.secret),
                         .method = method,
                         .certificate = means.client.certificate};
}

/// Where and as whom a login is renewed. errc::wrong_origin where a fresh discovery says otherwise than the
/// record: the refresh token goes to whom it is from.
[[nodiscard]] inline result<token_service> service_of(login const& record, refresh_means const& means) {
  bool const moved = (!means.issuer.empty() && means.issuer != record.issuer) ||
                     (!means.token_endpoint.empty() && means.token_endpoint != record.token_endpoint);
  if (moved)
    return error{errc::wrong_origin, "login: the server names another issuer or token endpoint than ",
                 login_origin(record).view(), ", which the login is from; nothing was sent: sign in again"};
  auto who = client_of(record, means);
  if (!who) return who.error();
  token_service made{.endpoint = record.token_endpoint,
                     .issuer = record.issuer,
                     .client = std::move(*who),
                     .client_key = means.client_key,
                     .named_by = means.named_by.empty() ? record.server : means.named_by};
  if (!record.dpop_key.empty()) {
    if (means.read_key == nullptr)
      return error{
          errc::fatal,
          "login: its tokens are bound to a key (DPoP), and nothing is given to read it: set .read_key"};
    auto key = means.read_key(record.dpop_key);
    if (!key) return key.error().within("login: its DPoP key: ");
    made.dpop_key = std::move(*key);
  }
  return made;
}

[[nodiscard]] inline form refresh_form(login const& record) noexcept {
  return refresh_token_grant{.refresh_token = record.refresh_token.reveal(), .resource = record.resource}
      .body();
}

/// Its refresh token is about to be sent; `again`: for the second time.
[[nodiscard]] inline login with_mark(login record, bool again) noexcept {
  auto const mark = refresh_mark(record.refresh_token.reveal());
  record.pending = again ? owned_text(secret(mark.view(), repeated_mark)) : mark;
  return record;
}

/// It was sent, and this came. What the answer leaves out goes on as it was (RFC 6749 §6, §5.1).
[[nodiscard]] inline login with_reply(login record, token_response got) noexcept {
  record.access_token = std::move(got.access.value);
  record.token_type = owned_text(std::move(got.access.type));
  record.expires = got.expires;
  if (!got.refresh_token.empty()) record.refresh_token = std::move(got.refresh_token);
  if (!got.scope.empty()) record.scope = owned_text(std::move(got.scope));
  record.pending = {};
  return record;
}

/// The grant is void. Client, issuer and scope stay for the next sign-in.
[[nodiscard]] inline login without_tokens(login record) noexcept {
  record.access_token = {};
  record.refresh_token = {};
  record.token_type = {};
  record.expires = never_expires;
  record.pending = {};
  return record;
}

/// The client is not known any more, and with it the refresh token that was issued to it.
[[nodiscard]] inline login without_client(login record) noexcept {
  record.client = {};
  record.refresh_token = {};
  record.pending = {};
  return record;
}

}  // namespace countersign::inline v0::oauth::detail
