#pragma once
// Texts of an entry that become headers, with all that can be wrong with them told by name.

#include <countersign/core/context.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/text/base64.hpp>

#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// As `expand_strictly`; but "${" where no variable stands is told too. Sent as it is, it would be a credential that
/// nobody has.
[[nodiscard]] inline result<secret> expand_field(std::string_view text, context const& outside,
                                                 lines_of_variable lines = lines_of_variable::refused) {
  if (has_stray_mark(text))
    return error(errc::bad_input, "\"${\" stands here, but no variable; write ${NAME} or ${NAME:-default}");
  return expand_strictly(text, outside, lines);
}

/// A text of `server`'s that is called `field` in messages.
[[nodiscard]] inline result<secret> expand_field(server const& of, std::string_view field, std::string_view text, context const& outside,
                                                 lines_of_variable lines = lines_of_variable::refused) {
  auto made = expand_field(text, outside, lines);
  if (!made) return about_server(made.error(), of.name(), field);
  return made;
}

// What the formatters of these schemes would refuse to write is refused here too.
[[nodiscard]] inline result<void> check_authorization(std::string_view value, context const& outside) {
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

/// One header of `headers`, expanded and checked.
[[nodiscard]] inline result<secret> header_value(std::string_view name, std::string_view text, context const& outside) {
  auto value = expand_field(text, outside);
  if (!value) return value;
  if (value->size() > max_field_value)
    return error(errc::too_large, "longer than ", max_field_value, " bytes once expanded");
  if (equal_without_case(name, "Authorization"))
    if (auto ok = check_authorization(value->reveal(), outside); !ok) return ok.error();
  if (!is_field_value(value->reveal()))
    return error(errc::bad_field, "the value holds a control byte, or begins or ends with a blank");
  return value;
}

}  // namespace countersign::inline v0::mcp::detail
