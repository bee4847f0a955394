#pragma once
// What a client asks for goes to the server behind the browser's back, and the page shows but a name of it (RFC
// 9126): pure, from parameters to a form, from a response to that name, from the name to the page.

#include <countersign/core/error.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/authorization.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/token_request.hpp>
#include <countersign/oauth/token_response.hpp>
#include <countersign/text/json.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// The longest name of a request that is taken, in bytes.
inline constexpr std::size_t max_request_uri = 2048;

/// A request that the server keeps.
struct pushed_authorization {
  owned_text request_uri = {};
  duration lifetime = {};  ///< the page must be opened before; it is good for once
};

/// The form of what `authorization_url` would have in its query, but for the client. Errors as of it.
[[nodiscard]] inline result<form> pushed_body(authorization_asks const& asks) {
  if (auto ok = detail::check_asks(asks); !ok) return ok.error();
  form made;
  bool twice = false;
  detail::each_parameter(asks, twice, [&](std::string_view name, std::string_view value) {
    // It comes with the client's authentication (§2).
    if (name != "client_id") made.add(name, value);
  });
  if (twice)
    return error{errc::bad_input,
                 "oauth: a parameter of the authorization request would be there twice, in .more"};
  if (!made.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return made;
}

/// @param proof as of `token_request`
[[nodiscard]] inline result<request> pushed_authorization_request(std::string_view endpoint,
                                                                  client_identity const& who,
                                                                  secret const& proof,
                                                                  authorization_asks const& asks) {
  auto body = pushed_body(asks);
  if (!body) return body.error();
  return detail::client_request("pushed authorization request endpoint", endpoint, who, proof,
                                std::move(*body));
}

/// errc::fatal: refused; unknown_client; transient: may serve later; bad_input: no name of a request. No text of the
/// server's is repeated but its error code.
[[nodiscard]] inline result<pushed_authorization> read_pushed_authorization(response answer) {
  constexpr std::string_view place = "pushed authorization request endpoint";
  auto const nonsense = [&](auto const&... what) {
    return error{errc::bad_input, "oauth: the ", place, "'s answer ", what...};
  };
  if (answer.body.size() > max_token_response) return nonsense("is too large");
  auto const status = answer.status();
  auto const parsed = json_document::parse(std::move(answer.body));
  if (!parsed && parsed.error().code() == errc::no_memory) return parsed.error().within("oauth: ");
  bool const object = parsed && parsed->root().is_object();
  // §2.2 says 201; some servers say 200.
  bool const given = status == 201 || status == 200;
  if (!given) return detail::read_token_error(status, object ? &*parsed : nullptr, place);
  if (!object) return nonsense("is no JSON object");
  auto const root = parsed->root();
  pushed_authorization got;
  got.request_uri = owned_text(root["request_uri"].string());
  if (!got.request_uri.ok()) return error{errc::no_memory, "oauth: out of memory"};
  bool fits = !got.request_uri.empty() && got.request_uri.view().size() <= max_request_uri;
  for (char const c : got.request_uri.view()) fits = fits && c > 0x20 && c < 0x7f;
  if (!fits)
    return nonsense("holds no request_uri, or none of printable ASCII and up to ", max_request_uri, " bytes");
  auto const lifetime = root["expires_in"].integer();
  if (!lifetime || *lifetime < 1) return nonsense("holds no expires_in that is a number of seconds");
  got.lifetime = *lifetime > longest_lifetime.ms / 1000 ? longest_lifetime : seconds(*lifetime);
  return got;
}

/// The page that a person opens (§4). A query that the endpoint has is kept. Errors as of `authorization_url`.
[[nodiscard]] inline result<secret> pushed_page(std::string_view endpoint, std::string_view client_id,
                                                std::string_view request_uri) {
  named_value const all[] = {{"client_id", client_id}, {"request_uri", request_uri}};
  detail::page_writer page(endpoint);
  for (auto const& [name, value] : all) page.add(name, value);
  return std::move(page).finish();
}

}  // namespace countersign::inline v0::oauth
