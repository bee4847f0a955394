// What a refusal means, and the line for curl that shows it without this library.

#include <countersign/countersign.hpp>
#include <countersign/inspect.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

int main() {
  auto const config =
      cs::mcp::config::parse(cs::secret(R"({"api": {"type": "http", "url": "https://api.example.com/mcp",
                             "headers": {"Authorization": "Bearer ${API_TOKEN}"}}})"),
                             "mcp.json");
  auto const server = config->find("api");
  cs::fields sent;
  sent.append("Authorization", "Bearer sk-abc123");
  cs::response answer(403);
  answer.headers.append("WWW-Authenticate", R"(Bearer error="insufficient_scope", scope="items:write")");
  // [use]
  std::string said;
  if (auto const wrong =
          cs::mcp::diagnose(*server, sent, answer, answer.body.reveal(), cs::system_context.now().wall))
    said = std::string(wrong->where.view()) + ": " + std::string(wrong->message.view()) + "\n" +
           std::string(wrong->fix.view());  // wrong->code == cs::mcp::problem_code::scope_missing
  auto const line = cs::mcp::curl_line(*server);
  // [/use]
  if (said !=
      "headers.Authorization: HTTP 403: the credential is good, but lacks a scope; asked for: items:write\n"
      "get one with that scope, then: export API_TOKEN=…")
    return 1;
  return line->line.reveal().find("-H \"Authorization: Bearer $API_TOKEN\"") != std::string_view::npos ? 0
                                                                                                       : 2;
}
