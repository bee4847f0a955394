// A `.mcp.json` in a client of one's own: its entry becomes an authenticator like any other.
#include <countersign/countersign.hpp>

#include <cstdlib>
#include <string_view>

namespace cs = countersign;

int main() {
  ::setenv("API_TOKEN", "t0ken", 1);
  std::string_view const text = R"({"mcpServers": {
    "api": {"type": "http", "url": "https://api.example.com/mcp",
            "headers": {"Authorization": "Bearer ${API_TOKEN}"}}}})";
  cs::request request("POST", "https://api.example.com/mcp", cs::secret("{}"));

  // [use]
  auto config = cs::mcp::config::parse(cs::secret(text), ".mcp.json");
  if (!config) return 1;  // ".mcp.json:2:12: server "api": …"
  auto server = config->find("api");
  if (!server) return 1;  // "no server is named "apo"; did you mean "api"?"
  auto auth = cs::mcp::open(*server);
  if (!auth) return 1;
  if (auto ok = auth->authorize(request); !ok) return 1;  // "variable API_TOKEN is not set; …"
  // [/use]

  return request.get("Authorization") == "Bearer t0ken" ? 0 : 1;
}
