// A client for the servers of server.mjs: `interop_client STORE_FOLDER SERVER_URL ACTION`.
// ACTION: `TOOL` calls it and prints what it says; `sign-in TOOL` may ask the person for it; `sign-out`.
// INTEROP_DEVICE: the person has another device, and enters the code there after so many ms.
// INTEROP_CLIENT_ID, INTEROP_CLIENT_SECRET: a client that is known already, which signs in by itself.
// The exit code is 3 where a person must sign in, and 1 after other failures.

#include "fake/mcp_client.hpp"

#include <countersign/adapt/curl.hpp>
#include <countersign/adapt/openssl_proof_keys.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/run.hpp>
#include <countersign/format/bearer_or_dpop.hpp>
#include <countersign/mcp/sign_in.hpp>
#include <countersign/oauth/sign_out.hpp>
#include <countersign/refresh/renewal.hpp>
#include <countersign/source/env.hpp>
#include <countersign/store/file_store.hpp>
#include <countersign/text/json.hpp>

#include <cstdio>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace {

// Nobody listens there.
constexpr std::string_view redirect_address = "http://127.0.0.1:33419/callback";

// The person: a browser that follows the pages up to that address, or somebody who enters a code elsewhere.
cs::result<cs::secret> browse(cs::question const& asked) {
  if (asked.what == cs::question::kind::redirect_address) return cs::secret(redirect_address);
  auto url = asked.url.reveal();
  cs::secret elsewhere;
  if (asked.what == cs::question::kind::code) {
    auto const after = cs::system_context.variable("INTEROP_DEVICE");
    if (!after) return cs::error{cs::errc::needs_person, "nobody types codes here"};
    elsewhere = cs::secret(url.substr(0, url.rfind('/')), "/control/enter?code=", asked.user_code.reveal(),
                           "&ms=", after->reveal());
    url = elsewhere.reveal();
  }
  std::string_view const line[] = {"curl",     "--silent",  "--location",  "--cookie",         "",
                                   "--output", "/dev/null", "--write-out", "%{url_effective}", url};
  auto const& outside = cs::system_context;
  auto const path = outside.variable("PATH");
  cs::secret const path_entry("PATH=", path ? path->reveal() : "/usr/bin:/bin");
  std::string_view const environment[] = {path_entry.reveal()};
  auto said = outside.run({.argv = line, .environment = environment});
  if (!said) return said.error();
  if (asked.what == cs::question::kind::code) return cs::secret("shown");
  if (said->out.reveal().starts_with(redirect_address)) return std::move(said->out);
  return cs::error{cs::errc::needs_person, "the page led nowhere"};
}

cs::mcp::sign_in_settings settings(bool interactive) {
  cs::mcp::sign_in_settings made;
  made.interactive = interactive;
  made.keys = cs::openssl_proof_keys;
  if (cs::system_context.variable("INTEROP_DEVICE")) made.grant = cs::mcp::sign_in_grant::device_code;
  if (auto const id = cs::system_context.variable("INTEROP_CLIENT_ID")) {
    made.client = {.id = id->reveal(), .secret = cs::env{"INTEROP_CLIENT_SECRET"}};
    made.grant = cs::mcp::sign_in_grant::client_credentials;
  }
  return made;
}

cs::result<void> call(cs::file_store& store, std::string_view url, std::string_view tool, bool interactive) {
  cs::authenticator auth(cs::mcp::sign_in(url, store, settings(interactive)), cs::bearer_or_dpop{},
                         cs::renewal{.step_ups = 1});
  fake::mcp_client client(auth, url, browse);
  if (auto ok = client.open_session(); !ok) return ok;
  auto const asked = cs::json_document::parse(cs::secret(R"({"arguments":{},"name":")", tool, R"("})"));
  if (!asked) return asked.error();
  auto const got = client.call("tools/call", asked->root());
  if (!got) return got.error();
  auto const text = got->result()["content"][0]["text"].string();
  std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
  return {};
}

cs::result<void> sign_out(cs::file_store& store, std::string_view url) {
  auto const& outside = cs::system_context;
  auto const gone =
      cs::run(cs::oauth::sign_out(store, cs::mcp::sign_in(url, store).key(), {}, outside, outside.now()),
              cs::curl_transport());
  if (!gone) return gone.error();
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  std::string_view const action = count > 3 ? arguments[3] : "";
  if (count < 4) return std::fputs("usage: interop_client STORE_FOLDER SERVER_URL ACTION\n", stderr), 2;
  cs::file_store store(arguments[1]);
  std::string_view const url = arguments[2];
  auto const done = action == "sign-out"               ? sign_out(store, url)
                    : action == "sign-in" && count > 4 ? call(store, url, arguments[4], true)
                                                       : call(store, url, action, false);
  if (done) return 0;
  auto const words = done.error().message();
  std::fprintf(stderr, "%.*s\n", static_cast<int>(words.size()), words.data());
  return done.error().code() == cs::errc::needs_person ? 3 : 1;
}
