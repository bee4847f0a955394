#pragma once
// What `oauth` of a config's entry says about signing in.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/mcp/detail/field_texts.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/secret_names.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/mcp/sign_in_settings.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/source/file.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// Reads a private key in PEM; an adapter's (`adapt/openssl_key.hpp`).
using pem_reader = result<any_signer> (*)(std::string_view pem);

namespace detail {
[[nodiscard]] inline sign_in_grant grant_named(std::string_view name) noexcept {
  if (name == "client_credentials") return sign_in_grant::client_credentials;
  if (name == "device_code") return sign_in_grant::device_code;
  if (name == "jwt_bearer") return sign_in_grant::jwt_bearer;
  return sign_in_grant::authorization_code;
}

// The text of `oauth.NAME`, expanded; empty where it is not there.
[[nodiscard]] inline result<secret> oauth_text(server const& of, std::string_view name, context const& outside) {
  auto const value = of.oauth()[name];
  if (!value) return secret();
  auto text = expand_field(value.string(), outside);
  if (!text) return about_server(text.error(), of.name(), "oauth.", name);
  return text;
}
[[nodiscard]] inline result<any_signer> oauth_key(server const& of, std::string_view path, pem_reader read, context const& outside) {
  if (read == nullptr) return about_server(error(errc::fatal, "this program has nothing that reads keys"), of.name(), "oauth.privateKeyFile");
  auto const pem = file(path_of(of, path).reveal()).lines().acquire({}, outside);
  if (!pem) return about_server(pem.error(), of.name(), "oauth.privateKeyFile");
  auto key = read(pem->reveal());
  if (!key) return about_server(key.error(), of.name(), "oauth.privateKeyFile");
  return key;
}
}  // namespace detail

/// Whether the entry writes Authorization itself, or a program prints its headers: there is no place for a token.
[[nodiscard]] inline bool gives_authorization(server const& of) {
  bool own = bool(of.headers_command());
  for (auto const [name, value] : of.headers().members())
    own = own || equal_without_case(name.string(), "Authorization");
  of.each_auth([&](json_value one) {
    auto const type = one["type"].string();
    own = own || type == "basic" || type == "digest" || type == "sigv4" ||
          (type == "jwt" && (!one["header"] || equal_without_case(one["header"].string(), "Authorization")));
  });
  return own;
}

/// Whether a 401 of this server may lead to a sign-in: not where the entry gives a credential of its own, whose refusal is
/// reported as that. One that leaves Authorization free (X-API-Key, a signature) may stand beside a login; then `oauth` says so.
[[nodiscard]] inline bool may_sign_in(server const& of) {
  if (of.is_stdio() || gives_authorization(of)) return false;
  bool other = false;
  for (auto const [name, value] : of.headers().members()) other = other || names_secret(name.string());
  of.each_auth([&](json_value) { other = true; });
  return !other || of.oauth();
}

/// The settings of an entry, over those that the program has for all servers. Variables and the key file are read here.
/// Errors name server and field.
/// @param usual what the entry does not say
[[nodiscard]] inline result<sign_in_settings> sign_in_settings_of(server const& of, context const& outside, sign_in_settings usual = {}, pem_reader read_pem = nullptr) {
  auto const entry = of.oauth();
  if (!entry) return usual;
  server_environment variables(outside);
  if (auto ok = variables.load(of); !ok) return ok.error();
  auto const world = variables.outside();

  usual.grant = detail::grant_named(entry["grantType"].string());
  usual.callback_port = static_cast<std::uint16_t>(entry["callbackPort"].integer().value_or(0));
  if (entry["dpop"].boolean()) usual.binding = bound_to_key::always;
  usual.client.certificate = entry["certificate"].boolean();
  struct { std::string_view name; owned_text& to; } const texts[] = {{"clientId", usual.client.id},
                                                                     {"authServerMetadataUrl", usual.discovery.metadata_url},
                                                                     {"scopes", usual.scope},
                                                                     {"profile", usual.profile}};
  for (auto const& [name, to] : texts) {
    auto text = detail::oauth_text(of, name, world);
    if (!text) return text.error();
    if (!text->empty()) to = owned_text(std::move(*text));
  }
  auto client_secret = detail::oauth_text(of, "clientSecret", world);
  if (!client_secret) return client_secret.error();
  if (!client_secret->empty()) usual.client.secret = std::move(*client_secret);

  auto const key_path = detail::oauth_text(of, "privateKeyFile", world);
  if (!key_path) return key_path.error();
  if (!key_path->empty()) {
    auto key = detail::oauth_key(of, key_path->reveal(), read_pem, world);
    if (!key) return key.error();
    usual.client_key = std::move(*key);
    usual.client.method = oauth::client_auth::private_key_jwt;
  }
  auto const assertion = detail::oauth_text(of, "assertionFile", world);
  if (!assertion) return assertion.error();
  if (!assertion->empty()) usual.assertion = file(path_of(of, assertion->reveal()).reveal()).shared();  // platforms mount them for all to read
  if (!is_by_person(usual.grant) && usual.client.id.empty())
    return about_server(error(errc::bad_input, "grantType ", entry["grantType"].string(), " needs it"), of.name(), "oauth.clientId");
  if (usual.grant == sign_in_grant::jwt_bearer && assertion->empty())
    return about_server(error(errc::bad_input, "grantType jwt_bearer needs it"), of.name(), "oauth.assertionFile");
  return usual;
}

}  // namespace countersign::inline v0::mcp
