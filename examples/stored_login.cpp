// A login that is kept between runs is renewed, once however many ask, and ended.
#include <countersign/countersign.hpp>

namespace cs = countersign;

int main() {
  auto http = [](cs::request const& what) -> cs::result<cs::response> {  // stands for any transport
    if (what.url() == "https://id.example/revoke") return cs::response(200);
    return cs::response(200,
                        cs::secret(R"({"access_token":"a-2","token_type":"Bearer","refresh_token":"r-2"})"));
  };
  cs::context const outside = cs::system_context;
  cs::memory_store store;  // or one in files, which all processes share
  cs::login_key const who{.server = "https://mcp.example.com"};
  cs::login login;
  login.issuer = "https://id.example";
  login.token_endpoint = "https://id.example/token";
  login.revocation_endpoint = "https://id.example/revoke";
  login.client.id = "my-agent";
  login.refresh_token = cs::secret("r-1");
  if (auto kept = store.compare_and_swap(who, 0, login); !kept || !*kept) return 1;

  // [renew]
  auto const renewed =
      cs::run(cs::oauth::stored_refresh(store, who, {.seen_generation = 1}, {.client = {.id = "my-agent"}},
                                        outside, outside.now()),
              http);  // errc::needs_person: sign in again
  // [/renew]
  if (!renewed || renewed->access_token.reveal() != "a-2") return 1;

  // [sign_out]
  auto const revoked =
      cs::run(cs::oauth::sign_out(store, who, {.client = {.id = "my-agent"}}, outside, outside.now()), http);
  // [/sign_out]
  return revoked && *revoked && !store.load(who) ? 0 : 1;
}
