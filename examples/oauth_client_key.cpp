// A client that proves who it is with a key of its own, and what a server says to that.
#include <countersign/countersign.hpp>

namespace cs = countersign;
namespace oauth = countersign::oauth;

int main() {
  auto const key = cs::hmac_signer::make(cs::sha2::bits_256, "stands for a private key: any signer").value();
  cs::context const outside = cs::system_context;

  // [use]
  oauth::client_identity const who{.id = "billing", .method = oauth::client_auth::private_key_jwt};
  auto const assertion = oauth::client_assertion(key, who.id, "https://id.example", outside).value();
  auto const asked = oauth::token_request("https://id.example/token", who, assertion,
                                          oauth::client_credentials_grant{.scope = "invoices.read"}.body());
  // [/use]
  return asked && asked->body.reveal().find("client_assertion=") != std::string_view::npos ? 0 : 1;
}
