// HTTP Message Signatures by a private key, and checked with its public half.
#include <countersign/adapt/openssl.hpp>
#include <countersign/countersign.hpp>

namespace cs = countersign;

int main() {
  auto const made = cs::openssl_key::generate(cs::jws_algorithm::eddsa);
  if (!made) return 1;
  // [use]
  cs::authenticator api{cs::pem_file{"key.pem"}, cs::http_signature{{.key_id = "2026-11", .algorithm = true}},
                        cs::only{"https://api.example.com"}};
  // [/use]
  cs::authenticator same{cs::fixed{*made}, cs::http_signature{{.key_id = "2026-11", .algorithm = true}},
                         cs::only{"https://api.example.com"}};
  cs::request request("DELETE", "https://api.example.com/items/7");
  if (!same.authorize(request)) return 1;

  // [verify]
  auto const theirs = cs::openssl_public_key::from_jwk(made->public_jwk());  // or from_pem
  if (!theirs) return 1;
  auto const good = cs::verify_signature(
      cs::signed_request(request), {.components = "@method, @target-uri"},
      [&](std::string_view id) { return id == "2026-11" ? cs::verifier_ref(*theirs) : cs::verifier_ref(); },
      cs::system_context.now().wall);
  // [/verify]
  return good ? 0 : 1;
}
