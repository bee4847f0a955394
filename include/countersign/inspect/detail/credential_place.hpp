#pragma once
// Which field and which variable of an entry hold its credential, and which its tenant.

#include <countersign/core/field.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/inspect/detail/header_roles.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/text/expand.hpp>

#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// Both empty where there is none.
struct place_in_entry {
  owned_text field;     // "headers.Authorization"
  owned_text variable;  // the first that stands there
};

[[nodiscard]] inline std::string_view first_variable(std::string_view text) noexcept {
  std::string_view found;
  for_each_variable(text, [&](std::string_view name, bool) {
    if (found.empty()) found = name;
  });
  return found;
}

[[nodiscard]] inline owned_text name_of_header(std::string_view header) noexcept {
  return owned_text(secret("headers.", front_of(header, max_name_shown)).reveal());
}

/// The text of a header as the config writes it.
[[nodiscard]] inline std::string_view template_of(server const& of, std::string_view header) noexcept {
  for (auto const [name, value] : of.headers().members())
    if (equal_without_case(name.string(), header)) return value.string();
  return {};
}

/// The program's where there is one: it writes over all else. Then Authorization, `auth`, a header that is
/// named like a credential, and any that chooses no tenant.
[[nodiscard]] inline place_in_entry credential_place(server const& of) noexcept {
  if (of.headers_command()) return {owned_text("headersHelper"), {}};
  json_value login;
  of.each_auth([&](json_value one) {
    if (!login) login = one;
  });
  std::string_view found, text;
  int best = 0;
  for (auto const [name, value] : of.headers().members()) {
    auto const role = role_of(name.string());
    int const rank = equal_without_case(name.string(), "Authorization") ? 4
                     : role == header_role::credential                  ? 2
                     : !is_public_header(name.string())                 ? 1
                                                                        : 0;
    if (rank <= best) continue;
    best = rank;
    found = name.string();
    text = value.string();
  }
  if (login && best < 4) {
    auto const secret_of = login["password"] ? login["password"] : login["key"];
    auto const field = login["password"]  ? std::string_view("auth.password")
                       : login["key"]     ? std::string_view("auth.key")
                       : login["keyFile"] ? std::string_view("auth.keyFile")
                                          : std::string_view("auth");
    return {owned_text(field), owned_text(first_variable(secret_of.string()))};
  }
  if (best == 0) return {};
  return {name_of_header(found), owned_text(first_variable(text))};
}

/// A header that is named like one, else a variable of the URL: one that is named like one, or stands in the
/// host.
[[nodiscard]] inline place_in_entry tenant_place(server const& of) noexcept {
  for (auto const [name, value] : of.headers().members())
    if (role_of(name.string()) == header_role::tenant)
      return {name_of_header(name.string()), owned_text(first_variable(value.string()))};
  std::string_view found;
  for_each_variable(of.url(), [&](std::string_view name, bool) {
    if (found.empty() || (!names_tenant(found) && names_tenant(name))) found = name;
  });
  if (found.empty()) return {};
  return {owned_text("url"), owned_text(found)};
}

}  // namespace countersign::inline v0::mcp::detail
