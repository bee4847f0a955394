// Tokens that are made here, with a key that the server knows.
#include <countersign/countersign.hpp>

#include <cstdlib>

namespace cs = countersign;

int main() {
  setenv("JWT_KEY", "a key that nobody guesses, 32 or more bytes", 1);

  // [use]
  cs::authenticator api{
      cs::minted_jwt{cs::hs256{cs::env{"JWT_KEY"}}, cs::jwt_claims{.issuer = "ci",
                                                                   .subject = "build",
                                                                   .audience = "https://api.example.com",
                                                                   .lifetime = cs::seconds(300),
                                                                   .custom = R"({"role":"deploy"})"}},
      cs::bearer{}, cs::only{"https://api.example.com"}};
  // [/use]

  // [runtime]
  cs::minted_jwt const configured{cs::hmac_key{"HS512", cs::env{"JWT_KEY"}, cs::key_form::base64},
                                  cs::jwt_claims{.audience = {"https://a.example", "https://b.example"}},
                                  cs::jwt_header{.key_id = "2026-11"}};
  if (auto ok = configured.check(); !ok) return 1;  // an unknown algorithm, claims that are not JSON, …
  // [/runtime]

  // [prepared]
  auto const key = cs::hmac_signer::make(cs::sha2::bits_256, "a key that nobody guesses, 32 or more bytes");
  if (!key) return 1;
  auto const prepared = cs::prepared_jwt<cs::hmac_signer>::make(*key, {.issuer = "ci", .subject = "build"});
  if (!prepared) return 1;
  cs::secret token;  // used again for each: then nothing is allocated
  auto const expires = prepared->write(token, cs::system_context.coarse_now(), cs::system_context);
  // [/prepared]
  if (!expires || !token.reveal().starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.")) return 1;

  cs::request request("GET", "https://api.example.com/");
  if (!api.authorize(request)) return 1;
  auto const first = *request.get("Authorization");
  return first.starts_with("Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.") ? 0 : 1;
}
