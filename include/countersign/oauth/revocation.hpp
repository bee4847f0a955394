#pragma once
// A token is handed back (RFC 7009), so that signing out is more than forgetting.

#include <countersign/core/error.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/token_request.hpp>
#include <countersign/oauth/token_response.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/retry_after.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// @param proof as of `token_request`
/// @param hint "refresh_token" or "access_token"; empty: the server finds out
[[nodiscard]] inline result<request> revocation_request(std::string_view endpoint, client_identity const& who,
                                                        secret const& proof, secret const& token,
                                                        std::string_view hint = {}) {
  if (!token.ok()) return error{errc::no_memory, "oauth: out of memory"};
  if (token.empty()) return error{errc::bad_input, "oauth: revocation: there is no token to revoke"};
  form body;
  body.add("token", token.reveal()).add("token_type_hint", hint);
  return detail::client_request("revocation endpoint", endpoint, who, proof, std::move(body));
}

/// Success also where the server did not know the token (§2.2): it is good for nothing any more.
/// errc::transient: it is still good, try again; the text says when, as far as the server did. fatal: it
/// stays good until it expires.
[[nodiscard]] inline result<void> read_revocation(response answer, wall_time now) {
  auto const status = answer.status();
  if (status == 200) return {};
  if (status == 503 || status == 429)
    if (auto const wait = retry_after(answer, now))
      return error{errc::transient,
                   "oauth: the revocation endpoint answered ",
                   status,
                   "; it asks to be tried again in ",
                   (wait->ms + 999) / 1000,
                   " s"};
  bool const readable = answer.body.size() <= max_token_response;
  auto const parsed = readable ? json_document::parse(std::move(answer.body))
                               : result<json_document>(error{errc::too_large, ""});
  auto const* const document = parsed && parsed->root().is_object() ? &*parsed : nullptr;
  if (document != nullptr && status >= 400 && status < 500 &&
      (*document)["error"].string() == "unsupported_token_type")
    return error{errc::fatal, "oauth: the revocation endpoint answered ", status,
                 ", unsupported_token_type; the token stays good until it expires"};
  return detail::read_token_error(status, document, "revocation endpoint");
}

}  // namespace countersign::inline v0::oauth
