#pragma once
// What an authorization server says of itself (RFC 8414, OpenID Connect Discovery 1.0): pure, from an issuer
// to URLs, from a response to metadata.

#include <countersign/core/error.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/oauth/detail/document.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/text_list.hpp>
#include <countersign/text/origin.hpp>
#include <countersign/text/url.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// An authorization server. What its document does not say is empty.
struct server_metadata {
  owned_text issuer = {};  ///< as the document has it: the identifier to keep and to compare, byte for byte
  owned_text authorization_endpoint = {};
  owned_text token_endpoint = {};
  owned_text registration_endpoint = {};
  owned_text revocation_endpoint = {};
  owned_text device_authorization_endpoint = {};
  owned_text pushed_authorization_request_endpoint = {};
  text_list scopes_supported = {};
  text_list response_types_supported = {};
  text_list grant_types_supported = {};
  text_list token_endpoint_auth_methods_supported = {};
  text_list token_endpoint_auth_signing_alg_values_supported = {};
  text_list code_challenge_methods_supported = {};
  text_list dpop_signing_alg_values_supported = {};
  bool authorization_response_iss_parameter_supported = false;  ///< RFC 9207
  bool client_id_metadata_document_supported = false;
  bool require_pushed_authorization_requests = false;       ///< RFC 9126
  bool tls_client_certificate_bound_access_tokens = false;  ///< RFC 8705 §3.3
  /// RFC 8705 §5: where a client with a certificate posts to (`for_certificates`). Empty: where everybody does.
  struct {
    owned_text token_endpoint = {}, revocation_endpoint = {}, device_authorization_endpoint = {},
               pushed_authorization_request_endpoint = {};
  } mtls_endpoint_aliases = {};
  /// No member of the document: whose word all of it is, as far as the user knows; requests to its endpoints say so
  /// (`tell_who_named`).
  owned_text named_by = {};
};

/// As a client sees it that shows a certificate (RFC 8705 §5): the aliases in place of the endpoints.
[[nodiscard]] inline server_metadata for_certificates(server_metadata of) noexcept {
  auto const take = [](owned_text& endpoint, owned_text& alias) {
    if (!alias.empty() || !alias.ok()) endpoint = alias;
  };
  auto& aliases = of.mtls_endpoint_aliases;
  take(of.token_endpoint, aliases.token_endpoint);
  take(of.revocation_endpoint, aliases.revocation_endpoint);
  take(of.device_authorization_endpoint, aliases.device_authorization_endpoint);
  take(of.pushed_authorization_request_endpoint, aliases.pushed_authorization_request_endpoint);
  return of;
}

/// Where the metadata of an issuer may be, in the order in which MCP has them asked. Each is tried until one
/// answers; errc::not_mine from `read_server_metadata` leads to the next.
[[nodiscard]] inline result<text_list> server_metadata_urls(std::string_view issuer) noexcept {
  if (auto ok = check_endpoint("issuer", issuer); !ok) return ok.error();
  auto const url = parse_url(issuer);
  // RFC 8414 §2
  if (url->has_query)
    return error{errc::bad_input, "oauth: issuer: the URL has a query, which RFC 8414 forbids"};
  auto path = url->path;
  if (path.ends_with('/')) path.remove_suffix(1);  // §3.1: removed before anything is inserted or appended
  auto const server = issuer.substr(0, issuer.size() - url->path.size());
  text_list all;
  auto const add = [&](auto const&... pieces) {
    secret const one{pieces...};
    if (!one.ok()) return false;
    all.add(one.reveal());
    return all.ok();
  };
  bool const ok = add(server, "/.well-known/oauth-authorization-server", path) &&
                  add(server, "/.well-known/openid-configuration", path) &&
                  (path.empty() || add(server, path, "/.well-known/openid-configuration"));
  if (!ok) return error{errc::no_memory, "oauth: out of memory"};
  return all;
}

[[nodiscard]] inline result<request> server_metadata_request(std::string_view url) {
  return document_request("authorization server metadata", url);
}

/// What is asked of metadata beyond its form.
struct metadata_rules {
  /// Takes the issuer also where it and the one expected differ in nothing but a final '/', and neither has
  /// a path: some servers say "https://id.example.com/" of "https://id.example.com".
  bool tolerate_slash = false;
  /// The URL that the user gave: no endpoint may be more private than it. Empty: than the issuer.
  std::string_view server = {};
  /// The document's own URL, where the user gave it and nobody named an issuer: any of that URL's origin is
  /// taken then, whatever was expected. One of another origin could speak for a server that never heard of
  /// it.
  std::string_view configured_at = {};
};

