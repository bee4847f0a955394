// A client for the conformance suite of MCP: `conformance_client SERVER_URL`, with MCP_CONFORMANCE_PROTOCOL_VERSION for the
// wire and MCP_CONFORMANCE_CONTEXT (JSON) for what is configured. It speaks MCP and plays the person; all that is OAuth is
// the toolkit's.

#include "fake/mcp_client.hpp"

#include <countersign/adapt/curl.hpp>
#include <countersign/adapt/openssl_key.hpp>
#include <countersign/adapt/openssl_proof_keys.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer_or_dpop.hpp>
#include <countersign/mcp/sign_in.hpp>
#include <countersign/mcp/wire.hpp>
#include <countersign/refresh/renewal.hpp>
#include <countersign/store/memory_store.hpp>
#include <countersign/text/json.hpp>

#include <cstdio>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace {

// Nobody listens there: the redirect is read, not followed.
constexpr std::string_view redirect_address = "http://localhost:33418/callback";
// Where servers take a document in place of a registration; the suite knows this one.
constexpr std::string_view metadata_document = "https://conformance-test.local/client-metadata.json";

// A person whose browser stops at the first redirect.
struct browser {
  cs::curl_transport http;

  cs::result<cs::secret> operator()(cs::question const& asked) {
    if (asked.what == cs::question::kind::redirect_address) return cs::secret(redirect_address);
    if (asked.what != cs::question::kind::page)
      return cs::error{cs::errc::needs_person, "nobody types codes here"};
    auto const page = http(cs::request("GET", asked.url.reveal()));
    if (!page) return page.error();
    auto const location = page->headers.get("Location");
    if (!location) return cs::error{cs::errc::needs_person, "the page answered ", page->status()};
    return cs::secret(*location);
  }
};

// What a user would have configured.
cs::result<cs::mcp::sign_in_settings> settings_from(cs::json_value given) {
  using grant = cs::mcp::sign_in_grant;
  auto const text = [&](std::string_view name) { return cs::owned_text(given[name].string()); };
  cs::mcp::sign_in_settings made;
  made.interactive = true;
  made.keys = cs::openssl_proof_keys;
  made.client_metadata_url = metadata_document;
  made.client.id = text("client_id");
  made.client_issuer = text("issuer");
  bool const has_secret = given["client_secret"].is_string();
  if (has_secret) made.client.secret = cs::secret(given["client_secret"].string());

  if (auto const pem = given["private_key_pem"]; pem.is_string()) {
    auto key = cs::openssl_key::from_pem(pem.string());
    if (!key) return key.error();
    made.client_key = cs::any_signer(std::move(*key));
    made.grant = grant::client_credentials;
  } else if (auto const assertion = given["valid_jwt"]; assertion.is_string()) {
    made.assertion = cs::secret(assertion.string());
    made.grant = grant::jwt_bearer;
  } else if (auto const id_token = given["idp_id_token"]; id_token.is_string()) {
    made.company = {.token_endpoint = text("idp_token_endpoint"),
                    .client = {.id = text("idp_client_id")},
                    .id_token = cs::secret(id_token.string())};
    made.grant = grant::enterprise;
  } else if (has_secret && made.client_issuer.empty()) {
    // A secret that is bound to no issuer is a program's own, which signs in without a person.
    made.grant = grant::client_credentials;
  }
  return made;
}

cs::result<void> run(std::string_view url, bool with_session, cs::mcp::sign_in_settings settings) {
  cs::memory_store store;
  cs::authenticator auth(cs::mcp::sign_in(url, store, std::move(settings)), cs::bearer_or_dpop{},
                         cs::renewal{.step_ups = 1});
  browser person;
  fake::mcp_client client(auth, url, person);
  if (with_session)
    if (auto ok = client.open_session(); !ok) return ok;
  if (auto const tools = client.call("tools/list"); !tools) return tools.error();
  auto const asked = cs::json_document::parse(cs::secret(R"({"name":"test-tool","arguments":{}})"));
  if (auto const done = client.call("tools/call", asked->root()); !done) return done.error();
  return {};
}

int complain(cs::error const& why) {
  auto const words = why.message();
  std::fprintf(stderr, "%.*s\n", static_cast<int>(words.size()), words.data());
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return complain({cs::errc::bad_input, "usage: conformance_client SERVER_URL"});
  auto const& outside = cs::system_context;
  auto const version = outside.variable("MCP_CONFORMANCE_PROTOCOL_VERSION");
  bool const with_session = !version || version->reveal() != cs::mcp::revision_2026;
  auto context = outside.variable("MCP_CONFORMANCE_CONTEXT");
  auto const given = cs::json_document::parse(context ? std::move(*context) : cs::secret("{}"));
  if (!given) return complain(given.error());
  auto settings = settings_from(given->root());
  if (!settings) return complain(settings.error());
  auto const done = run(arguments[1], with_session, std::move(*settings));
  return done ? 0 : complain(done.error());
}
