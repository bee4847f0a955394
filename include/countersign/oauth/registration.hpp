#pragma once
// A client makes itself known to an authorization server (RFC 7591): pure, from a description to a request,
// from a response to an identity.

#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/detail/shown.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/text_list.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// The largest answer to a registration that is read, and the longest id that a server may give, in bytes.
inline constexpr std::size_t max_registration_response = 256 * 1024;
inline constexpr std::size_t max_client_id = 4096;

/// How a client describes itself (RFC 7591 §2). What is empty is left out.
struct client_description {
  text_list redirect_uris = {};
  text_list grant_types = {"authorization_code", "refresh_token"};
  text_list response_types = {"code"};
  owned_text token_endpoint_auth_method = "none";
  owned_text client_name = {};
  owned_text client_uri = {};
  owned_text application_type =
      "native";           ///< OpenID Connect Registration §2: "native" where redirects go to loopback
  owned_text scope = {};  ///< space-separated
  owned_text software_id = {};
  owned_text software_version = {};
  /// RFC 8705 §2.1.2: by which one of its names the certificate of a client with tls_client_auth is known; no more than one.
  owned_text tls_client_auth_subject_dn = {}, tls_client_auth_san_dns = {}, tls_client_auth_san_uri = {},
             tls_client_auth_san_ip = {}, tls_client_auth_san_email = {};
  bool tls_client_certificate_bound_access_tokens = false;  ///< §3.4: its tokens are bound to a certificate
};

/// A client as the server registered it.
struct registered_client {
  owned_text id = {};
  secret client_secret = {};                 ///< empty: a public client
  wall_time secret_expires = never_expires;  ///< then the client registers anew
  client_auth method =
      client_auth::as_advertised;         ///< what the server chose; it may differ from what was asked for
  secret registration_access_token = {};  ///< RFC 7592
  owned_text registration_client_uri = {};

  [[nodiscard]] client_identity identity() const {
    return {.id = id,
            .secret = client_secret.empty() ? secret_from() : secret_from(client_secret),
            .method = method};
  }
};

