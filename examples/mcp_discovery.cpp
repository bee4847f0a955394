// From an MCP server's refusal to all that a sign-in needs: where, as which client, for which scopes.
#include <countersign/countersign.hpp>

namespace cs = countersign;
namespace mcp = countersign::mcp;

int main() {
  auto http = [](cs::request const& what) -> cs::result<cs::response> {  // stands for any transport
    auto const answer = [](int status, std::string_view body) {
      return cs::response(status, cs::secret(body));
    };
    if (what.url() == "https://mcp.example/.well-known/oauth-protected-resource/mcp")
      return answer(
          200, R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://id.example"]})");
    if (what.url() == "https://id.example/register") return answer(201, R"({"client_id":"c-17"})");
    return answer(200, R"({"issuer":"https://id.example","token_endpoint":"https://id.example/token",
                           "registration_endpoint":"https://id.example/register"})");
  };
  std::string_view const challenge = R"(Bearer scope="notes.read")";  // WWW-Authenticate of its 401

  // [use]
  auto const outside = cs::system_context;
  auto const where = cs::run(mcp::discovery("https://mcp.example/mcp", challenge, {}, outside), http);
  if (!where) return 1;  // where.error() says who is to blame and what to do

  mcp::client_settings const settings{.about = {.client_name = "my agent"}};
  mcp::client_choice choice(where->server, "http://127.0.0.1:8080/callback", settings, outside);
  auto const client = cs::run(std::move(choice), http).value();  // kept with the login, and used again

  auto const scope =
      mcp::choose_scope({.challenged = where->challenged_scope}, where->resource, where->server).value();
  // [/use]
  return client.id == "c-17" && scope == "notes.read" ? 0 : 1;
}
