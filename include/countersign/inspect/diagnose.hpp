#pragma once
// What a server's refusal means, and what to do about it.

#include <countersign/core/fields.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/time.hpp>
#include <countersign/inspect/detail/credential_place.hpp>
#include <countersign/inspect/detail/other_status.hpp>
#include <countersign/inspect/detail/refusal.hpp>
#include <countersign/inspect/problem.hpp>
#include <countersign/mcp/server.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace countersign::inline v0::mcp {

/// How much of an answer's body is looked at, in bytes.
inline constexpr std::size_t max_diagnosed_body = std::size_t{4} * 1024;

/// What is wrong, judged by what was sent and what was answered; nothing where the server took it (2xx).
/// Words of the
/// server decide, but are never repeated, except scopes in which nothing of what was sent is found.
/// @param sent the fields that the authenticator wrote
/// @param body of the answer, or its beginning
/// @param now to see whether a JWT has expired
[[nodiscard]] inline std::optional<problem> diagnose(server const& of, fields const& sent,
                                                     response_head const& head, std::string_view body,
                                                     wall_time now) {
  if (head.status() >= 200 && head.status() < 300) return std::nullopt;
  detail::refusal const about(of, sent, head, body.substr(0, max_diagnosed_body), now);
  switch (head.status()) {
  case 401:
    return about.unauthorized();
  case 403:
    return about.forbidden();
  default:
    return detail::other_status(head.status());
  }
}

/// The same where there was no answer, or where a request could not even be made.
/// @param why its text is shown: the caller has taken out what is private
[[nodiscard]] inline problem diagnose(server const& of, error const& why) {
  auto const field = of.is_stdio() ? std::string_view("command") : std::string_view("url");
  switch (why.code()) {
  case errc::insecure:
    return {problem_code::insecure_http, detail::sentence(why.message()), owned_text("url"),
            detail::sentence("write https:// in \"url\"")};
  case errc::not_sent:
  case errc::unanswered:
  case errc::transient:
    return {problem_code::unreachable, detail::sentence(why.message()), owned_text(field),
            detail::sentence(of.is_stdio() ? "run the command by hand and see what it says"
                                           : "check host and port of \"url\", the network, and a proxy")};
  case errc::bad_field:
    return {problem_code::wrong_format, detail::sentence(why.message()), detail::credential_place(of).field,
            detail::sentence("set the variable again, without what does not belong there")};
  default:
    return {problem_code::invalid_entry, detail::sentence(why.message()), owned_text(field),
            detail::sentence("mend the entry in the config")};
  }
}

}  // namespace countersign::inline v0::mcp
