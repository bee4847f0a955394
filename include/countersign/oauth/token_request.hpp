#pragma once
// The request to a token endpoint (RFC 6749 §3.2): pure, from parameters to bytes.

#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/origin.hpp>
#include <countersign/text/percent.hpp>
#include <countersign/text/url.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// A form body, built pair by pair. Empty values are left out (RFC 6749 §3.2: sent without a value is as omitted).
class form {
public:
  form& add(std::string_view name, std::string_view value) noexcept {
    if (!value.empty()) append_form_field(body_, name, value);
    return *this;
  }
  [[nodiscard]] bool ok() const noexcept { return body_.ok(); }
  [[nodiscard]] secret take() && noexcept { return std::move(body_); }

private:
  secret body_;
};

/// Whether a URL may be given a secret at all: https, or http on loopback. errc::insecure, or bad_input for no URL.
/// @param what names the URL in the error: "token endpoint"
[[nodiscard]] inline result<void> check_endpoint(std::string_view what, std::string_view url) noexcept {
  auto const parts = parse_url(url);
  if (!parts) return parts.error().within("oauth: ", what, ": ");
  auto const where = origin_of(url);
  if (!where) return where.error().within("oauth: ", what, ": ");
  if (where->scheme() != "https" && where->scheme() != "http") return error{errc::bad_input, "oauth: ", what, ": ", where->view(), " is no https URL"};
  if (!where->encrypted() && !where->loopback()) return error{errc::insecure, "oauth: ", what, ": ", where->view(), " is plain http; secrets go there, so it must be https"};
  if (parts->has_userinfo) return error{errc::bad_input, "oauth: ", what, ": ", where->view(), " is written with a user in front of the host; give the client's id and secret instead"};
  if (parts->has_fragment) return error{errc::bad_input, "oauth: ", what, ": the URL has a fragment, which RFC 6749 §3.2 forbids"};
  return {};
}

/// Adds the client's authentication to `body`, or returns what goes into the Authorization field (empty: nothing).
/// In client_secret_basic both parts are form-encoded before they are joined (RFC 6749 §2.3.1).
[[nodiscard]] inline result<secret> authenticate_client(client_identity const& who, secret const& client_secret, form& body) {
  bool const as_basic = who.method == client_auth::basic || (who.method == client_auth::as_advertised && !client_secret.empty());
  if (!as_basic) {
    body.add("client_id", who.id);
    if (who.method == client_auth::post) body.add("client_secret", client_secret.reveal());
    return secret();
  }
  secret pair;
  append_form(pair, who.id);
  pair.push_back(':');
  append_form(pair, client_secret.reveal());
  secret field("Basic ");
  append_base64(field, pair.reveal());
  if (!pair.ok() || !field.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return field;
}

/// The POST to `endpoint` with the pairs that the grant has put into `body`.
[[nodiscard]] inline result<request> token_request(std::string_view endpoint, client_identity const& who, secret const& client_secret, form body) {
  if (!who.id.ok() || !client_secret.ok()) return error{errc::no_memory, "oauth: out of memory"};
  if (auto ok = check_endpoint("token endpoint", endpoint); !ok) return ok.error();
  if (who.id.empty()) return error{errc::bad_input, "oauth: the client has no id; set .client.id"};
  auto const authorization = authenticate_client(who, client_secret, body);
  if (!authorization) return authorization.error();
  request made("POST", endpoint, std::move(body).take());
  made.set("Content-Type", "application/x-www-form-urlencoded");
  made.set("Accept", "application/json");
  if (!authorization->empty()) made.set("Authorization", authorization->reveal());
  if (!made.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return made;
}

}  // namespace countersign::inline v0::oauth
