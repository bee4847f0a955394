#pragma once
// `headersHelper`: the program that prints a server's headers.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/source/program.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp {

/// Whose a config is. A project's comes with its files, from whoever wrote them, so that its programs are given only
/// the variables they name and a few that harm nobody; the user's own programs are given the user's environment.
enum class config_owner : bool { project, user };

namespace detail {
// Calls `function(name)` for each $NAME and ${NAME… of a shell's line, quoted or not: one too many does no harm.
template <class Function>
constexpr void each_shell_variable(std::string_view line, Function&& function) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_",
                             digits = "0123456789";
  for (auto at = line.find('$'); at != std::string_view::npos; at = line.find('$', at + 1)) {
    auto name = line.substr(at + 1);
    if (name.starts_with('{')) name.remove_prefix(1);
    std::size_t size = 0;
    while (size < name.size() && (letters.find(name[size]) != std::string_view::npos ||
                                  (size > 0 && digits.find(name[size]) != std::string_view::npos)))
      ++size;
    if (size > 0) function(name.substr(0, size));
  }
}

[[nodiscard]] inline result<program> program_of_arguments(json_value arguments, context const& outside) {
  program made("");
  std::size_t index = 0;
  for (auto const one : arguments.elements()) {
    auto const text = expand(one.string(), [&](std::string_view name) { return outside.variable(name); });
    if (!text) return text.error().within("[", index, "]: ");
    if (index++ == 0) made = program(text->reveal());
    else made.argument(text->reveal());
  }
  return made;
}
}  // namespace detail

/// The program that an entry's `headersHelper` names, ready to be run. An array is expanded element by element and run
/// without a shell. A line is the shell's and is never rewritten: what its variables hold can't become a command. The
/// variables that it names are given to it instead, where they are set. It runs in the config's folder, and is told the
/// server's name and URL.
/// @param outside knows the entry's variables (`server_environment`)
[[nodiscard]] inline result<program> headers_program(server const& of, config_owner owner, context const& outside) {
  auto const what = of.headers_command();
  auto made = what.is_string() ? result<program>(program::shell(what.string())) : detail::program_of_arguments(what, outside);
  if (!made) return about_server(made.error(), of.name(), "headersHelper");
  auto const url = detail::expand_url(of, outside);
  if (!url) return url.error();

  secret const called("server \"", front_of(of.name(), max_name_shown), "\": headersHelper");
  made->called(called.reveal());
  if (!of.folder().empty()) made->folder(of.folder());
  if (owner == config_owner::user) made->pass_everything();
  result<void> known;
  auto const give = [&](std::string_view name) {
    if (!known || is_withheld(name)) return;
    auto const value = outside.variable(name);
    if (value) made->set(name, *value);
    else if (value.error().code() != errc::not_mine) known = value.error();
  };
  give(plugin_root);
  if (what.is_string()) detail::each_shell_variable(what.string(), give);
  if (!known) return about_server(known.error(), of.name(), "headersHelper");
  made->set("CLAUDE_CODE_MCP_SERVER_NAME", of.name());
  made->set("CLAUDE_CODE_MCP_SERVER_URL", *url);
  return made;
}

}  // namespace countersign::inline v0::mcp
