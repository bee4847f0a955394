// HTTP Message Signatures: requests signed, and messages verified.
#include <countersign/countersign.hpp>

namespace cs = countersign;

int main() {
  cs::key_pair const key{.id = cs::secret("app-1"), .key = cs::secret("a key that both sides know")};

  // [use]
  cs::authenticator api{cs::fixed{key}, cs::http_signature{}, cs::only{"https://api.example.com"}};
  // [/use]

  // [own]
  cs::http_signature const scheme{
      {.components = "@method, @authority, @path, @query-param;name=\"page\", content-digest",
       .label = "app",
       .lifetime = cs::seconds(60),
       .nonce = true,
       .tag = "acme",
       .digest = cs::content_digest::sha_512}};
  if (auto ok = scheme.check(); !ok) return 1;  // an unknown component, a label that is none, …
  // [/own]

  // [two]
  cs::authenticator both{
      cs::all_of{cs::fixed{key}, cs::env{"PARTNER_KEY"}},
      cs::each_of{cs::http_signature{{.label = "app"}},
                  cs::http_signature{{.components = "@method, signature;key=\"app\"", .label = "partner"}}},
      cs::only{"https://api.example.com"}};
  // [/two]

  cs::request request("POST", "https://api.example.com/items?page=2", cs::secret("{}"));
  if (!api.authorize(request)) return 1;

  // [verify]
  auto const known = cs::hmac_verifier::make(cs::sha2::bits_256, "a key that both sides know");
  auto const keys = [&](std::string_view id) {
    return id == "app-1" ? cs::verifier_ref(*known) : cs::verifier_ref();
  };
  auto const good = cs::verify_signature(cs::signed_request(request),
                                         {.components = "@method, @target-uri, content-digest"}, keys,
                                         cs::system_context.now().wall);
  if (!good) return 1;  // "signature sig1: it does not cover "content-digest"", …
  // [/verify]
  if (good->key_id.reveal() != "app-1") return 1;

  // [answer]
  cs::response answer(200, cs::secret("{\"id\":7}"));  // as a transport gave it
  auto const asked = cs::signed_request(request);
  auto const from_server =
      cs::verify_signature(cs::signed_response(answer, answer.body.reveal(), &asked),
                           {.components = "@status, content-digest, signature;req;key=\"sig1\""}, keys,
                           cs::system_context.now().wall);
  // [/answer]
  return !from_server && from_server.error().code() == cs::errc::rejected ? 0 : 1;  // that one was not signed
}
