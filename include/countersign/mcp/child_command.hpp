#pragma once
// What a stdio server is started with.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/source/program.hpp>
#include <countersign/text/expand.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp {

/// A command line and the whole environment to start it with, all expanded. Wiped when it ends; what
/// the child is given is the child's.
class child_command {
public:
  /// Calls `function(argument)` for the program and each argument, in order; each ends in NUL behind
  /// its last byte.
  template <class Function>
  void each_argument(Function&& function) const {
    each_of(arguments_, function);
  }
  /// Calls `function(entry)` for each variable, "NAME=value"; a NUL stands behind it likewise.
  template <class Function>
  void each_entry(Function&& function) const {
    each_of(environment_, function);
  }
  /// Calls `function(name, value)` for each variable that the config sets itself.
  template <class Function>
  void each_variable(Function&& function) const {
    variables_.each(function);
  }
  /// Adds one more argument. It holds no zero byte.
  void argument(std::string_view one) noexcept { arguments_.append(one).push_back('\0'); }

  [[nodiscard]] bool ok() const noexcept { return arguments_.ok() && environment_.ok() && variables_.ok(); }

private:
  friend result<child_command> expanded_command(server const&, context const&);

  template <class Function>
  static void each_of(secret const& list, Function&& function) {
    for (auto rest = list.reveal(); !rest.empty();) {
      auto const end = rest.find('\0');
      function(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
  }
  [[nodiscard]] bool sets(std::string_view wanted) const {
    bool found = false;
    variables_.each([&](std::string_view name, std::string_view) { found = found || name == wanted; });
    return found;
  }
  // What is around, but for what the config sets itself and for the keys of the store.
  void surround(secret const& outer) {
    each_of(outer, [&](std::string_view entry) {
      auto const name = entry.substr(0, entry.find('='));
      if (!name.empty() && name.size() < entry.size() && !sets(name) && !is_withheld(name))
        environment_.append(entry).push_back('\0');
    });
    variables_.each([&](std::string_view name, std::string_view value) {
      environment_.append(name).append("=").append(value).push_back('\0');
    });
  }

  secret arguments_, environment_;
  fields variables_;
};

/// Expands `command`, `args` and `env` of a stdio server. Nothing is started here. Its environment is that
/// of `outside`, the `envFile` beneath it, and `env` above it; no `withheld_variables`. An unset variable
/// without a default is errc::not_mine and named with field and server.
[[nodiscard]] inline result<child_command> expanded_command(server const& of, context const& outside) {
  if (!of.is_stdio())
    return about_server(error(errc::fatal, "it is reached by a URL, not started"), of.name(),
                                "command");
  server_environment variables(outside);
  if (auto ok = variables.load(of); !ok) return ok.error();
  auto const world = variables.outside();
  auto const expanded = [&](std::string_view text) -> result<secret> {
    auto value = expand(text, [&](std::string_view name) { return world.variable(name); });
    if (value && value->reveal().find('\0') != std::string_view::npos)
      return error(errc::bad_input, "it holds a zero byte");
    return value;
  };

  child_command made;
  auto const add = [&](std::string_view text) -> result<void> {
    auto const value = expanded(text);
    if (!value) return value.error();
    made.argument(value->reveal());
    return {};
  };
  if (auto ok = add(of.command()); !ok) return about_server(ok.error(), of.name(), "command");
  if (made.arguments_.size() == 1)
    return about_server(error(errc::bad_input, "empty once it is expanded"), of.name(), "command");
  std::size_t index = 0;
  for (auto const argument : of.args().elements()) {
    if (auto ok = add(argument.string()); !ok)
      return ok.error().within("server \"", front_of(of.name(), max_name_shown), "\": args[",
                               index, "]: ");
    ++index;
  }
  for (auto const [name, text] : of.env().members()) {
    auto const shown = front_of(name.string(), max_name_shown);
    if (is_withheld(name.string()))
      return about_server(error(errc::bad_input, "it is given to no program"), of.name(), "env.",
                                  shown);
    auto const value = expanded(text.string());
    if (!value) return about_server(value.error(), of.name(), "env.", shown);
    made.variables_.append(name.string(), value->reveal());
  }
  auto const around = world.environment();
  if (!around) return about_server(around.error(), of.name(), "command");
  made.surround(*around);
  if (!made.ok()) return error(errc::no_memory, "command: out of memory");
  return made;
}

}  // namespace countersign::inline v0::mcp
