// The lint rules and the fix, on a config in memory: no file is touched.

#include <countersign/inspect/lint_config.hpp>
#include <countersign/inspect/moved_secrets.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

int main() {
  std::string_view const text =
      R"({"mcpServers": {"api": {"type": "http", "url": "https://api.example.com/mcp",
    "headers": {"Authorization": "Bearer sk-hardcoded-token"}}}})";
  std::string said;
  // [use]
  cs::mcp::lint_config(text, [&](cs::mcp::finding const& one) {
    said += std::to_string(one.line) + ": " + std::string(one.rule) + ": " +
            std::string(one.message.message()) + "\n";
  });
  auto const nothing_is_set = [](std::string_view, std::string_view) { return false; };
  auto const moved = cs::mcp::move_secrets(text, nothing_is_set);  // text, and variables with their values
  // [/use]
  if (said != "2: hardcoded-secret: server \"api\": headers.Authorization: a credential of 18 bytes stands "
              "in the file\n")
    return 1;
  if (!moved || moved->text.reveal().find("\"Bearer ${API_TOKEN}\"") == std::string_view::npos) return 2;
  bool kept = false;
  moved->variables.each([&](std::string_view name, std::string_view value) {
    kept = name == "API_TOKEN" && value == "sk-hardcoded-token";
  });
  return kept ? 0 : 3;
}
