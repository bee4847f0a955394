#pragma once
// Two texts that a client reads, what it wants of them, and the row of a reader. Holds no header of countersign.

#include "table.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace json_texts {

/// RFC 6749 §5.1, with a signed token of usual size: 1.2 KiB.
inline std::string const& token_response() {
  static std::string const text = [] {
    auto const base64url = [](std::size_t size, std::uint32_t seed) {
      std::string out;
      for (; out.size() < size; seed = seed * 1664525 + 1013904223)
        out += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[seed >> 26];
      return out;
    };
    return R"({"access_token":"eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.)" + base64url(580, 1) + "." + base64url(342, 2) +
           R"(","token_type":"Bearer","expires_in":3600,"refresh_token":")" + base64url(86, 3) +
           R"(","scope":"openid profile files:read files:write"})";
  }();
  return text;
}
struct token {
  std::string_view access_token, token_type, refresh_token, scope;
  std::int64_t expires_in = 0;
  friend bool operator==(token const&, token const&) = default;
};
inline token wanted_of_token_response() {
  std::string_view const text = token_response();
  auto const after = [&](std::string_view name) {
    auto const from = text.find(name) + name.size() + 3;
    return text.substr(from, text.find('"', from) - from);
  };
  return {after("access_token"), "Bearer", after("refresh_token"), "openid profile files:read files:write", 3600};
}

/// RFC 8414, as an authorization server with many abilities has it: 2.6 KiB.
inline std::string const& metadata_text() {
  static std::string const text =
      R"({"issuer":"https://id.example.com/realms/main","authorization_endpoint":"https://id.example.com/realms/main/protocol/openid-connect/auth",)"
      R"("token_endpoint":"https://id.example.com/realms/main/protocol/openid-connect/token","introspection_endpoint":"https://id.example.com/realms/main/protocol/openid-connect/token/introspect",)"
      R"("userinfo_endpoint":"https://id.example.com/realms/main/protocol/openid-connect/userinfo","end_session_endpoint":"https://id.example.com/realms/main/protocol/openid-connect/logout",)"
      R"("jwks_uri":"https://id.example.com/realms/main/protocol/openid-connect/certs","grant_types_supported":["authorization_code","refresh_token","client_credentials","urn:openid:params:grant-type:ciba","urn:ietf:params:oauth:grant-type:device_code"],)"
      R"("response_types_supported":["code","none","code id_token"],"subject_types_supported":["public","pairwise"],"id_token_signing_alg_values_supported":["PS384","ES384","RS384","HS256","HS512","ES256","RS256","HS384","ES512","PS256","PS512","RS512"],)"
      R"("response_modes_supported":["query","fragment","form_post"],"registration_endpoint":"https://id.example.com/realms/main/clients-registrations/openid-connect","token_endpoint_auth_methods_supported":["private_key_jwt","client_secret_basic","client_secret_post","tls_client_auth","client_secret_jwt"],)"
      R"("token_endpoint_auth_signing_alg_values_supported":["PS384","ES384","RS384","ES256","RS256","ES512","PS256"],"claims_supported":["aud","sub","iss","auth_time","name","given_name","family_name","preferred_username","email","acr"],)"
      R"("claim_types_supported":["normal"],"acr_values_supported":["0","1"],"ui_locales_supported":["en","de","fr","es","ja"],"service_documentation":"https://docs.example.com/identity/openid-connect","op_policy_uri":"https://id.example.com/policy","op_tos_uri":"https://id.example.com/terms","claims_parameter_supported":true,"scopes_supported":["openid","profile","email","files:read","files:write","offline_access"],)"
      R"("request_parameter_supported":true,"request_uri_parameter_supported":true,"require_request_uri_registration":true,"code_challenge_methods_supported":["plain","S256"],)"
      R"("tls_client_certificate_bound_access_tokens":true,"dpop_signing_alg_values_supported":["ES256","EdDSA"],"revocation_endpoint":"https://id.example.com/realms/main/protocol/openid-connect/revoke",)"
      R"("device_authorization_endpoint":"https://id.example.com/realms/main/protocol/openid-connect/auth/device","pushed_authorization_request_endpoint":"https://id.example.com/realms/main/protocol/openid-connect/ext/par/request","authorization_response_iss_parameter_supported":true})";
  return text;
}
struct metadata {
  std::string_view issuer, authorization_endpoint, token_endpoint, registration_endpoint, revocation_endpoint, jwks_uri;
  std::size_t scopes = 0;
  bool s256 = false, refreshes = false, private_key_jwt = false, iss_parameter = false;
  friend bool operator==(metadata const&, metadata const&) = default;
};
inline metadata wanted_of_metadata() {
  return {"https://id.example.com/realms/main",
          "https://id.example.com/realms/main/protocol/openid-connect/auth",
          "https://id.example.com/realms/main/protocol/openid-connect/token",
          "https://id.example.com/realms/main/clients-registrations/openid-connect",
          "https://id.example.com/realms/main/protocol/openid-connect/revoke",
          "https://id.example.com/realms/main/protocol/openid-connect/certs",
          6,
          true,
          true,
          true,
          true};
}

/// Rows of a reader for both texts. `Reader` has read(token&) and read(metadata&), which are false when it failed; what
/// they hand out may lie in the reader. It is made of the text.
template <class Reader>
void add(char const* who) {
  auto const row = [who]<class Wanted>(char const* what, std::string const& text, Wanted const& wanted) {
    benchmark::RegisterBenchmark((std::string("JSON/") + what + "/" + who).c_str(), [&text, wanted](benchmark::State& state) {
      Reader reader(text);
      Wanted got;
      if (!reader.read(got) || !(got == wanted)) return state.SkipWithError("other members than the others find");
      for (auto _ : state) {
        got = Wanted();
        if (!reader.read(got)) return state.SkipWithError("refused the second time");
        benchmark::DoNotOptimize(got);
        benchmark::ClobberMemory();
      }
    });
  };
  row("token response 1.2 KiB", token_response(), wanted_of_token_response());
  row("metadata 2.6 KiB", metadata_text(), wanted_of_metadata());
}

}  // namespace json_texts
