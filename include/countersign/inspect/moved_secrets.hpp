#pragma once
// Literal credentials of a config moved to variables, every other byte of the file kept.

#include <countersign/core/fields.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/inspect/detail/config_lint.hpp>
#include <countersign/inspect/detail/variable_name.hpp>
#include <countersign/inspect/finding.hpp>
#include <countersign/inspect/lint_config.hpp>
#include <countersign/text/json.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// How many credentials are moved at once.
inline constexpr std::size_t max_moved = 256;

/// A config without its literal credentials, and what is to be set instead.
struct moved_secrets {
  secret text = {};
  fields variables = {};  ///< name and value of each
  std::size_t count = 0;  ///< how many places were changed
};

namespace detail {
/// The first place whose secret can be moved. Its views refer to the document.
[[nodiscard]] inline spot first_to_move(std::string_view text, json_document const& document) {
  spot first;
  auto const look = [&](spot const& one) {
    if (first.value.empty() && !one.value.empty()) first = one;
  };
  static_cast<void>(lint_document(text, document, look));
  return first;
}
}  // namespace detail

/// Replaces each literal credential by `${NAME}` and a default that is one by nothing. Names are made of
/// server and header (API_TOKEN), those of `env` are kept; none is used that the config names already or
/// that is `taken(name, value)`; the same value has the same name everywhere. errc::bad_input: no JSON;
/// errc::too_large beyond `max_moved`; errc::no_memory. The text given is not changed.
/// @param taken whether a variable is in use already for another value than this
template <std::predicate<std::string_view, std::string_view> Taken>
[[nodiscard]] result<moved_secrets> move_secrets(std::string_view text, Taken&& taken) {
  moved_secrets made;
  made.text.assign(text);
  for (;;) {
    if (!made.text.ok() || !made.variables.ok()) return error(errc::no_memory, "lint: out of memory");
    auto const now = made.text.reveal();
    auto const document = json_document::parse(secret(now), {.size = max_config_size * 2});
    if (!document) return document.error();
    auto const spot = detail::first_to_move(now, *document);
    if (spot.value.empty()) return made;
    if (++made.count > max_moved)
      return error(errc::too_large, "lint: more than ", max_moved, " credentials");

    detail::variable_name name;
    made.variables.each([&](std::string_view known, std::string_view value) {
      if (value == spot.value && (spot.variable.empty() || known == spot.variable)) name.assign(known);
    });
    bool const again = !name.view().empty();
    if (!again) {
      name.make(spot);
      name.make_free([&](std::string_view wanted) {
        bool used = taken(wanted, spot.value);
        made.variables.each(
            [&](std::string_view known, std::string_view) { used = used || known == wanted; });
        for (auto at = now.find("${"); at != now.npos && spot.variable.empty(); at = now.find("${", at + 2))
          used = used || (now.substr(at + 2).starts_with(wanted) &&
                          !detail::is_variable_byte(now.substr(at + 2 + wanted.size())));
        return used;
      });
      made.variables.append(name.view(), spot.value);
    }
    secret changed(now.substr(0, spot.begin));
    if (spot.variable.empty()) changed.append("${").append(name.view()).append("}");
    changed.append(now.substr(spot.end));
    made.text = std::move(changed);
  }
}

}  // namespace countersign::inline v0::mcp
