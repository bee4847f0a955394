// A client that no server knows yet makes itself known, and signs out.
#include <countersign/countersign.hpp>

namespace cs = countersign;
namespace oauth = countersign::oauth;

int main() {
  auto http = [](cs::request const& what) {  // stands for any transport
    if (what.url() == "https://id.example/revoke") return cs::response(200);
    return cs::response(
        201,
        cs::secret(
            R"({"client_id":"c-17","client_secret":"s3cret","token_endpoint_auth_method":"client_secret_post"})"));
  };
  cs::secret const token("r3fresh");
  cs::context const outside = cs::system_context;

  // [use]
  auto const asked = oauth::registration_request(
      "https://id.example/register",
      {.redirect_uris = {"http://127.0.0.1/callback"}, .client_name = "my agent"});
  auto const client =
      oauth::read_registration(http(asked.value())).value();  // the server may choose another method

  auto const handed_back = oauth::revocation_request("https://id.example/revoke", client.identity(),
                                                     client.client_secret, token, "refresh_token");
  auto const signed_out = oauth::read_revocation(http(handed_back.value()), outside.now().wall);
  // [/use]
  return client.id == "c-17" && client.method == oauth::client_auth::post && signed_out ? 0 : 1;
}
