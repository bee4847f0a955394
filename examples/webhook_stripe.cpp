// Stripe's webhooks: time and body are signed, and one header says both, with a code for each key that is in use.
#include <countersign/countersign.hpp>

#include <charconv>
#include <cstdlib>

namespace cs = countersign;

// [verify]
bool is_from_stripe(std::string_view header, std::string_view body, cs::secret const& key,
                    cs::wall_time now) {
  std::string_view timestamp;  // Stripe-Signature: t=…,v1=…[,v1=…]
  bool good = false;
  for (auto rest = header; !rest.empty();) {
    auto const part = rest.substr(0, rest.find(','));
    rest.remove_prefix(part.size() == rest.size() ? part.size() : part.size() + 1);
    if (part.starts_with("t=") && timestamp.empty()) timestamp = part.substr(2);
    if (!part.starts_with("v1=")) continue;
    auto const code = cs::decode_hex(part.substr(3));
    good = good ||
           (code && cs::hmac<cs::sha256>(key).update(timestamp).update(".").verify(body, code->reveal()));
  }
  std::int64_t sent = 0;
  auto const* const end = timestamp.data() + timestamp.size();
  return good && std::from_chars(timestamp.data(), end, sent).ptr == end &&
         std::abs(sent - now.ms / 1000) <= 300;
}
// [/verify]

int main() {
  cs::secret const key("whsec_example");
  // [sign]
  cs::authenticator hook{
      cs::fixed{key},
      cs::hmac_body_signature{{.timestamp = cs::time_form::unix_seconds,
                               .message = "{timestamp}.{body}",
                               .headers = {{"Stripe-Signature", "t={timestamp},v1={signature}"}}}},
      cs::only{"https://shop.example.com"}};
  // [/sign]
  cs::request sent("POST", "https://shop.example.com/hook", cs::secret("{\"id\":\"evt_1\"}"));
  if (!hook.authorize(sent)) return 1;
  auto const header = *sent.get("Stripe-Signature");
  auto const now = cs::system_context.now().wall;
  if (!is_from_stripe(header, "{\"id\":\"evt_1\"}", key, now)) return 1;
  // As openssl computes it: printf '1492774577.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_example
  constexpr std::string_view known =
      "t=1492774577,v1=00,v1=dab00c4c03611d901b9927891a819396694839cb0029a848f742f14a29ac6409";
  return is_from_stripe(known, "{\"id\":\"evt_1\"}", key, {1492774877'000}) &&
                 !is_from_stripe(known, "{\"id\":\"evt_1\"}", key, {1492774878'000}) &&
                 !is_from_stripe(header, "{\"id\":\"evt_2\"}", key, now) && !is_from_stripe("", "", key, now)
             ? 0
             : 1;
}
