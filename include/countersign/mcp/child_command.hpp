#pragma once
// What a stdio server is started with.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/detail/place.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/text/expand.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp {

/// The command line and the variables that a config adds to the environment, all expanded. Wiped when
/// it ends; what the child is given is the child's.
class child_command {
public:
  /// Calls `function(argument)` for the program and each argument, in order; each ends in NUL behind
  /// its last byte.
  template <class Function>
  void each_argument(Function&& function) const {
    for (auto rest = arguments_.reveal(); !rest.empty();) {
      auto const end = rest.find('\0');
      function(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
  }
  /// Calls `function(name, value)` for each.
  template <class Function>
  void each_variable(Function&& function) const {
    variables_.each(function);
  }
  [[nodiscard]] bool ok() const noexcept { return arguments_.ok() && variables_.ok(); }

private:
  friend result<child_command> expanded_command(server const&, context const&);

  secret arguments_;
  fields variables_;
};

/// Expands `command`, `args` and `env` of a stdio server. Nothing is started here. An unset variable
/// without a default is errc::not_mine and named with field and server.
[[nodiscard]] inline result<child_command> expanded_command(server const& of, context const& outside) {
  if (!of.is_stdio())
    return detail::about_server(error(errc::fatal, "it is reached by a URL, not started"), of.name(),
                                "command");
  if (!of.env_file().empty())
    return detail::about_server(error(errc::fatal, "not supported by this version"), of.name(), "envFile");
  auto const expanded = [&](std::string_view text) -> result<secret> {
    auto value = expand(text, [&](std::string_view name) { return outside.variable(name); });
    if (value && value->reveal().find('\0') != std::string_view::npos)
      return error(errc::bad_input, "it holds a zero byte");
    return value;
  };

  child_command made;
  auto const add = [&](std::string_view text) -> result<void> {
    auto const value = expanded(text);
    if (!value) return value.error();
    made.arguments_.append(*value).push_back('\0');
    return {};
  };
  if (auto ok = add(of.command()); !ok) return detail::about_server(ok.error(), of.name(), "command");
  if (made.arguments_.size() == 1)
    return detail::about_server(error(errc::bad_input, "empty once it is expanded"), of.name(), "command");
  std::size_t index = 0;
  for (auto const argument : of.args().elements()) {
    if (auto ok = add(argument.string()); !ok)
      return ok.error().within("server \"", detail::front_of(of.name(), detail::max_name_shown), "\": args[",
                               index, "]: ");
    ++index;
  }
  for (auto const [name, text] : of.env().members()) {
    auto const value = expanded(text.string());
    if (!value)
      return detail::about_server(value.error(), of.name(), "env.",
                                  detail::front_of(name.string(), detail::max_name_shown));
    made.variables_.append(name.string(), value->reveal());
  }
  if (!made.ok()) return error(errc::no_memory, "command: out of memory");
  return made;
}

}  // namespace countersign::inline v0::mcp
