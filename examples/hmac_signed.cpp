// Each request is signed: the default scheme, and one of a server's own.
#include <countersign/countersign.hpp>

namespace cs = countersign;

int main() {
  cs::key_pair const key{.id = cs::secret("app-1"), .key = cs::secret("s3cret")};

  // [use]
  cs::authenticator simple{cs::fixed{key}, cs::hmac_signature{}, cs::only{"https://api.example.com"}};
  // [/use]

  // [own]
  cs::hmac_body_signature const scheme{
      cs::hmac_scheme{.hash = cs::sha2::bits_512,
                      .encoding = cs::digest_form::base64,
                      .timestamp = cs::time_form::unix_seconds,
                      .message = "{timestamp}\n{nonce}\n{method}\n{target}\n{digest}",
                      .headers = {{"X-Date", "{timestamp}"},
                                  {"X-Nonce", "{nonce}"},
                                  {"Authorization", "HMAC {key_id}:{signature}"}}}};
  if (auto ok = scheme.check(); !ok) return 1;  // a mistake in a template, with its column
  cs::authenticator own{cs::fixed{key}, scheme, cs::only{"https://api.example.com"}};
  // [/own]

  cs::request request("POST", "https://api.example.com/v1/items?draft=1", cs::secret("{}"));
  if (!simple.authorize(request) || !own.authorize(request)) return 1;
  return request.get("X-API-Key") == "app-1" && request.get("X-Signature")->size() == 64 &&
                 request.get("Authorization")->size() == 11 + 88
             ? 0
             : 1;
}
