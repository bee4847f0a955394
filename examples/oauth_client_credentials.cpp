// A token that has to be asked for: fetched once, used until it is nearly over, renewed on a 401.
#include <countersign/countersign.hpp>

#include <chrono>
#include <cstdlib>

namespace cs = countersign;
using namespace std::chrono_literals;

int main() {
  setenv("BILLING_SECRET", "s3cret", 1);

  // [use]
  cs::authenticator billing{
      cs::oauth::client_credentials{.token_endpoint = "https://id.example.com/token",
                                    .client = {.id = "billing", .secret = cs::env{"BILLING_SECRET"}},
                                    .scope = "invoices.read"},
      cs::bearer{}, cs::renewal{.early = 60s}, cs::only{"https://billing.example.com"}};
  // [/use]

  int token_requests = 0;
  auto http = [&](cs::request const& what) -> cs::result<cs::response> {  // stands for any transport
    if (what.url() == "https://id.example.com/token") {
      ++token_requests;
      return cs::response(200, cs::secret(R"({"access_token":"t0ken","token_type":"Bearer","expires_in":3600})"));
    }
    return cs::response(what.get("Authorization") == "Bearer t0ken" ? 200 : 401);
  };
  cs::request invoices("GET", "https://billing.example.com/invoices");
  for (int i = 0; i < 3; ++i)
    if (auto reply = cs::send(billing, invoices, http); !reply || reply->status() != 200) return 1;
  return token_requests == 1 ? 0 : 1;
}
