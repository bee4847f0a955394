#pragma once
// A code that somebody types on another device (RFC 8628): pure, from what is asked for to a request, from a
// response to what is shown.

#include <countersign/core/error.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/token_request.hpp>
#include <countersign/oauth/token_response.hpp>
#include <countersign/text/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// The longest codes that are taken, in bytes: one is sent with every poll, the other is typed by a person.
inline constexpr std::size_t max_device_code = 4096;
inline constexpr std::size_t max_user_code = 64;
/// How often is asked where the server does not say (§3.2), and how seldom where it says too much.
inline constexpr duration usual_device_interval = seconds(5), longest_device_interval = seconds(300);
/// Codes are taken as good for no longer.
inline constexpr duration longest_device_lifetime = seconds(24 * 3600);

/// What is shown to a person, and what the client asks with meanwhile.
struct device_authorization {
  secret device_code = {};
  secret user_code = {};
  owned_text verification_uri = {};
  secret verification_uri_complete = {};  ///< with the code in it; empty: there is none
  duration lifetime = {};                 ///< of both codes
  duration interval = usual_device_interval;
};

/// What is asked for (§3.1); `token_request` names it again, as far as `device_code_grant` has it.
struct device_asks {
  std::string_view scope = {};     ///< space-separated
  std::string_view resource = {};  ///< RFC 8707; verbatim

  [[nodiscard]] form body() const noexcept {
    form made;
    made.add("scope", scope).add("resource", resource);
    return made;
  }
};

/// @param proof as of `token_request`
[[nodiscard]] inline result<request> device_authorization_request(std::string_view endpoint,
                                                                  client_identity const& who,
                                                                  secret const& proof,
                                                                  device_asks const& asks) {
  return detail::client_request("device authorization endpoint", endpoint, who, proof, asks.body());
}

namespace detail {
// A person reads it on a terminal: printable ASCII, so that nothing runs backwards or looks like another.
[[nodiscard]] constexpr bool is_printable(std::string_view text, char from) noexcept {
  for (char const c : text)
    if (c < from || c > 0x7e) return false;
  return true;
}
[[nodiscard]] inline result<void> check_verification(std::string_view url,
                                                     std::string_view named_by) noexcept {
  if (auto ok = check_named("verification page", url, named_by); !ok) return ok;
  if (!is_printable(url, 0x21))
    return error{errc::bad_input, "oauth: verification page: its URL holds bytes beyond printable ASCII"};
  return {};
}
}  // namespace detail

/// errc::fatal: refused, or no OAuth error came; unknown_client; transient: may serve later; bad_input: no answer that
/// can be shown; insecure: a page that is neither https nor on loopback, or within a network that the server is not in.
/// No text of the server's is repeated but its error code.
/// @param named_by as of `check_named`
[[nodiscard]] inline result<device_authorization> read_device_authorization(response answer,
                                                                            std::string_view named_by = {}) {
  constexpr std::string_view place = "device authorization endpoint";
  auto const nonsense = [&](auto const&... what) {
    return error{errc::bad_input, "oauth: the ", place, "'s answer ", what...};
  };
  if (answer.body.size() > max_token_response) return nonsense("is too large");
  auto const status = answer.status();
  auto const parsed = json_document::parse(std::move(answer.body));
  if (!parsed && parsed.error().code() == errc::no_memory) return parsed.error().within("oauth: ");
  bool const object = parsed && parsed->root().is_object();
  if (status != 200) return detail::read_token_error(status, object ? &*parsed : nullptr, place);
  if (!object) return nonsense("is no JSON object");
  auto const root = parsed->root();
  if (auto const code = root["error"]; code.is_string())
    return error{errc::fatal, "oauth: the ", place, " answered 200 with the error ",
                 detail::shown_error_code(code.string())};

  device_authorization got;
  got.device_code.assign(root["device_code"].string());
  got.user_code.assign(root["user_code"].string());
  // Some servers kept the name that the drafts had.
  auto const page = root[root["verification_uri"] ? "verification_uri" : "verification_url"].string();
  got.verification_uri = owned_text(page);
  got.verification_uri_complete.assign(root["verification_uri_complete"].string());
  if (!got.device_code.ok() || !got.user_code.ok() || !got.verification_uri.ok() ||
      !got.verification_uri_complete.ok())
    return error{errc::no_memory, "oauth: out of memory"};

  auto const device_code = got.device_code.reveal(), user_code = got.user_code.reveal();
  if (device_code.empty() || device_code.size() > max_device_code || !detail::is_printable(device_code, 0x20))
    return nonsense("holds no device_code, or none of printable ASCII and up to ", max_device_code, " bytes");
  if (user_code.empty() || user_code.size() > max_user_code || !detail::is_printable(user_code, 0x20))
    return nonsense("holds no user_code that can be shown: printable ASCII, up to ", max_user_code, " bytes");
  if (auto ok = detail::check_verification(page, named_by); !ok) return ok.error();
  if (auto const whole = got.verification_uri_complete.reveal(); !whole.empty())
    if (auto ok = detail::check_verification(whole, named_by); !ok) return ok.error();

  // A number of seconds, from 1; §3.2 wants it.
  auto const lifetime = root["expires_in"].integer();
  if (!lifetime || *lifetime < 1) return nonsense("holds no expires_in that is a number of seconds");
  got.lifetime = *lifetime > longest_device_lifetime.ms / 1000 ? longest_device_lifetime : seconds(*lifetime);
  if (auto const said = root["interval"]; said && !said.is_null()) {
    auto const interval = said.integer();
    if (!interval || *interval < 0) return nonsense("holds an interval that is no number of seconds");
    // 0 would be a flood.
    if (*interval > 0)
      got.interval =
          *interval > longest_device_interval.ms / 1000 ? longest_device_interval : seconds(*interval);
  }
  return got;
}

}  // namespace countersign::inline v0::oauth
