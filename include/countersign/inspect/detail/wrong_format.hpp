#pragma once
// Slips in how a credential is written that can be seen without knowing it.

#include <countersign/core/field.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/time.hpp>
#include <countersign/inspect/detail/header_roles.hpp>
#include <countersign/inspect/detail/unverified_jwt.hpp>
#include <countersign/inspect/problem.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

[[nodiscard]] constexpr bool is_out_of_a_manual(std::string_view value) noexcept {
  constexpr std::string_view fronts[] = {"your-", "your_", "<", "...", "\xe2\x80\xa6", "changeme", "xxx"};
  for (auto const front : fronts)
    if (value.size() >= front.size() && equal_without_case(value.substr(0, front.size()), front)) return true;
  return equal_without_case(value, "token") || equal_without_case(value, "secret");
}

/// The name in "$NAME" behind a scheme or alone: the shell's way, not the config's. Only where nothing else
/// stands there,
/// since a '$' may be part of a password.
[[nodiscard]] constexpr std::string_view bare_variable(std::string_view text) noexcept {
  auto const name = behind_scheme(text);
  if (name.size() < 2 || name.size() > 64 || name[0] != '$') return {};
  for (std::size_t at = 1; at < name.size(); ++at) {
    char const c = name[at];
    bool const letter = (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (at == 1 || c < '0' || c > '9')) return {};
  }
  return name.substr(1);
}

/// What is wrong with the value of a header that holds a credential, whatever the server is. `where` is
/// left to the
/// caller.
/// @param text as the config writes it, @param value as it is sent
[[nodiscard]] inline std::optional<problem> wrong_value(std::string_view text, std::string_view value) {
  auto const make = [](auto const& message, auto const& fix, bool certain = false) {
    return problem{problem_code::wrong_format, owned_text(message), {}, owned_text(fix), certain};
  };
  auto const variable = bare_variable(text);
  if (!variable.empty())
    return make(sentence("$", variable, " is sent as it stands: in a config a variable needs braces"),
                sentence("write ${", variable, "}"));
  auto const blank = value.find(' ');
  auto const scheme = value.substr(0, blank);
  auto const rest =
      known_scheme(scheme).empty() || blank == std::string_view::npos ? value : value.substr(blank + 1);
  for (char const quote : {'"', '\''})
    if (rest.size() > 1 && rest.front() == quote && rest.back() == quote)
      return make("the credential stands in quotes, which are sent too",
                  "set the variable without the quotes");
  if (is_out_of_a_manual(rest))
    return make("the credential is a placeholder out of a manual", "put the real one in its place");
  return std::nullopt;
}

/// The same for Authorization, which begins with a scheme.
[[nodiscard]] inline std::optional<problem> wrong_format(std::string_view text, std::string_view value) {
  auto const make = [](std::string_view message, std::string_view fix, bool certain = false) {
    return problem{problem_code::wrong_format, owned_text(message), {}, owned_text(fix), certain};
  };
  if (auto wrong = wrong_value(text, value)) return wrong;
  auto const blank = value.find(' ');
  if (blank == std::string_view::npos) {
    if (!known_scheme(value).empty())
      return make("only a scheme stands in Authorization, and no credential behind it",
                  "write \"Authorization\": \"Bearer ${API_TOKEN}\"", true);
    return make("no scheme stands before the credential in Authorization",
                "write \"Bearer \" before it: \"Authorization\": \"Bearer ${API_TOKEN}\"");
  }
  auto const scheme = value.substr(0, blank);
  if (scheme.ends_with(':'))
    return make("a colon stands behind the scheme", "write \"Authorization\": \"Bearer ${API_TOKEN}\"");
  auto const rest = value.substr(blank + 1);
  if (auto const again = rest.find(' ');
      again != std::string_view::npos && equal_without_case(scheme, rest.substr(0, again)))
    return make("the scheme stands twice: in the config and in the variable",
                "set the variable to the token alone, without the scheme", true);
  return std::nullopt;
}

/// "HTTP 401: the credential is a JWT that expired 3 hours ago".
[[nodiscard]] inline owned_text expired_since(int status, wall_time expired, wall_time now) {
  constexpr std::int64_t minute = 60'000, hour = 60 * minute, day = 24 * hour;
  auto const ago = now.ms - expired.ms;
  auto const unit = ago < 2 * hour ? minute : ago < 2 * day ? hour : day;
  auto const text = sentence("the credential is a JWT that expired ", ago / unit,
                             unit == minute ? " minutes ago"
                             : unit == hour ? " hours ago"
                                            : " days ago");
  return status == 0 ? text : sentence("HTTP ", status, ": ", text.view());
}

}  // namespace countersign::inline v0::mcp::detail
