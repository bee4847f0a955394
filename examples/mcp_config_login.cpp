// A server of a `.mcp.json` that wants a sign-in: the same entry, with a store.
#include <countersign/countersign.hpp>

#include <string_view>

namespace cs = countersign;

int main() {
  std::string_view const text = R"({"mcpServers": {"notes": {"type": "http", "url": "https://mcp.example/mcp"}}})";
  auto http = [](cs::request const& asked) -> cs::result<cs::response> {  // stands for any transport
    return cs::response(asked.get("Authorization") == "Bearer t0ken" ? 200 : 401);
  };
  cs::context const outside = cs::system_context;
  cs::memory_store store;  // somebody signed in earlier
  cs::login earlier;
  earlier.access_token = cs::secret("t0ken");
  earlier.token_type = "Bearer";
  if (!store.compare_and_swap({.server = "https://mcp.example/mcp"}, 0, earlier)) return 1;
  auto config = cs::mcp::config::parse(cs::secret(text), ".mcp.json");
  auto const server = config->find("notes").value();

  // [use]
  auto settings = cs::mcp::sign_in_settings_of(server, outside, {.client_name = "my agent"});
  if (!settings) return 1;  // "server "notes": oauth.clientSecret: variable …"
  auto auth = cs::mcp::open(server, store, std::move(*settings), outside);
  if (!auth) return 1;
  auto const answer = cs::send(*auth, cs::request("POST", "https://mcp.example/mcp"), http);
  if (!answer && answer.error().code() == cs::errc::needs_person) return 3;  // somebody must sign in
  // [/use]
  return answer && answer->status() == 200 ? 0 : 1;
}