namespace detail {
constexpr bool same_issuer(std::string_view expected, std::string_view found, bool tolerate_slash) noexcept {
  if (expected == found) return true;
  auto const longer = expected.size() > found.size() ? expected : found,
             shorter = expected.size() > found.size() ? found : expected;
  if (!tolerate_slash || longer.size() != shorter.size() + 1 || !longer.starts_with(shorter) ||
      !longer.ends_with('/'))
    return false;
  auto const scheme = shorter.find("://");
  return scheme != std::string_view::npos && shorter.find('/', scheme + 3) == std::string_view::npos;
}
[[nodiscard]] inline bool takes_issuer(std::string_view expected, std::string_view found,
                                       metadata_rules const& rules) noexcept {
  if (rules.configured_at.empty()) return same_issuer(expected, found, rules.tolerate_slash);
  auto const own = origin_of(rules.configured_at);
  return own && own->owns(found);
}
}  // namespace detail

/// errc::not_mine: nothing here, ask the next candidate; transient: may be there later; wrong_origin: of
/// another issuer than `expected`, so that nothing in it counts (RFC 8414 §3.3: compared as strings);
/// insecure: an endpoint that nothing may be sent to; bad_input, too_large. No text of the server's is
/// repeated.
[[nodiscard]] inline result<server_metadata> read_server_metadata(response answer, std::string_view expected,
                                                                  metadata_rules const& rules = {}) {
  constexpr std::string_view what = "authorization server metadata";
  auto const document = detail::read_document(what, std::move(answer), max_metadata_size);
  if (!document) return document.error();
  auto const root = document->root();
  if (!detail::takes_issuer(expected, root["issuer"].string(), rules)) {
    auto const wanted = origin_of(rules.configured_at.empty() ? expected : rules.configured_at);
    return error{errc::wrong_origin,
                 "oauth: ",
                 what,
                 ": its issuer is not the one that was asked for, of ",
                 wanted ? wanted->view() : "no URL",
                 "; it is not used"};
  }
  server_metadata got;
  auto const named_by = rules.server.empty() ? expected : rules.server;
  auto const aliases = root["mtls_endpoint_aliases"];
  if (aliases && !aliases.is_null() && !aliases.is_object())
    return error{errc::bad_input, "oauth: ", what, ": mtls_endpoint_aliases is no object"};
  auto& alias = got.mtls_endpoint_aliases;
  auto const aliased =
      detail::member_reader(what, aliases, named_by)
          .url("token_endpoint", alias.token_endpoint)
          .url("revocation_endpoint", alias.revocation_endpoint)
          .url("device_authorization_endpoint", alias.device_authorization_endpoint)
          .url("pushed_authorization_request_endpoint", alias.pushed_authorization_request_endpoint)
          .done();
  if (!aliased) return aliased.error().within("mtls_endpoint_aliases: ");
  auto const ok =
      detail::member_reader(what, root, named_by)
          .url("issuer", got.issuer)
          .url("authorization_endpoint", got.authorization_endpoint)
          .url("token_endpoint", got.token_endpoint)
          .url("registration_endpoint", got.registration_endpoint)
          .url("revocation_endpoint", got.revocation_endpoint)
          .url("device_authorization_endpoint", got.device_authorization_endpoint)
          .url("pushed_authorization_request_endpoint", got.pushed_authorization_request_endpoint)
          .list("scopes_supported", got.scopes_supported)
          .list("response_types_supported", got.response_types_supported)
          .list("grant_types_supported", got.grant_types_supported)
          .list("token_endpoint_auth_methods_supported", got.token_endpoint_auth_methods_supported)
          .list("token_endpoint_auth_signing_alg_values_supported",
                got.token_endpoint_auth_signing_alg_values_supported)
          .list("code_challenge_methods_supported", got.code_challenge_methods_supported)
          .list("dpop_signing_alg_values_supported", got.dpop_signing_alg_values_supported)
          .flag("authorization_response_iss_parameter_supported",
                got.authorization_response_iss_parameter_supported)
          .flag("client_id_metadata_document_supported", got.client_id_metadata_document_supported)
          .flag("require_pushed_authorization_requests", got.require_pushed_authorization_requests)
          .flag("tls_client_certificate_bound_access_tokens", got.tls_client_certificate_bound_access_tokens)
          .done();
  if (!ok) return ok.error();
  got.named_by = named_by;
  if (!got.named_by.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return got;
}

}  // namespace countersign::inline v0::oauth
