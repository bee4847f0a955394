#pragma once
// Headers that a program prints.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/source/detail/program_exchange.hpp>
#include <countersign/source/program.hpp>
#include <countersign/text/json.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How many headers a program may print.
inline constexpr std::size_t max_printed_headers = 64;

namespace detail {
inline result<void> check_printed(json_value name, json_value value) {
  // Only what can be a header's name is repeated.
  auto const bytes = name.string();
  if (!is_token(bytes) || bytes.size() > max_field_name) {
    auto const where = name.where();
    return error{errc::bad_field, "line ",
                 where.line,      ", column ",
                 where.column,    " of its output: a header's name is 1 to ",
                 max_field_name,  " letters, digits and !#$%&'*+-.^_`|~"};
  }
  auto const shown = bytes.substr(0, 64);
  if (!value.is_string()) return value.expected("a string").within(shown, ": ");
  if (value.string().size() > max_field_value)
    return error{errc::too_large, shown, ": the value is longer than ", max_field_value, " bytes"};
  if (!is_field_value(value.string()))
    return error{errc::bad_field, shown,
                 ": the value holds a line end or another control byte, or begins or ends with a blank"};
  return {};
}
}  // namespace detail

/// Reads what a program has printed: a JSON object, each member the name and the value of a header. Names
/// and values are checked as RFC 9110 §5.1 and §5.5 have it, and no name may stand twice, however it is
/// written. An object that is empty gives no header. Errors tell the header's name and no other byte of
/// it.
[[nodiscard]] inline result<header_list> read_printed_headers(secret printed) {
  if (printed.reveal().find_first_not_of(" \t\r\n") == std::string_view::npos)
    return error{errc::bad_input, "it printed nothing; {} is for no header"};
  auto const document = json_document::parse(std::move(printed));
  if (!document) return document.error().within("its output: ");
  auto const root = document->root();
  if (!root.is_object()) return root.expected("an object of headers");
  if (root.size() > max_printed_headers)
    return error{errc::too_large, "it printed more than ", max_printed_headers, " headers"};
  header_list list;
  for (auto const [name, value] : root.members()) {
    if (auto ok = detail::check_printed(name, value); !ok) return ok.error();
    if (list.get(name.string()))
      return error{errc::bad_input, name.string().substr(0, 64),
                   ": it stands twice; names are compared without case"};
    list.append(name.string(), value.string());
  }
  if (!list.ok()) return error{errc::no_memory, "out of memory"};
  return list;
}

/// Asks a program for headers: `program_headers{program{"get-headers"}}`, to be written by `as_is`. It is
/// asked again when a server refuses them.
struct program_headers {
  program runs;
  duration good_for = {};  ///< how long they are used; 0: until they are refused

  using credential = header_list;
  using exchange = detail::program_exchange<program_headers>;

  static constexpr bool offline = true;

  [[nodiscard]] exchange acquire(occasion const&, context const& outside) const { return {*this, outside}; }
  [[nodiscard]] static result<issued<header_list>> read(secret printed, wall_time) {
    auto list = read_printed_headers(std::move(printed));
    if (!list) return list.error();
    return issued<header_list>{std::move(*list)};
  }
};

}  // namespace countersign::inline v0
