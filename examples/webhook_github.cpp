// GitHub's webhooks: the body alone is signed. The sample is the one of its documentation.
#include <countersign/countersign.hpp>

namespace cs = countersign;

// [verify]
bool is_from_github(std::string_view header, std::string_view body, cs::secret const& key) {
  constexpr std::string_view scheme = "sha256=";  // X-Hub-Signature-256
  if (!header.starts_with(scheme)) return false;
  auto const code = cs::decode_hex(header.substr(scheme.size()));
  return code && cs::hmac<cs::sha256>(key).verify(body, code->reveal());
}
// [/verify]

int main() {
  cs::secret const key("It's a Secret to Everybody");
  // [sign]
  cs::authenticator hook{
      cs::fixed{key},
      cs::hmac_body_signature{
          {.message = "{body}", .headers = {{"X-Hub-Signature-256", "sha256={signature}"}}}},
      cs::only{"https://ci.example.com"}};
  // [/sign]
  cs::request sent("POST", "https://ci.example.com/hook", cs::secret("Hello, World!"));
  if (!hook.authorize(sent)) return 1;
  auto const header = *sent.get("X-Hub-Signature-256");
  if (header != "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17") return 1;
  return is_from_github(header, "Hello, World!", key) && !is_from_github(header, "Hello, world!", key) ? 0
                                                                                                       : 1;
}
