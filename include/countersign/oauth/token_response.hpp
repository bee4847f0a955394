#pragma once
// What a token endpoint answers (RFC 6749 §5): pure, from a response to a token or an error.

#include <countersign/core/credential.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/detail/shown.hpp>
#include <countersign/text/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// The largest token response that is read, in bytes.
inline constexpr std::size_t max_token_response = 256 * 1024;
/// Lifetimes beyond it are taken as this: nobody relies on a token for longer, and sums stay far from overflow.
inline constexpr duration longest_lifetime = seconds(10LL * 366 * 24 * 3600);

/// A token with what came along.
struct token_response {
  token access = {};
  secret refresh_token = {};  ///< empty: none came, so one that is held stays good (RFC 6749 §6)
  secret scope = {};          ///< empty: as was asked for (RFC 6749 §5.1)
  wall_time expires = never_expires;
  owned_text issued_token_type = {};  ///< of a token exchange (RFC 8693 §2.2.1): a `token_type`; else empty
};

namespace detail {

// @param where "token endpoint", or another that answers alike
inline error read_token_error(int status, json_document const* document, std::string_view where = "token endpoint") noexcept {
  auto const code = document != nullptr ? (*document)["error"].string() : std::string_view();
  if (status >= 300 && status < 400) return {errc::fatal, "oauth: the ", where, " answered ", status, ", a redirect, which is not followed: secrets would go along; configure its final URL"};
  bool const later = status == 408 || status == 429 || status >= 500 || code == "temporarily_unavailable" || code == "server_error";
  if (later) return {errc::transient, "oauth: the ", where, " answered ", status, "; it may serve later"};
  if (status < 400 || code.empty()) return {errc::fatal, "oauth: the ", where, " answered ", status, " without an OAuth error; check its URL"};
  // RFC 6749 §5.2 knows 400 and 401 alone: from any other status, invalid_grant is no reason to drop what is held.
  bool const grant = code == "invalid_grant" && status <= 401;
  // Of the client alone: what was sent along is neither used nor void.
  bool const client = code == "invalid_client" && status <= 401;
  return {grant ? errc::rejected : client ? errc::unknown_client : errc::fatal, "oauth: the ", where, " answered ", status, ", ", shown_error_code(code),
          code == "invalid_client" ? "; check client id and secret" : code == "invalid_scope" ? "; check the scope that is asked for" : ""};
}

// Seconds, as a number or (as some servers have it) a string of digits. What is beyond a calendar is clamped.
inline std::optional<wall_time> read_expiry(json_value value, wall_time now) noexcept {
  if (!value || value.is_null()) return never_expires;
  std::int64_t count = 0;
  if (value.is_number()) {
    auto const whole = value.integer();
    auto const number = value.number();
    if (whole) count = *whole;
    else if (number.starts_with('-')) count = 0;
    else if (number.find_first_of(".eE") == std::string_view::npos) count = longest_lifetime.ms / 1000;  // more digits than 2⁶³ has
    else return std::nullopt;
  } else if (value.is_string()) {
    auto const digits = value.string();
    if (digits.empty()) return std::nullopt;
    for (char c : digits) {
      if (c < '0' || c > '9') return std::nullopt;
      if (count <= longest_lifetime.ms / 1000) count = count * 10 + (c - '0');
    }
  } else {
    return std::nullopt;
  }
  auto life = seconds(count < 0 ? 0 : count);
  if (life > longest_lifetime) life = longest_lifetime;
  return now + life;
}

}  // namespace detail

/// errc::rejected: the grant is void (invalid_grant); unknown_client: invalid_client; fatal: scope or URL are wrong;
/// transient: the server answered, and gave nothing (5xx, 429): whatever is held must be kept; unanswered: the same, and it
/// may have given something that can't be read (a 2xx with HTML, half an answer), so a refresh token that was sent may be
/// used up. No text of the server's is repeated but its error code.
/// @param now when the answer came: `expires_in` counts from then
[[nodiscard]] inline result<token_response> read_token_response(response answer, wall_time now) {
  bool const given = answer.status() >= 200 && answer.status() < 300;
  auto const nonsense = [&](std::string_view what) {
    return error{given ? errc::unanswered : errc::transient, "oauth: the token endpoint's answer ", what};
  };
  if (answer.body.size() > max_token_response) return nonsense("is too large");
  bool const success = answer.status() == 200;
  auto parsed = json_document::parse(std::move(answer.body));
  if (!parsed && parsed.error().code() == errc::no_memory) return parsed.error().within("oauth: ");
  if (!success) {
    auto const why = detail::read_token_error(answer.status(), parsed && parsed->root().is_object() ? &*parsed : nullptr);
    return given ? error{errc::unanswered, why.message()} : why;
  }
  if (!parsed) return nonsense("is no JSON");
  auto const root = parsed->root();
  if (!root.is_object()) return nonsense("is no JSON object");
  if (root["error"].is_string()) return error{errc::transient, "oauth: the token endpoint answered 200 with the error ", detail::shown_error_code(root["error"].string())};

  token_response got;
  got.access.value.assign(root["access_token"].string());
  got.access.type.assign(root["token_type"].string());
  got.refresh_token.assign(root["refresh_token"].string());
  got.scope.assign(root["scope"].string());
  got.issued_token_type = owned_text(root["issued_token_type"].string());
  if (!got.access.value.ok() || !got.access.type.ok() || !got.refresh_token.ok() || !got.scope.ok() || !got.issued_token_type.ok()) return error{errc::no_memory, "oauth: out of memory"};
  if (got.access.value.empty()) return nonsense("holds no access_token");
  if (got.access.type.empty()) return nonsense("holds no token_type");
  auto const expires = detail::read_expiry(root["expires_in"], now);
  if (!expires) return nonsense("holds an expires_in that is no number of seconds");
  got.expires = *expires;
  return got;
}

/// The same where a refresh token was sent, of which some servers say invalid_request once its grant is gone: errc::needs_person. It
/// may as well be a fault of somebody's, so what is held is no more void than by any other answer.
[[nodiscard]] inline result<token_response> read_refresh_response(response answer, wall_time now) {
  auto const status = answer.status();
  bool no_request = false;
  if (status == 400 && answer.body.size() <= max_token_response) {
    auto const parsed = json_document::parse(answer.body);
    no_request = parsed && (*parsed)["error"].string() == "invalid_request";
  }
  auto got = read_token_response(std::move(answer), now);
  if (got || !no_request || got.error().code() != errc::fatal) return got;
  return error{errc::needs_person, got.error().message()};
}

}  // namespace countersign::inline v0::oauth
