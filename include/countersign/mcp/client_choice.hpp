#pragma once
// As which client a sign-in presents itself (MCP authorization, "Client Registration Approaches"). A client
// belongs to one authorization server: none is shown to another.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/client_auth_choice.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/registration.hpp>
#include <countersign/oauth/server_metadata.hpp>
#include <countersign/oauth/text_list.hpp>
#include <countersign/store/login.hpp>
#include <countersign/text/origin.hpp>
#include <countersign/text/url.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// What there is to choose from. What is empty is not there.
struct client_settings {
  oauth::client_identity configured = {};  ///< always wins (`oauth.clientId`)
  owned_text configured_issuer = {};       ///< the only one that it is shown to, byte for byte
  bool has_key = false;                    ///< it can sign an assertion (private_key_jwt)
  owned_text metadata_url = {};  ///< a client ID metadata document: an https URL that is the id itself
  client_record earlier = {};    ///< of the login before, and the issuer that it belongs to
  owned_text earlier_issuer = {};
  oauth::client_description about =
      {};  ///< for a registration; where redirects go and how it authenticates is filled in
  secret initial_access_token = {};  ///< where a server lets only those register who have one
};

/// A record as what token requests take. The secret of a configured client is not in records: it is read
/// where it is configured.
[[nodiscard]] inline oauth::client_identity identity_of(client_record const& record,
                                                        oauth::client_identity const& configured = {}) {
  auto const method = oauth::client_auth_named(record.authentication);
  oauth::client_identity made{.id = record.id, .method = method.value_or(oauth::client_auth::as_advertised)};
  if (!record.secret.empty()) made.secret = record.secret;
  else if (record.id == configured.id) made.secret = configured.secret;
  made.certificate = configured.certificate;
  return made;
}

/// The other way, without the secret.
[[nodiscard]] inline client_record record_of(oauth::client_identity const& client) noexcept {
  return {.id = client.id, .authentication = oauth::name(client.method)};
}

/// An exchange: the client for one authorization server and one redirect URI. The order: the configured one;
/// the metadata document, where the server takes such; the one of the login before, if it is of this issuer,
/// has not expired and redirects go to the same place; a dynamic registration (RFC 7591). `authentication`
/// is always filled in.
///
/// errc::wrong_origin: the configured client is another server's; fatal: refused, or there is no way to
/// register; bad_input: a setting, or an answer that registers nobody; transient: may succeed later. A
/// registration whose answer was lost leaves a client at the server that nobody uses: it may be asked for
/// again.
class client_choice : public steps<client_choice, client_record> {
public:
  /// @param server what `discovery` found
  /// @param redirect_uri where the browser will come back to, port included; empty where nobody signs in
  client_choice(oauth::server_metadata const& server, std::string_view redirect_uri,
                client_settings const& settings, context const& outside)
      : server_(server), redirect_uri_(redirect_uri), settings_(settings) {
    begin(outside.now().wall);
  }

private:
  void begin(wall_time now) {
    if (!is_whole()) return give_up(error{errc::no_memory, "client: out of memory"});
    if (!settings_.configured.id.empty()) return take_configured();
    if (!settings_.metadata_url.empty() && server_.client_id_metadata_document_supported)
      return take_document();
    if (is_usable(settings_.earlier, now)) return done(std::move(settings_.earlier));
    register_anew();
  }

  // A copy that failed is empty, and what is empty is not there: no rule may be lost that way.
  [[nodiscard]] bool is_whole() const noexcept {
    auto const& s = settings_;
    return server_.issuer.ok() && server_.registration_endpoint.ok() && server_.named_by.ok() &&
           server_.token_endpoint_auth_methods_supported.ok() && redirect_uri_.ok() && s.configured.id.ok() &&
           s.configured_issuer.ok() && s.metadata_url.ok() && s.earlier_issuer.ok() && s.earlier.id.ok() &&
           s.earlier.secret.ok() && s.earlier.authentication.ok() && s.earlier.redirect_uri.ok();
  }

  void take_configured() {
    auto const& client = settings_.configured;
    auto const refused = [&](auto const&... why) {
      give_up(error{errc::wrong_origin, "client ", client.id.view(), ": ", why...});
    };
    auto const named = origin_of(server_.issuer);
    auto const shown = named ? named->view() : std::string_view("no URL");
    if (!settings_.configured_issuer.empty() && !(settings_.configured_issuer == server_.issuer))
      return refused("it is configured for another authorization server than the one found, of ", shown);
    // A server may change its metadata at will; what that must not do is have a secret sent to somebody new.
    if (settings_.configured_issuer.empty() && (client.secret.given() || oauth::shows_certificate(client)) &&
        settings_.earlier.id == client.id && !settings_.earlier_issuer.empty() &&
        !(settings_.earlier_issuer == server_.issuer))
      return refused(client.secret.given() ? "its secret" : "its certificate",
                     " belongs to the authorization server of the login before, and the one found is of ",
                     shown, "; if that is right, sign out first");
    auto const method = oauth::choose_client_auth(
        client.method, {client.secret.given(), settings_.has_key, oauth::shows_certificate(client)}, server_);
    if (!method) return give_up(method.error().within("client ", client.id.view(), ": "));
    done(record_of({.id = client.id, .method = *method}));
  }

