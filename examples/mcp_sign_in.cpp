// Signing in to an MCP server when it asks for it; the login is kept, and refreshed once however many ask.
#include <countersign/countersign.hpp>

namespace cs = countersign;

int main() {
  // Stands for the internet: a server and its authorization server, which takes clients of program kind.
  auto http = [](cs::request const& asked) -> cs::result<cs::response> {
    auto const url = asked.url();
    if (url == "https://mcp.example/mcp" && asked.get("Authorization") == "Bearer t0ken") return cs::response(200);
    if (url == "https://mcp.example/mcp") return cs::response(401);
    if (url == "https://mcp.example/.well-known/oauth-protected-resource/mcp")
      return cs::response(200, cs::secret(R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://id.example"]})"));
    if (url == "https://id.example/.well-known/oauth-authorization-server")
      return cs::response(200, cs::secret(R"({"issuer":"https://id.example","token_endpoint":"https://id.example/token"})"));
    return cs::response(200, cs::secret(R"({"access_token":"t0ken","token_type":"Bearer","expires_in":3600})"));
  };
  cs::memory_store store;

  // [use]
  cs::mcp::sign_in_settings const settings{.grant = cs::mcp::sign_in_grant::client_credentials,
                                           .client = {.id = "my-agent", .secret = cs::secret("s3cret")},
                                           .scope = "notes:read"};
  cs::authenticator notes(cs::mcp::sign_in("https://mcp.example/mcp", store, settings), cs::bearer_or_dpop{},
                          cs::renewal{.step_ups = 1});
  auto const answer = cs::send(notes, cs::request("POST", "https://mcp.example/mcp"), http);
  // [/use]
  return answer && answer->status() == 200 && store.load({.server = "https://mcp.example/mcp"}) ? 0 : 1;
}
