#pragma once
// Which variables a server's entry names.

#include <countersign/mcp/server.hpp>
#include <countersign/text/expand.hpp>
#include <countersign/text/json_value.hpp>

#include <string_view>

namespace countersign::inline v0::mcp {

namespace detail {
// The depth of a config is limited when it is parsed, so recursion is.
template <class Function>
void each_variable_in(json_value value, Function& function) {
  if (value.is_string()) for_each_variable(value.string(), function);
  for (auto const [name, member] : value.members()) {
    static_cast<void>(name);
    detail::each_variable_in(member, function);
  }
  for (auto const element : value.elements()) detail::each_variable_in(element, function);
}
}  // namespace detail

/// Calls `function(name, has_default)` for every `${NAME}` in any text of the entry, in the order of
/// the file; one that is named twice comes twice.
template <class Function>
void each_variable(server const& of, Function&& function) {
  detail::each_variable_in(of.entry(), function);
}

}  // namespace countersign::inline v0::mcp
