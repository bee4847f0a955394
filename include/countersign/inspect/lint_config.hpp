#pragma once
// What should not stand in a `.mcp.json`: credentials, and addresses that give them away.

#include <countersign/core/secret.hpp>
#include <countersign/inspect/detail/config_lint.hpp>
#include <countersign/inspect/finding.hpp>
#include <countersign/mcp/config.hpp>
#include <countersign/text/json.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp {

namespace detail {

// The numbers after "line " and "column ", or after the path, in a message of the parsers.
[[nodiscard]] constexpr std::uint32_t number_after(std::string_view text, std::string_view mark) noexcept {
  auto const found = text.find(mark);
  std::uint32_t number = 0;
  for (auto at = found + mark.size(); found != text.npos && at < text.size() && is_digit(text[at]); ++at)
    number = number * 10 + static_cast<std::uint32_t>(text[at] - '0');
  return number;
}

[[nodiscard]] inline bool is_server(json_value entry) noexcept {
  return entry.is_object() && (entry["url"].is_string() || entry["command"].is_string());
}

[[nodiscard]] inline json_value servers_of(json_document const& document) noexcept {
  auto const wrapped = document["mcpServers"];
  return wrapped ? wrapped : document.root();
}

/// Calls `tell(spot)` for each finding; false if the text is no JSON.
template <class Tell>
[[nodiscard]] bool lint_document(std::string_view text, json_document const& document, Tell& tell) {
  config_lint<Tell> walk(text, tell);
  auto const servers = servers_of(document);
  for (auto const [name, entry] : servers.members()) {
    if (entry.is_object()) walk.server(name.string(), entry);
    else config_lint<Tell>(text, tell).anything(name.string(), entry);
  }
  if (document["mcpServers"])
    for (auto const [name, value] : document.root().members())
      if (name.string() != "mcpServers") config_lint<Tell>(text, tell).anything(name.string(), value);
  return true;
}

}  // namespace detail

/// Whether a text is a config of MCP servers: JSON with "mcpServers", or with nothing but entries of
/// servers in it.
[[nodiscard]] inline bool is_config(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos || text[first] != '{' || text.size() > max_config_size) return false;
  auto const document = json_document::parse(secret(text));
  if (!document || !document->root().is_object()) return false;
  if ((*document)["mcpServers"].is_object()) return true;
  bool found = false;
  for (auto const [name, entry] : document->root().members()) {
    if (name.string().starts_with('$')) continue;
    if (!detail::is_server(entry)) return false;
    found = true;
  }
  return found;
}

/// Calls `tell(finding)` for each finding in the text of a config, in the order of the file. What the
/// config can't be used with is one too. Nothing outside is looked at.
template <std::invocable<finding const&> Tell>
void lint_config(std::string_view text, Tell&& tell) {
  bool said = false;
  auto const spots = [&](detail::spot const& one) {
    said = said || one.what.level == severity::error;
    tell(one.what);
  };
  auto const invalid = [&](error const& why, std::uint32_t line, std::uint32_t column,
                           std::string_view shown) {
    finding made;
    made.rule = rule::invalid_config;
    made.level = severity::error;
    made.line = line == 0 ? 1 : line;
    made.column = column == 0 ? 1 : column;
    made.message = error(why.code(), shown);
    made.fix = error(errc::bad_input, "correct it: no client can use the file as it is");
    tell(made);
  };
  auto const behind = [](std::string_view message) {
    auto const colon = message.find(": ");
    return colon == message.npos ? message : message.substr(colon + 2);
  };
  auto const document = json_document::parse(secret(text), {.size = max_config_size});
  if (!document) {
    auto const why = document.error();
    return invalid(why, detail::number_after(why.message(), "line "),
                   detail::number_after(why.message(), "column "), behind(why.message()));
  }
  static_cast<void>(detail::lint_document(text, *document, spots));
  if (said) return;  // a literal secret is what the check below would refuse, too
  auto const checked = config::parse(secret(text), "f");
  if (checked) return;
  auto const why = checked.error();
  auto const line = detail::number_after(why.message(), "f:");
  auto const after_line = why.message().substr(line == 0 ? 0 : why.message().find(':', 2));
  invalid(why, line, detail::number_after(after_line, ":"), behind(why.message()));
}

}  // namespace countersign::inline v0::mcp
