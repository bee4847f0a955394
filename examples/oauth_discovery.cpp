// From a server's URL to the authorization server behind it, with the pure pairs.
#include <countersign/countersign.hpp>

namespace cs = countersign;
namespace oauth = countersign::oauth;

int main() {
  auto http = [](cs::request const& what) {  // stands for any transport
    if (what.url() == "https://mcp.example/.well-known/oauth-protected-resource/mcp")
      return cs::response(
          200,
          cs::secret(
              R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://id.example"]})"));
    return cs::response(
        200, cs::secret(R"({"issuer":"https://id.example","token_endpoint":"https://id.example/token"})"));
  };

  // [use]
  constexpr std::string_view server = "https://mcp.example/mcp";
  auto const places = oauth::resource_metadata_urls(server).value();  // errc::not_mine leads to the next
  auto const found = http(oauth::resource_metadata_request(places[0]).value());
  auto const resource = oauth::read_resource_metadata(found, server).value();

  auto const issuer = resource.authorization_servers[0];
  auto const urls = oauth::server_metadata_urls(issuer).value();
  auto const said = http(oauth::server_metadata_request(urls[0]).value());
  auto const id = oauth::read_server_metadata(said, issuer, {.server = server}).value();
  // [/use]
  return id.token_endpoint == "https://id.example/token" ? 0 : 1;
}
