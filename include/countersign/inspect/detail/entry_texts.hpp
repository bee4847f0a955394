#pragma once
// Every text of an entry in which variables are expanded, with what it is called in messages.

#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/inspect/problem.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/text/json_value.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

// The depth of a config is limited when it is parsed, so recursion is.
template <class Function>
void each_text_in(json_value value, owned_text const& field, Function& function) {
  if (value.is_string()) function(field.view(), value.string());
  for (auto const [name, member] : value.members()) {
    auto const shown = front_of(name.string(), max_name_shown);
    detail::each_text_in(member, owned_text(secret(field.view(), field.empty() ? "" : ".", shown).reveal()),
                         function);
  }
  std::size_t index = 0;
  for (auto const element : value.elements()) {
    // One entry of `auth` is like another: they are not numbered, as in all other messages.
    if (field.view() == "auth") detail::each_text_in(element, field, function);
    else detail::each_text_in(element, sentence(field.view(), "[", index, "]"), function);
    ++index;
  }
}

/// Calls `function(field, text)`: "headers.Authorization", "Bearer ${API_TOKEN}". A shell line is left out:
/// its variables are the shell's.
template <class Function>
void each_text(server const& of, Function&& function) {
  for (auto const [name, value] : of.entry().members()) {
    if (name.string() == "type" || (name.string() == "headersHelper" && value.is_string())) continue;
    detail::each_text_in(value, owned_text(front_of(name.string(), max_name_shown)), function);
  }
}

}  // namespace countersign::inline v0::mcp::detail
