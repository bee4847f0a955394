// What the authorization server says of itself, and who may register with it.

#include "state.hpp"

#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

namespace cs = countersign;

namespace provider {

namespace {

void write_list(cs::json_writer& out, std::string_view name, std::string_view words) {
  out.name(name).open_array();
  for (auto const& word : words_of(words)) out.value(std::string_view(word));
  out.close();
}

constexpr std::string_view grants =
    "authorization_code refresh_token client_credentials urn:ietf:params:oauth:grant-type:jwt-bearer "
    "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr std::string_view algorithms = "ES256 ES384 RS256 PS256 EdDSA";

}  // namespace

answer server_metadata(state& all) {
  cs::secret text;
  cs::json_writer out(text);
  out.open_object().member("issuer", std::string_view(all.issuer));
  for (std::string_view const name : {"authorize", "token", "register", "revoke"}) {
    if (name == "register" && !all.set.registration) continue;
    auto const member = name == "authorize"  ? "authorization_endpoint"
                        : name == "token"    ? "token_endpoint"
                        : name == "register" ? "registration_endpoint"
                                             : "revocation_endpoint";
    out.member(member, std::string_view(all.issuer + "/" + std::string(name)));
  }
  out.member("jwks_uri", std::string_view(all.issuer + "/jwks"));
  write_list(out, "response_types_supported", "code");
  write_list(out, "grant_types_supported", grants);
  write_list(out, "token_endpoint_auth_methods_supported", all.set.auth_methods);
  write_list(out, "token_endpoint_auth_signing_alg_values_supported", algorithms);
  write_list(out, "scopes_supported", all.set.scopes + " offline_access");
  if (all.set.pkce_said) write_list(out, "code_challenge_methods_supported", "S256");
  if (all.set.dpop != "off") write_list(out, "dpop_signing_alg_values_supported", algorithms);
  if (all.set.iss) out.member("authorization_response_iss_parameter_supported", true);
  if (all.set.documents) out.member("client_id_metadata_document_supported", true);
  if (all.set.metadata == "oidc") {
    write_list(out, "subject_types_supported", "public");
    write_list(out, "id_token_signing_alg_values_supported", "ES256");
  }
  out.close();
  return {200, "application/json", std::string(text.reveal())};
}

answer register_client(state& all, request const& asked) {
  auto const refuse = [&](std::string const& code, std::string const& words) {
    all.log.add("registration_refused", {{"error", code}});
    return oauth_error(400, code, words);
  };
  if (!all.set.registration) {
    all.log.add("registration_refused", {{"error", "access_denied"}});
    return oauth_error(403, "access_denied",
                       "this server registers nobody: ask its operator for a client id");
  }
  auto const said = cs::json_document::parse(cs::secret(asked.body));
  if (!said || !said->root().is_object())
    return refuse("invalid_client_metadata", "the body is no JSON object");
  client made;
  if (auto const [code, words] = read_client(said->root(), all.set.auth_methods, made); !code.empty())
    return refuse(code, words);
  made.id = "client-" + base64url(random_bytes(9));
  bool const has_secret = made.method.starts_with("client_secret");
  if (has_secret) made.secret = base64url(random_bytes(24));
  all.clients.add(made);
  all.log.add("registered", {{"client", made.id},
                             {"method", made.method},
                             {"application_type", std::string((*said)["application_type"].string())}});

  cs::secret text;
  cs::json_writer out(text);
  out.open_object()
      .member("client_id", std::string_view(made.id))
      .member("client_id_issued_at", now_in_seconds());
  if (has_secret)
    out.member("client_secret", std::string_view(made.secret)).member("client_secret_expires_at", 0);
  out.member("token_endpoint_auth_method", std::string_view(made.method));
  // What was registered is said back (RFC 7591 §3.2.1).
  for (auto const [name, value] : said->root().members())
    if (name.string() != "token_endpoint_auth_method") out.name(name.string()).value(value);
  if (!(*said)["grant_types"]) write_list(out, "grant_types", "authorization_code");
  out.close();
  return json_answer(201, std::string(text.reveal()));
}

client* find_client(state& all, std::string const& id) {
  if (auto* const known = all.clients.find(id)) return known;
  auto const document = all.documents.find(id);
  if (!all.set.documents || document == all.documents.end()) return nullptr;
  auto const said = cs::json_document::parse(cs::secret(document->second));
  // The document has to name the URL where it lies.
  if (!said || (*said)["client_id"].string() != id) return nullptr;
  client made;
  made.id = id;
  // A document holds no secret.
  if (!read_client(said->root(), "none private_key_jwt", made).first.empty()) return nullptr;
  all.log.add("document_read", {{"client", id}});
  return &all.clients.add(made);
}

}  // namespace provider
