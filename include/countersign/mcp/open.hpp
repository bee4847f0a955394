#pragma once
// From a config's entry to an authenticator.

#include <countersign/auth/authenticator.hpp>
#include <countersign/auth/only.hpp>
#include <countersign/core/context.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/result.hpp>
#include <countersign/mcp/as_configured.hpp>
#include <countersign/mcp/configured.hpp>
#include <countersign/mcp/configured_renewal.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/server.hpp>

#include <concepts>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// The origin of one server of a config, as `only` has it. Where the URL has variables, messages show
/// the URL as the config writes it: what the variables hold is nobody else's business.
class server_origin {
public:
  /// @param url expanded
  /// @param bare no credential is sent, so plain http harms none
  server_origin(server const& of, secret const& url, bool bare) noexcept
      : only_(of.allow_http() || bare ? only{url.reveal()}.allow_http() : only{url.reveal()}),
        name_(of.name()), shown_(names_variable(of.url()) ? of.url() : only_.shown()) {}

  template <request_view V>
  [[nodiscard]] result<void> allows(V const& view) const noexcept {
    auto const ok = only_.allows(view);
    if (ok) return ok;
    auto const shown = front_of(shown_, 100);
    switch (ok.error().code()) {
    case errc::insecure:
      return about_server(error(errc::insecure, shown,
                                        " would carry the credential in the clear; use https, or "
                                        "\"allowHttp\": true if another layer protects it"),
                                  name_, "url");
    case errc::wrong_origin:
      return about_server(error(errc::wrong_origin, "the request goes to another origin than ", shown,
                                        ", which alone this credential is for"),
                                  name_, "url");
    default:
      return about_server(ok.error(), name_, "url");
    }
  }
  [[nodiscard]] std::string_view shown() const noexcept { return shown_; }

private:
  only<1> only_;
  owned_text name_, shown_;
};

/// What `open` gives.
using server_authenticator = authenticator<configured, as_configured, configured_renewal, server_origin>;

/// As `open`, of what the entry configures alone: a login that it asks for is left out, so this is for who looks at entries,
/// not for who sends.
// A template, and of the source's type too, so that including this costs little: whoever opens a server pays for what it is
// composed of.
template <std::same_as<server> Server, std::same_as<configured> Source = configured>
[[nodiscard]] result<authenticator<Source, as_configured, configured_renewal, server_origin>>
open_configured(Server const& of, context const& outside = system_context, config_owner owner = config_owner::project,
                key_reader keys = nullptr) {
  if (auto ok = supported(of, beside_entry::login); !ok) return ok.error();
  as_configured format(of);
  if (auto ok = format.check(); !ok) return ok.error();
  auto const url = expanded_url(of, outside);
  if (!url) return url.error();
  Source source(of, outside, owner, beside_entry::login, keys);
  server_origin origin(of, *url, !source.has_fields());
  return authenticator<Source, as_configured, configured_renewal, server_origin>(
      std::move(source), std::move(format), configured_renewal(of), std::move(origin), outside);
}

/// Composes the authenticator of an http, sse or ws server. The URL is expanded first, and the
/// credential is bound to the origin that comes of it. Fails where the URL can't be had, or where the
/// entry asks for what this version can't do, or for a login, which needs a store (`open_login.hpp`); a credential
/// that can't be had is told by `authorize`. The config may end before the authenticator.
/// @param owner decides how much of the environment a `headersHelper` is given
/// @param keys reads private keys that an entry names, such as `openssl_key_reader`
template <std::same_as<server> Server, std::same_as<configured> Source = configured>
[[nodiscard]] result<authenticator<Source, as_configured, configured_renewal, server_origin>>
open(Server const& of, context const& outside = system_context, config_owner owner = config_owner::project,
     key_reader keys = nullptr) {
  if (auto ok = supported(of); !ok) return ok.error();
  return open_configured<Server, Source>(of, outside, owner, keys);
}

}  // namespace countersign::inline v0::mcp
