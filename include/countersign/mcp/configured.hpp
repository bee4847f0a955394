#pragma once
// The headers that a config gives a server.

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/mcp/detail/templates.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/text/base64.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// Whether this version can do all that a server's entry asks for. errc::fatal names the key that it
/// can't do yet: leaving a credential out silently would look like a refusal by the server.
[[nodiscard]] inline result<void> supported(server const& of) {
  std::string_view missing;
  secret said;
  for (std::string_view key : {"headersHelper", "oauth", "tls"})
    if (missing.empty() && of.entry()[key]) missing = key;
  of.each_auth([&](json_value one) {
    if (!missing.empty() || one["type"].string() == "basic") return;
    said.append("auth type ").append(one["type"].string());
    missing = said.reveal();
  });
  if (missing.empty()) return {};
  return detail::about_server(error(errc::fatal, "not supported by this version"), of.name(), missing);
}

/// A source: `headers` with their variables expanded, and what `auth` adds. Reads the environment when
/// it is asked, which an authenticator does once. An unset variable is errc::not_mine and named with
/// field and server; the template itself is never sent. Keeps a copy of what it needs, so the config
/// may end before it.
class configured {
public:
  using credential = header_list;

  explicit configured(server const& from) noexcept : name_(from.name()), usable_(supported(from)) {
    for (auto const [name, value] : from.headers().members())
      templates_.append(name.string(), value.string());
    from.each_auth([&](json_value one) {
      if (one["type"].string() == "basic")
        login_ = basic_login{secret(one["user"].string()), secret(one["password"].string())};
    });
  }

  /// Whether it would write anything at all.
  [[nodiscard]] bool has_fields() const noexcept { return !templates_.empty() || login_; }

  [[nodiscard]] result<header_list> acquire(occasion const&, context const& outside) const {
    if (!usable_) return usable_.error();
    if (!templates_.ok() || !name_.ok()) return error(errc::no_memory, "configured: out of memory");
    header_list made;
    result<void> whole;
    templates_.each([&](std::string_view name, std::string_view value) {
      if (whole)
        if (auto ok = add(made, name, value, outside); !ok)
          whole = detail::about_server(ok.error(), name_, "headers.",
                                       detail::front_of(name, detail::max_name_shown));
    });
    if (!whole) return whole.error();
    if (auto ok = add_login(made, outside); !ok) return ok.error();
    if (!made.ok()) return error(errc::no_memory, "configured: out of memory");
    return made;
  }

private:
  // Sent as it is, it would be a credential that nobody has.
  static error stray_mark() noexcept {
    return {errc::bad_input, "\"${\" stands here, but no variable; write ${NAME} or ${NAME:-default}"};
  }

  static result<void> add(header_list& to, std::string_view name, std::string_view value,
                          context const& outside) {
    if (detail::has_stray_mark(value)) return stray_mark();
    auto const text = detail::expand_strictly(value, outside);
    if (!text) return text.error();
    if (text->size() > max_field_value)
      return error(errc::too_large, "longer than ", max_field_value, " bytes once expanded");
    if (equal_without_case(name, "Authorization"))
      if (auto ok = check_authorization(text->reveal(), outside); !ok) return ok;
    if (!is_field_value(text->reveal()))
      return error(errc::bad_field, "the value holds a control byte, or begins or ends with a blank");
    to.append(name, text->reveal());
    return {};
  }

  // What the formatters of these schemes would refuse to write is refused here too.
  static result<void> check_authorization(std::string_view value, context const& outside) {
    auto const blank = value.find(' ');
    auto const scheme = value.substr(0, blank),
               rest = blank == std::string_view::npos ? std::string_view() : value.substr(blank + 1);
    if (equal_without_case(scheme, "Bearer")) {
      draft unused;
      auto const ok = bearer{}.format(secret(rest), blank_request(), unused, moment(outside));
      return ok ? result<void>() : result<void>(ok.error());
    }
    if (equal_without_case(scheme, "Basic")) {
      auto const login = decode_base64(rest);
      if (!login || login->reveal().find(':') == std::string_view::npos)
        return error(errc::bad_input, "Basic is followed by the base64 of user:password; \"auth\": "
                                      "{\"type\": \"basic\", …} makes it of the two");
    }
    return {};
  }

  result<void> fill(secret& to, secret const& from, std::string_view field, context const& outside) const {
    if (detail::has_stray_mark(from.reveal())) return detail::about_server(stray_mark(), name_, field);
    auto text = detail::expand_strictly(from.reveal(), outside);
    if (!text) return detail::about_server(text.error(), name_, field);
    to = std::move(*text);
    return {};
  }

  result<void> add_login(header_list& to, context const& outside) const {
    if (!login_) return {};
    basic_login login;
    if (auto ok = fill(login.user, login_->user, "auth.user", outside); !ok) return ok;
    if (auto ok = fill(login.password, login_->password, "auth.password", outside); !ok) return ok;
    draft written;
    if (auto const ok = basic{}.format(login, blank_request(), written, moment(outside)); !ok)
      return detail::about_server(ok.error(), name_, "auth");
    written.each([&](std::string_view name, std::string_view value) { to.set(name, value); });
    return {};
  }

  owned_text name_;
  result<void> usable_;
  header_list templates_;
  std::optional<basic_login> login_;
};

}  // namespace countersign::inline v0::mcp
