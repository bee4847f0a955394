// A workload's own identity, which its platform writes to a file, becomes tokens that are bound to a key.
#include <countersign/adapt/openssl_key.hpp>
#include <countersign/countersign.hpp>

#include <filesystem>
#include <fstream>

namespace cs = countersign;
namespace oauth = countersign::oauth;

int main() {
  auto const path = (std::filesystem::temp_directory_path() / "countersign-example-jwt").string();
  std::ofstream(path) << "a.b.c\n";
  std::filesystem::permissions(path, std::filesystem::perms(0600));

  // [use]
  oauth::jwt_bearer const workload{.token_endpoint = "https://id.example/token",
                                   .client = {.id = "billing"},
                                   .assertion = cs::file{path},  // read for each token
                                   .dpop_key = cs::openssl_key::generate().value()};
  cs::authenticator billing{workload, cs::bearer_or_dpop{}, cs::only{"https://api.example"}};
  // [/use]

  auto const http = [](cs::request const& what) -> cs::result<cs::response> {  // stands for any transport
    if (what.url() != "https://id.example/token")
      return cs::response(what.get("Authorization") == "DPoP t0ken" ? 200 : 401);
    if (!what.get("DPoP") || !what.body.reveal().ends_with("&client_id=billing")) return cs::response(400);
    return cs::response(200, cs::secret(R"({"access_token":"t0ken","token_type":"DPoP","expires_in":3600})"));
  };
  auto const reply = cs::send(billing, cs::request("GET", "https://api.example/invoices"), http);
  std::filesystem::remove(path);
  return reply && reply->status() == 200 ? 0 : 1;
}
