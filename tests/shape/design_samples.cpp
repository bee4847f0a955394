// Every sample of the design that has its policies, as a user writes it: compiled and run by design_samples.sh.
#include <countersign/countersign.hpp>

#include <chrono>
#include <cstdlib>
#include <string_view>

namespace cs = countersign;
using namespace std::chrono_literals;

namespace {

int faults = 0;
void expect(bool good) { faults += !good; }
void report(cs::error const&) { ++faults; }

// Local: no transport needed.
void local() {
  cs::authenticator github{cs::env{"GITHUB_TOKEN"}, cs::bearer{}, cs::only{"https://api.github.com"}};
  cs::request request("GET", "https://api.github.com/user");
  if (auto ok = github.authorize(request); !ok) return report(ok.error());
  expect(request.get("Authorization") == "Bearer ghp_1");
}

void several() {
  cs::authenticator datadog{cs::all_of{cs::env{"DD_API_KEY"}, cs::env{"DD_APP_KEY"}},
                            cs::each_of{cs::header{"DD-API-KEY"}, cs::header{"DD-APPLICATION-KEY"}}, cs::only{"https://api.datadoghq.com"}};
  cs::request request("GET", "https://api.datadoghq.com/api/v1/monitor");
  if (auto ok = datadog.authorize(request); !ok) return report(ok.error());
  expect(request.get("DD-API-KEY") == "api" && request.get("DD-APPLICATION-KEY") == "app");
}

cs::result<cs::response> http(cs::request const& what) {  // any callable transport
  if (what.url() == "https://id.example.com/token")
    return cs::response(200, cs::secret(R"({"access_token":"t1","token_type":"Bearer","expires_in":3600})"));
  return cs::response(what.get("Authorization") == "Bearer t1" ? 200 : 401);
}

void remote() {
  cs::authenticator billing{
      cs::oauth::client_credentials{.token_endpoint = "https://id.example.com/token",
                                    .client = {.id = "billing", .secret = cs::env{"BILLING_SECRET"}},
                                    .scope = "invoices.read"},
      cs::bearer{}, cs::renewal{.early = 60s}, cs::only{"https://billing.example.com"}};
  cs::request const request("GET", "https://billing.example.com/invoices");
  auto reply = cs::send(billing, request, http);
  expect(reply && reply->status() == 200);
}

struct acme_key {
  cs::secret tenant, value;
};
struct acme {  // your own scheme: a struct, no base class
  cs::result<cs::stamp> format(acme_key const& key, cs::request_view auto const&, cs::draft& out, cs::moment const&) const {
    out.set("X-Acme", key.tenant.reveal(), ":", key.value.reveal());
    return cs::stamp{};
  }
};

void own() {
  cs::authenticator auth{cs::fixed{acme_key{cs::secret("north"), cs::secret("k")}}, acme{}, cs::only{"https://acme.example"}};
  cs::request request("GET", "https://acme.example/orders");
  if (auto ok = auth.authorize(request); !ok) return report(ok.error());
  expect(request.get("X-Acme") == "north:k");
}

// Named options are plain structs: each field may be left out.
void options() {
  expect(cs::renewal{.early = 60s}.early == cs::seconds(60));
  expect(cs::renewal{.step_ups = 2}.step_ups == 2);
  cs::authenticator composed{cs::chain{cs::env{"UNSET_TOKEN"}, cs::env{"GITHUB_TOKEN"}}, cs::bearer{}, cs::renewal{},
                             cs::only{"https://api.github.com", "https://uploads.github.com"}};
  cs::request request("GET", "https://uploads.github.com/");
  expect(composed.authorize(request).has_value());
  using namespace cs::literals;
  cs::authenticator checked{cs::fixed{"t"}, cs::header{"Authorization", "Token "}, "https://api.example.com"_origin};
  expect(checked.authorize(request).error().code() == cs::errc::wrong_origin);
}

// What composes can be asked without an error.
static_assert(cs::composable<cs::env, cs::bearer, cs::renewal>);
static_assert(!cs::composable<cs::env, cs::basic, cs::renewal>);
static_assert(!cs::composable<int, cs::bearer, cs::renewal> && !cs::composable<cs::env, cs::bearer, int>);

}  // namespace

int main() {
  for (auto const& [name, value] : {std::pair("GITHUB_TOKEN", "ghp_1"), std::pair("DD_API_KEY", "api"), std::pair("DD_APP_KEY", "app"),
                                    std::pair("BILLING_SECRET", "s")})
    setenv(name, value, 1);
  local();
  several();
  remote();
  own();
  options();
  return faults;
}
