#pragma once
// The request to a token endpoint (RFC 6749 §3.2): pure, from parameters to bytes.

#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/percent.hpp>

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

/// Adds the client's authentication to `body`, or returns what goes into the Authorization field (empty: nothing).
/// In client_secret_basic both parts are form-encoded before they are joined (RFC 6749 §2.3.1).
/// @param proof the client's secret; for private_key_jwt and client_secret_jwt the assertion (`client_assertion`)
[[nodiscard]] inline result<secret> authenticate_client(client_identity const& who, secret const& proof, form& body) {
  bool const as_basic = who.method == client_auth::basic || (who.method == client_auth::as_advertised && !proof.empty());
  if (!as_basic) {
    body.add("client_id", who.id);
    if (who.method == client_auth::post) body.add("client_secret", proof.reveal());
    if (who.method == client_auth::private_key_jwt || who.method == client_auth::client_secret_jwt) {
      if (proof.empty())
        return error{errc::bad_input,  "oauth client ",
                     who.id.view(),    ": ",
                     name(who.method), " needs an assertion; make one with client_assertion"};
      body.add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer").add("client_assertion", proof.reveal());
    }
    return secret();
  }
  secret pair;
  append_form(pair, who.id);
  pair.push_back(':');
  append_form(pair, proof.reveal());
  secret field("Basic ");
  append_base64(field, pair.reveal());
  if (!pair.ok() || !field.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return field;
}

namespace detail {
// The POST of a form by a client that says who it is.
[[nodiscard]] inline result<request> client_request(std::string_view what, std::string_view endpoint, client_identity const& who, secret const& proof, form body) {
  if (!who.id.ok() || !proof.ok()) return error{errc::no_memory, "oauth: out of memory"};
  if (auto ok = check_endpoint(what, endpoint); !ok) return ok.error();
  if (who.id.empty()) return error{errc::bad_input, "oauth: the client has no id; set .client.id"};
  auto const authorization = authenticate_client(who, proof, body);
  if (!authorization) return authorization.error();
  request made("POST", endpoint, std::move(body).take());
  made.set("Content-Type", "application/x-www-form-urlencoded");
  made.set("Accept", "application/json");
  made.with_certificate = shows_certificate(who);
  if (!authorization->empty()) made.set("Authorization", authorization->reveal());
  if (!made.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return made;
}
}  // namespace detail

/// The POST to `endpoint` with the pairs of a grant (`grants.hpp`).
/// @param proof as of `authenticate_client`
[[nodiscard]] inline result<request> token_request(std::string_view endpoint, client_identity const& who, secret const& proof, form body) {
  return detail::client_request("token endpoint", endpoint, who, proof, std::move(body));
}

}  // namespace countersign::inline v0::oauth