  void take_document() {
    auto const& id = settings_.metadata_url;
    auto const url = parse_url(id);
    auto const where = origin_of(id);
    // draft-ietf-oauth-client-id-metadata-document §3
    if (!url || !where || where->scheme() != "https" || url->path.size() < 2 || url->has_userinfo ||
        url->has_fragment)
      return give_up(error{errc::bad_input, "client: the URL of a client ID metadata document is https, with "
                                            "a path and without user or fragment"});
    done(record_of({.id = id, .method = oauth::client_auth::none}));
  }

  [[nodiscard]] bool is_usable(client_record const& known, wall_time now) const noexcept {
    auto const method = oauth::client_auth_named(known.authentication);
    bool const secret_is_elsewhere =
        known.secret.empty() && (method == oauth::client_auth::basic || method == oauth::client_auth::post ||
                                 method == oauth::client_auth::client_secret_jwt);
    return !known.id.empty() && settings_.earlier_issuer == server_.issuer &&
           known.redirect_uri == redirect_uri_ && now < known.secret_expires && method.has_value() &&
           !secret_is_elsewhere && (!oauth::is_by_certificate(*method) || settings_.configured.certificate);
  }

  void register_anew() {
    if (server_.registration_endpoint.empty())
      return failed(error{errc::fatal,
                          "the authorization server registers no clients by itself; register one there and "
                          "set oauth.clientId"},
                    server_.issuer);
    auto& about = settings_.about;
    about.redirect_uris = {};
    if (!redirect_uri_.empty()) about.redirect_uris.add(redirect_uri_);
    auto const& methods = server_.token_endpoint_auth_methods_supported;
    auto asked = oauth::client_auth::as_advertised;
    // A program that users run keeps no secret (RFC 8252 §8.5): one is asked for only where the server
    // insists.
    for (auto const one : {oauth::client_auth::none, oauth::client_auth::basic, oauth::client_auth::post})
      if (methods.empty() || methods.contains(oauth::name(one))) {
        asked = one;
        break;
      }
    if (asked == oauth::client_auth::as_advertised)
      return failed(
          error{errc::fatal,
                "its token endpoint takes no client that registers by itself; register one there and "
                "set oauth.clientId"},
          server_.issuer);
    about.token_endpoint_auth_method = oauth::name(asked);
    about.tls_client_certificate_bound_access_tokens =
        settings_.configured.certificate && server_.tls_client_certificate_bound_access_tokens;
    auto made =
        oauth::registration_request(server_.registration_endpoint, about, settings_.initial_access_token);
    if (!made) return give_up(made.error().within("client: "));
    oauth::tell_who_named(*made, server_.named_by);
    send(std::move(*made), &client_choice::registered);
  }

  void registered() {
    if (answer() == nullptr && how_lost() == lost::refused)
      return failed(oauth::leads_inside("registration endpoint"), pending().url());
    if (answer() == nullptr)
      return failed(error{errc::transient, "the registration ",
                          how_lost() == lost::not_sent ? "could not be sent" : "was not answered",
                          "; try again later"},
                    pending().url());
    auto got = oauth::read_registration(std::move(*answer()));
    if (!got) return failed(got.error(), pending().url());
    auto const method = method_of(*got);
    if (!method) return failed(method.error(), pending().url());
    client_record made{.id = std::move(got->id),
                       .secret = std::move(got->client_secret),
                       .authentication = oauth::name(*method),
                       .redirect_uri = redirect_uri_};
    if (!made.secret.empty()) made.secret_expires = got->secret_expires;
    done(std::move(made));
  }
  // What the server chose; where it does not say, the best of what it lists and the answer bears out.
  [[nodiscard]] result<oauth::client_auth> method_of(oauth::registered_client const& got) const {
    if (got.method == oauth::client_auth::private_key_jwt)
      return error{errc::fatal,
                   "the server wants a client with a key; register one there and set oauth.clientId"};
    if (oauth::is_by_certificate(got.method))
      return error{errc::fatal,
                   "the server wants a client with a certificate; register one there and set oauth.clientId"};
    return oauth::choose_client_auth(got.method, {.secret = !got.client_secret.empty()}, server_);
  }

  void done(client_record made) {
    if (made.redirect_uri.empty()) made.redirect_uri = redirect_uri_;
    if (made.id.ok() && made.secret.ok() && made.authentication.ok() && made.redirect_uri.ok())
      finish(std::move(made));
    else give_up(error{errc::no_memory, "client: out of memory"});
  }
  void failed(error const& why, std::string_view url) {
    auto const where = origin_of(url);
    give_up(why.within("client: ", where ? where->view() : std::string_view("no URL"), ": "));
  }

  oauth::server_metadata server_;
  owned_text redirect_uri_;
  client_settings settings_;
};

}  // namespace countersign::inline v0::mcp
