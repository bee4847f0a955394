#pragma once
// From a config's entry to an authenticator that also signs in.

#include <countersign/auth/authenticator.hpp>
#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/as_logged_in.hpp>
#include <countersign/mcp/configured_login.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/login_renewal.hpp>
#include <countersign/mcp/open.hpp>
#include <countersign/mcp/sign_in.hpp>
#include <countersign/mcp/sign_in_entry.hpp>
#include <countersign/store/token_store.hpp>
#include <countersign/text/origin.hpp>

#include <optional>
#include <utility>

namespace countersign::inline v0::mcp {

namespace detail {
// A login belongs to the server whichever way its requests go: a WebSocket's handshake is an HTTP request to the same place.
[[nodiscard]] inline secret signed_in_at(server const& of, secret const& url) {
  if (of.type() != server_type::ws) return url;
  return secret("http", url.reveal().substr(sizeof "ws" - 1));
}
}  // namespace detail

/// Under what URL the logins of a server are kept, and it is looked up: the expanded one, with http or https also where the
/// server is reached by a WebSocket.
[[nodiscard]] inline result<secret> login_url(server const& of, context const& outside) {
  auto const url = expanded_url(of, outside);
  if (!url) return url.error();
  return detail::signed_in_at(of, *url);
}

/// What `open` gives with a store.
template <token_store Store>
using login_authenticator = authenticator<configured_login<Store>, as_logged_in, login_renewal, server_origin>;

/// The source of a server's logins alone, for a program's `login` and `logout`. The key in the store is its `login_url`.
/// @param settings of `sign_in_settings_of`
template <token_store Store>
[[nodiscard]] result<sign_in<Store>> open_sign_in(server const& of, Store& store, sign_in_settings settings, context const& outside) {
  auto const url = login_url(of, outside);
  if (!url) return url.error();
  return sign_in<Store>(url->reveal(), store, std::move(settings));
}

/// As `open`, and where the entry gives no Authorization of its own a 401 leads to a refresh or a sign-in. Over plain http
/// beyond loopback nobody is signed in to, unless the entry says "allowHttp".
/// @param store outlives the authenticator
/// @param settings of `sign_in_settings_of`
/// @param keys as of the other `open`
template <token_store Store>
[[nodiscard]] result<login_authenticator<Store>> open(server const& of, Store& store, sign_in_settings settings, context const& outside, config_owner owner = config_owner::project,
                                                              key_reader keys = nullptr) {
  if (auto ok = supported(of, beside_entry::login); !ok) return ok.error();
  as_configured format(of);
  if (auto ok = format.check(); !ok) return ok.error();
  auto const url = expanded_url(of, outside);
  if (!url) return url.error();
  configured entry(of, outside, owner, beside_entry::login, keys);
  auto const where = origin_of(url->reveal());
  bool const safe = of.allow_http() || (where && (where->encrypted() || where->loopback()));
  bool const signs_in = safe && may_sign_in(of);
  server_origin origin(of, *url, !entry.has_fields() && !signs_in);
  bool const bound = settings.binding == bound_to_key::always;
  std::optional<sign_in<Store>> login;
  if (signs_in) login.emplace(detail::signed_in_at(of, *url).reveal(), store, std::move(settings));
  return login_authenticator<Store>(configured_login<Store>(std::move(entry), std::move(login)), as_logged_in(std::move(format), bound),
                                    login_renewal(of), std::move(origin), outside);
}

}  // namespace countersign::inline v0::mcp
