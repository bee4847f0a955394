// A program on a machine without a browser: somebody signs in on a telephone, with a code that is shown here.
#include <countersign/countersign.hpp>

#include <cstdio>

namespace cs = countersign;
namespace oauth = countersign::oauth;

int main() {
  auto const outside = cs::system_context;
  oauth::server_metadata id;
  id.device_authorization_endpoint = "https://id.example/device_authorization";
  bool entered = false;
  auto const http = [&](cs::request const& what) -> cs::result<cs::response> {  // stands for any transport
    if (what.url() == "https://id.example/device_authorization")
      return cs::response(
          200, cs::secret(R"({"device_code":"d","user_code":"WDJB-MJHT","expires_in":60,"interval":1,)"
                          R"("verification_uri":"https://id.example/device"})"));
    if (!entered) return cs::response(400, cs::secret(R"({"error":"authorization_pending"})"));
    return cs::response(200, cs::secret(R"({"access_token":"t0ken","token_type":"Bearer"})"));
  };

  // [use]
  auto const show = [&](cs::question const& what) -> cs::result<cs::secret> {
    std::fprintf(stderr, "Enter %.*s at %.*s\n", int(what.user_code.size()), what.user_code.reveal().data(),
                 int(what.url.size()), what.url.reveal().data());
    entered = true;  // here somebody is very quick
    return cs::secret("shown");
  };
  oauth::token_service const where{.endpoint = "https://id.example/token", .client = {.id = "my-agent"}};
  auto const token =
      cs::run(oauth::device_flow(where, id, {.scope = "notes:read"}, outside, outside.now()), http, show);
  // [/use]
  return token && token->access.value.reveal() == "t0ken" ? 0 : 1;
}
