// A token that is bound to a key, and what each request then carries.
#include <countersign/adapt/openssl.hpp>
#include <countersign/countersign.hpp>

namespace cs = countersign;

int main() {
  auto const key = cs::openssl_key::generate();  // ES256
  if (!key) return 1;

  // [token]
  cs::dpop_nonces nonces;  // of the token endpoint; resources have their own
  cs::request ask("POST", "https://id.example.com/token");
  auto const sent = cs::oauth::add_dpop_proof(ask, *key, nonces, cs::moment(cs::system_context));
  // … send it; on try_again once more, with a new proof …
  cs::response const answer(200, cs::secret(R"({"access_token":"at","token_type":"DPoP"})"));
  bool const again =
      sent && cs::oauth::learn_dpop_nonce(nonces, ask.url(), answer, *sent) == cs::heard::try_again;
  auto got = cs::oauth::read_token_response(answer, cs::system_context.now().wall);
  // [/token]
  if (again || !got) return 1;

  // [use]
  cs::bound_token const token{std::move(got->access), *key};
  cs::authenticator api{cs::fixed{token}, cs::bearer_or_dpop{}, cs::only{"https://api.example.com"}};
  // [/use]
  cs::request request("GET", "https://api.example.com/things?page=2");
  if (!api.authorize(request)) return 1;
  return *request.get("Authorization") == "DPoP at" &&
                 request.get("DPoP")->starts_with("eyJ0eXAiOiJkcG9wK2p3dCIs")
             ? 0
             : 1;
}
