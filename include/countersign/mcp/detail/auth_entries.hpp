#pragma once
// What the entries under `auth` come to: logins, minted tokens, keys to sign with.

#include <countersign/core/context.hpp>
#include <countersign/core/credential.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/key_reader.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/digest.hpp>
#include <countersign/format/signature_algorithms.hpp>
#include <countersign/mcp/detail/field_texts.hpp>
#include <countersign/mcp/http_signature_key.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/source/file.hpp>
#include <countersign/source/fixed.hpp>
#include <countersign/source/hmac_key.hpp>
#include <countersign/source/minted_jwt.hpp>
#include <countersign/text/json_writer.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp::detail {

[[nodiscard]] inline result<basic_login> login_of(server const& of, json_value entry, context const& outside) {
  auto user = expand_field(of, "auth.user", entry["user"].string(), outside);
  if (!user) return user.error();
  auto password = expand_field(of, "auth.password", entry["password"].string(), outside);
  if (!password) return password.error();
  return basic_login{std::move(*user), std::move(*password)};
}
/// Refused here, where the server is known, if Digest can't use it.
[[nodiscard]] inline result<basic_login> digest_login(server const& of, json_value entry, context const& outside) {
  auto login = login_of(of, entry, outside);
  if (!login) return login;
  if (auto const ok = digest::check(*login); !ok)
    return about_server(ok.error(), of.name(), "auth");
  return login;
}

/// The Authorization header of a login.
[[nodiscard]] inline result<void> add_login(header_list& to, server const& of, json_value entry, context const& outside) {
  auto const login = login_of(of, entry, outside);
  if (!login) return login.error();
  draft written;
  if (auto const ok = basic{}.format(*login, blank_request(), written, moment(outside)); !ok)
    return about_server(ok.error(), of.name(), "auth");
  written.each([&](std::string_view name, std::string_view value) { to.set(name, value); });
  return {};
}

[[nodiscard]] inline result<key_pair> signing_key(server const& of, json_value entry, context const& outside) {
  key_pair made;
  auto key = expand_field(of, "auth.key", entry["key"].string(), outside);
  if (!key) return key.error();
  made.key = std::move(*key);
  if (!entry["keyId"]) return made;
  auto id = expand_field(of, "auth.keyId", entry["keyId"].string(), outside);
  if (!id) return id.error();
  made.id = std::move(*id);
  return made;
}

[[nodiscard]] inline result<aws_credentials> aws_key(server const& of, json_value entry, context const& outside) {
  auto id = expand_field(of, "auth.accessKeyId", entry["accessKeyId"].string(), outside);
  if (!id) return id.error();
  auto key = expand_field(of, "auth.secretAccessKey", entry["secretAccessKey"].string(), outside);
  if (!key) return key.error();
  aws_credentials made{std::move(*id), std::move(*key), {}};
  if (!entry["sessionToken"]) return made;
  auto token = expand_field(of, "auth.sessionToken", entry["sessionToken"].string(), outside);
  if (!token) return token.error();
  made.session_token = std::move(*token);
  return made;
}

// The texts of a tree with their variables expanded; the depth of a config is limited when it is parsed.
[[nodiscard]] inline result<void> write_expanded(json_writer& out, json_value from, context const& outside) {
  if (from.is_string()) {
    auto const text = expand_field(from.string(), outside);
    if (!text) return text.error();
    out.value(*text);
  } else if (from.is_object()) {
    out.open_object();
    for (auto const [name, member] : from.members()) {
      out.name(name.string());
      if (auto ok = write_expanded(out, member, outside); !ok) return ok.error().within(front_of(name.string(), max_name_shown), ": ");
    }
    out.close();
  } else if (from.is_array()) {
    out.open_array();
    for (auto const element : from.elements())
      if (auto ok = write_expanded(out, element, outside); !ok) return ok;
    out.close();
  } else {
    out.value(from);
  }
  return {};
}

[[nodiscard]] inline result<secret> jwt_key(server const& of, json_value entry, context const& outside) {
  if (auto const key = entry["key"]) return expand_field(of, "auth.key", key.string(), outside);
  auto const path = expand_field(of, "auth.keyFile", entry["keyFile"].string(), outside);
  if (!path) return path.error();
  auto key = file(path_of(of, path->reveal()).reveal()).acquire({}, outside);
  if (!key) return about_server(key.error(), of.name(), "auth.keyFile");
  return key;
}

[[nodiscard]] inline result<http_signature_key> http_signature_key_of(server const& of, json_value entry, key_reader read, context const& outside) {
  http_signature_key made;
  if (auto const id = entry["keyId"]) {
    auto text = expand_field(of, "auth.keyId", id.string(), outside);
    if (!text) return text.error();
    made.id = std::move(*text);
  }
  auto const algorithm = entry["algorithm"].string("hmac-sha256");
  if (algorithm == "hmac-sha256") {
    auto key = jwt_key(of, entry, outside);
    if (!key) return key.error();
    made.shared = std::move(*key);
    return made;
  }
  if (read == nullptr) return about_server(error(errc::fatal, "this program has nothing that reads private keys"), of.name(), "auth.algorithm");
  auto const field = entry["key"] ? std::string_view("auth.key") : std::string_view("auth.keyFile");
  auto text = expand_field(of, field, entry[field.substr(sizeof "auth." - 1)].string(), outside,
                           entry["key"] ? lines_of_variable::taken : lines_of_variable::refused);
  if (!text) return text.error();
  if (entry["keyFile"]) {
    text = file(path_of(of, text->reveal()).reveal()).lines().acquire({}, outside);
    if (!text) return about_server(text.error(), of.name(), field);
  }
  auto const passphrase = expand_field(of, "auth.passphrase", entry["passphrase"].string(), outside);
  if (!passphrase) return passphrase.error();
  auto key = read(text->reveal(), key_algorithm(algorithm), passphrase->reveal());
  if (!key) return about_server(key.error(), of.name(), field);
  made.own = std::move(*key);
  return made;
}

/// A header whose token is minted here.
struct minted_header {
  owned_text name, prefix;
  minted_jwt<hmac_key<fixed<secret>>> token;
};

[[nodiscard]] inline result<minted_header> minted_header_of(server const& of, json_value entry, context const& outside) {
  auto key = jwt_key(of, entry, outside);
  if (!key) return key.error();
  secret claims;
  json_writer json(claims);
  if (auto ok = write_expanded(json, entry["claims"], outside); !ok) return about_server(ok.error(), of.name(), "auth.claims");
  if (auto ok = json.finish(); !ok) return about_server(ok.error(), of.name(), "auth.claims");
  jwt_claims wanted{.unique_id = !entry["claims"]["jti"], .custom = owned_text(claims.reveal())};
  if (auto const ttl = entry["ttl"]) wanted.lifetime = seconds(ttl.integer().value_or(0));

  auto const header = entry["header"];
  minted_header made{header ? header.string() : "Authorization",
                     entry["prefix"] ? entry["prefix"].string() : header ? "" : "Bearer ",
                     minted_jwt(hmac_key(entry["algorithm"].string(), fixed(std::move(*key))), std::move(wanted))};
  if (auto ok = made.token.check(); !ok) return about_server(ok.error(), of.name(), "auth");
  return made;
}

}  // namespace countersign::inline v0::mcp::detail
