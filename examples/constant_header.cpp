// A header whose value never changes, put together by the compiler.
#include <countersign/countersign.hpp>

namespace cs = countersign;
using namespace cs::literals;

int main() {
  // [use]
  constexpr auto value = "my-cli:"_basic;  // a public client has a name and no secret
  static_assert(value.view() == "Basic bXktY2xpOg==");
  cs::authenticator token_endpoint{cs::fixed{value}, cs::header{"Authorization"},
                                   "https://login.example.com"_origin};
  // [/use]

  cs::request request("POST", "https://login.example.com/token");
  if (!token_endpoint.authorize(request) || request.get("Authorization") != value.view()) return 1;

  // [hash]
  constexpr auto of_nothing = cs::constant_hex(cs::sha256::of(""));
  static_assert(of_nothing.view().starts_with("e3b0c442"));
  constexpr auto code = cs::constant_base64<cs::base64::url>(cs::hmac_sha256("a test's key", "message"));
  // [/hash]

  cs::secret made;  // the same, now
  cs::append_base64(made, cs::as_chars(cs::hmac_sha256("a test's key", "message")), cs::base64::url);
  return made.reveal() == code.view() ? 0 : 1;
}
