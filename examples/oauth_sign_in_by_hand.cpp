// The way through the browser, with the pure pairs: what is asked, and what becomes of the answer.
#include <countersign/countersign.hpp>

namespace cs = countersign;
namespace oauth = countersign::oauth;

int main() {
  auto http = [](cs::request const&) {  // stands for any transport
    return cs::response(200, cs::secret(R"({"access_token":"t0ken","token_type":"Bearer"})"));
  };
  cs::context const outside = cs::system_context;
  oauth::server_metadata const id{.issuer = "https://id.example", .code_challenge_methods_supported = {"S256"}};

  // [ask]
  if (auto ok = oauth::check_pkce(id); !ok) return 1;  // ok.error() says it in a sentence
  auto const state = oauth::make_state(outside).value();
  auto const proof = oauth::make_code_proof(outside).value();
  auto const page = oauth::authorization_url("https://id.example/authorize",
      {.client_id = "my-agent", .redirect_uri = "http://127.0.0.1:8080/callback", .state = state.reveal(),
       .code_challenge = proof.code_challenge, .resource = "https://mcp.example/mcp"});
  // [/ask]
  cs::secret const said("http://127.0.0.1:8080/callback?code=c0de&state=", state.reveal());

  // [redeem]
  auto const code = oauth::read_redirect(said.reveal(), {.state = state.reveal(), .issuer = id.issuer,
      .iss_supported = id.authorization_response_iss_parameter_supported}).value();
  oauth::authorization_code_grant const grant{
      .code = code.reveal(), .redirect_uri = "http://127.0.0.1:8080/callback",
      .code_verifier = proof.code_verifier.reveal(), .resource = "https://mcp.example/mcp"};
  auto const asked = oauth::token_request("https://id.example/token", {.id = "my-agent"}, {}, grant.body());
  auto const token = oauth::read_token_response(http(asked.value()), outside.now().wall);
  // [/redeem]
  return page && token && token->access.value.reveal() == "t0ken" ? 0 : 1;
}
