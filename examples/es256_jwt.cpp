// Tokens that are made here, signed with a private key in a file: the server needs the public half only.
#include <countersign/adapt/openssl.hpp>
#include <countersign/countersign.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace cs = countersign;

int main() {
  auto folder = (std::filesystem::temp_directory_path() / "es256-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  auto const path = folder + "/key.pem";
  if (std::system(("umask 077; openssl ecparam -name prime256v1 -genkey -noout -out '" + path + "'").c_str()) != 0)
    return 1;

  // [file]
  cs::authenticator api{cs::minted_jwt{cs::pem_file{path},
                                       cs::jwt_claims{.issuer = "ci", .audience = "https://api.example.com"}},
                        cs::bearer{}, cs::only{"https://api.example.com"}};
  // [/file]
  cs::request request("GET", "https://api.example.com/");
  if (!api.authorize(request)) return 1;
  if (!request.get("Authorization")->starts_with("Bearer eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.")) return 1;

  // [key]
  auto const key = cs::openssl_key::generate(
      cs::jws_algorithm::eddsa);  // or from_pem(text, {.passphrase = …}), from_jwk(json)
  if (!key) return 1;
  cs::minted_jwt const minted{*key, cs::jwt_claims{.issuer = "ci"}, cs::jwt_header{.key_id = "2026-11"}};
  auto const thumbprint = cs::jwk_thumbprint(*key);  // RFC 7638
  // [/key]
  std::filesystem::remove_all(folder);
  return minted.check() && thumbprint && thumbprint->size() == 43 ? 0 : 1;
}