/// @param initial_access_token where a server lets only those register who have one; empty: none
[[nodiscard]] inline result<request> registration_request(std::string_view endpoint,
                                                          client_description const& about,
                                                          secret const& initial_access_token = {}) {
  if (auto ok = check_endpoint("registration endpoint", endpoint); !ok) return ok.error();
  secret body;
  json_writer json(body);
  bool ok = initial_access_token.ok();
  auto const text = [&](std::string_view name, owned_text const& value) {
    ok = ok && value.ok();
    if (!value.empty()) json.member(name, value.view());
  };
  auto const list = [&](std::string_view name, text_list const& values) {
    ok = ok && values.ok();
    if (values.empty()) return;
    json.name(name).open_array();
    values.each([&](std::string_view one) { json.value(one); });
    json.close();
  };
  json.open_object();
  list("redirect_uris", about.redirect_uris);
  list("grant_types", about.grant_types);
  // §2: left out, it would mean "code", which goes with no other grant.
  if (about.response_types.empty() && !about.grant_types.empty() &&
      !about.grant_types.contains("authorization_code"))
    json.name("response_types").open_array().close();
  list("response_types", about.response_types);
  text("token_endpoint_auth_method", about.token_endpoint_auth_method);
  text("client_name", about.client_name);
  text("client_uri", about.client_uri);
  text("application_type", about.application_type);
  text("scope", about.scope);
  text("software_id", about.software_id);
  text("software_version", about.software_version);
  struct {
    std::string_view name;
    owned_text const& value;
  } const subjects[] = {{"tls_client_auth_subject_dn", about.tls_client_auth_subject_dn},
                        {"tls_client_auth_san_dns", about.tls_client_auth_san_dns},
                        {"tls_client_auth_san_uri", about.tls_client_auth_san_uri},
                        {"tls_client_auth_san_ip", about.tls_client_auth_san_ip},
                        {"tls_client_auth_san_email", about.tls_client_auth_san_email}};
  int names = 0;
  for (auto const& [name, value] : subjects) {
    text(name, value);
    names += value.empty() ? 0 : 1;
  }
  if (names > 1)
    return error{
        errc::bad_input,
        "oauth: registration: a certificate is known by one name (RFC 8705 §2.1.2), and more are given"};
  if (about.tls_client_certificate_bound_access_tokens)
    json.member("tls_client_certificate_bound_access_tokens", true);
  json.close();
  if (auto const done = json.finish(); !done) return done.error().within("oauth: registration: ");
  request made("POST", endpoint, std::move(body));
  made.set("Content-Type", "application/json");
  made.set("Accept", "application/json");
  made.set("Accept-Encoding", "identity");
  if (!initial_access_token.empty()) {
    if (!is_b64token(initial_access_token.reveal()))
      return error{errc::bad_field,
                   "oauth: registration: the initial access token holds bytes that no token has"};
    secret const authorization("Bearer ", initial_access_token.reveal());
    ok = ok && authorization.ok();
    made.set("Authorization", authorization.reveal());
  }
  if (!ok || !made.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return made;
}

namespace detail {
inline error registration_error(int status, json_value root) noexcept {
  constexpr std::string_view what = "oauth: registration: the server answered ";
  auto const code = root["error"].string();
  if (status >= 300 && status < 400)
    return {errc::fatal, what, status, ", a redirect, which is not followed"};
  if (status == 408 || status == 429 || status >= 500)
    return {errc::transient, what, status, "; it may serve later"};
  auto const words = shown_words(root["error_description"].string());
  if (code.empty())
    return {errc::fatal, what, status,
            " without an OAuth error; it may not take registrations: configure a client id"};
  return {errc::fatal,
          what,
          status,
          ", ",
          shown_error_code(code),
          words.empty() ? "" : ": \"",
          words.reveal(),
          words.empty() ? "" : "\""};
}
}  // namespace detail

/// errc::fatal: refused, with the server's code and its words as far as they are safe to show; transient:
/// nothing is known; bad_input: an answer that registers nobody.
[[nodiscard]] inline result<registered_client> read_registration(response answer) {
  auto const nonsense = [](std::string_view what) {
    return error{errc::bad_input, "oauth: registration: the server's answer ", what};
  };
  if (!answer.ok()) return error{errc::no_memory, "oauth: out of memory"};
  if (answer.body.size() > max_registration_response)
    return error{errc::too_large, "oauth: registration: the answer has more than ", max_registration_response,
                 " bytes"};
  auto const status = answer.status();
  auto const parsed = json_document::parse(std::move(answer.body));
  if (!parsed && parsed.error().code() == errc::no_memory) return parsed.error().within("oauth: ");
  // RFC 7591 §3.2.1 wants 201; some servers say 200.
  if (status != 201 && status != 200)
    return detail::registration_error(status, parsed ? parsed->root() : json_value());
  if (!parsed) return parsed.error().within("oauth: registration: ");
  auto const root = parsed->root();
  if (!root.is_object()) return nonsense("is no JSON object");
  auto const id = root["client_id"].string();
  if (id.empty()) return nonsense("holds no client_id");
  if (id.size() > max_client_id)
    return error{errc::too_large, "oauth: registration: the client_id has more than ", max_client_id,
                 " bytes"};
  for (char const c : id)
    if (c < 0x20 || c > 0x7e) return nonsense("holds a client_id with bytes that none has (RFC 6749 A.1)");
  registered_client got;
  got.id = owned_text(id);
  got.client_secret.assign(root["client_secret"].string());
  got.registration_access_token.assign(root["registration_access_token"].string());
  got.registration_client_uri = owned_text(root["registration_client_uri"].string());
  if (auto const method = root["token_endpoint_auth_method"]; method.is_string()) {
    auto const known = client_auth_named(method.string());
    if (!known)
      return error{errc::fatal, "oauth: registration: the server chose a way to authenticate that is not "
                                "known here; configure a client id and secret"};
    got.method = *known;
  }
  // §3.2.1: seconds since 1970; 0: never
  if (auto const when = root["client_secret_expires_at"].integer(); when && *when > 0)
    got.secret_expires = wall_time{} + seconds(*when);
  bool const confidential = got.method == client_auth::basic || got.method == client_auth::post ||
                            got.method == client_auth::client_secret_jwt;
  if (confidential && got.client_secret.empty())
    return nonsense("says that the client has a secret, and holds none");
  if (!got.id.ok() || !got.client_secret.ok() || !got.registration_access_token.ok() ||
      !got.registration_client_uri.ok())
    return error{errc::no_memory, "oauth: out of memory"};
  return got;
}

}  // namespace countersign::inline v0::oauth
