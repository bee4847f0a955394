#pragma once
// Credentials within a URL, and URLs whose traffic anybody can read. The URL may hold variables.

#include <countersign/inspect/detail/secret_shapes.hpp>
#include <countersign/text/expand.hpp>
#include <countersign/text/origin.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// The authority of a URL; empty where "://" is missing.
[[nodiscard]] constexpr std::string_view authority_in(std::string_view url) noexcept {
  auto const mark = url.find("://");
  if (mark == url.npos) return {};
  auto const rest = tail(url, mark + 3);
  for (std::size_t at = 0, braces = 0; at < rest.size(); ++at) {
    // A default may hold any of them: "${HOST:-a/b}".
    if (rest[at] == '{') ++braces;
    else if (rest[at] == '}' && braces-- == 0) return rest.substr(0, at);
    else if (braces == 0 && std::string_view("/?#\"'`<>) \t\\,;").find(rest[at]) != rest.npos)
      return rest.substr(0, at);
  }
  return rest;
}

/// Calls `function(piece, name, is_variable)` for what is, or will hold, a credential in the URL: the
/// password before '@', a parameter whose name says so. Placeholders are for the caller to judge.
template <class Function>
constexpr void each_url_credential(std::string_view url, Function&& function) {
  auto const is_variable = [](std::string_view text) { return text.find("${") != text.npos; };
  auto const authority = authority_in(url);
  if (auto const at = authority.rfind('@'); at != authority.npos) {
    auto const user = authority.substr(0, at);
    auto const colon = user.find(':');
    auto const password = colon == user.npos ? std::string_view() : tail(user, colon + 1);
    if (!password.empty() && password.front() != '-') function(password, "password", is_variable(password));
    else if (colon == user.npos && find_shape(user)) function(user, "user", false);
  }
  auto const query = url.find('?');
  if (query == url.npos) return;
  for (auto rest = tail(url, query + 1); !rest.empty();) {
    auto const one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(one.size() < rest.size() ? one.size() + 1 : one.size());
    auto const equals = one.find('=');
    if (equals == one.npos) continue;
    auto const name = one.substr(0, equals);
    auto const value = one.substr(equals + 1, one.find_first_of("#\"'` )<>", equals + 1) - equals - 1);
    if (!value.empty() && names_secret(name)) function(value, name, is_variable(value));
  }
}

/// Whether the authority of a plain http or ws URL is this machine.
[[nodiscard]] constexpr bool is_local_authority(std::string_view authority) noexcept {
  if (auto const at = authority.rfind('@'); at != authority.npos) authority.remove_prefix(at + 1);
  if (authority.starts_with('[')) return is_loopback(authority.substr(0, authority.find(']') + 1));
  // A variable may stand for the port, for the host, or for a name below localhost.
  auto const colon = authority.rfind(':');
  if (colon != authority.npos && !tail(authority, colon).starts_with(":-"))
    authority = authority.substr(0, colon);
  else if (auto const port = authority.find(":${"); port != authority.npos)
    authority = authority.substr(0, port);
  if (authority.starts_with("${") && authority.ends_with('}')) {
    authority = authority.substr(2, authority.size() - 3);
    auto const otherwise = authority.find(":-");
    authority = otherwise == authority.npos ? std::string_view() : tail(authority, otherwise + 2);
  }
  constexpr std::string_view below = ".localhost";
  return is_loopback(authority) || ends_without_case(authority, below);
}

/// Where a URL without encryption that leaves this machine begins in a text; npos if there is none.
[[nodiscard]] constexpr std::size_t insecure_url_in(std::string_view text) noexcept {
  for (std::string_view const scheme : {"http://", "ws://"}) {
    for (auto at = find_without_case(text, scheme); at != text.npos;
         at = find_without_case(text, scheme, at + 1)) {
      if (at > 0 && is_alphanumeric(text[at - 1])) continue;
      auto const authority = authority_in(tail(text, at));
      if (authority.empty() || is_local_authority(authority)) continue;
      return at;
    }
  }
  return text.npos;
}

}  // namespace countersign::inline v0::mcp::detail
