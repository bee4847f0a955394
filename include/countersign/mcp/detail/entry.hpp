#pragma once
// One server of a config: which type it is, and whether all that is said about it has the right shape.

#include <countersign/core/result.hpp>
#include <countersign/mcp/detail/keys.hpp>
#include <countersign/mcp/detail/shapes.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/text/json_value.hpp>
#include <countersign/text/origin.hpp>
#include <countersign/text/url.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

// As the key `type` names it; another name is found wrong elsewhere.
[[nodiscard]] constexpr server_type type_of(std::string_view name) noexcept {
  if (name == "sse") return server_type::sse;
  if (name == "ws") return server_type::ws;
  if (name == "stdio") return server_type::stdio;
  return server_type::http;  // and "streamable-http"
}

/// What an entry that passed `check_entry` is: the same decision, without words.
[[nodiscard]] inline server_type type_of(json_value entry) noexcept {
  if (entry["type"]) return type_of(entry["type"].string());
  return entry["url"] ? server_type::http : server_type::stdio;
}

class entry_check {
public:
  entry_check(shape_check const& about, json_value entry) noexcept : about_(&about), entry_(entry) {}

  [[nodiscard]] result<void> run() const {
    for (auto step : {&entry_check::type, &entry_check::own_keys, &entry_check::url, &entry_check::tls,
                      &entry_check::oauth, &entry_check::auth})
      if (auto ok = (this->*step)(); !ok) return ok;
    return {};
  }

private:
  [[nodiscard]] bool is_stdio() const noexcept { return type_of(entry_) == server_type::stdio; }

  [[nodiscard]] result<void> type() const {
    auto const type = entry_["type"], url = entry_["url"], command = entry_["command"];
    if (type) {
      if (!type.is_string())
        return about_->wrong(type, "type: expected a string, found ", countersign::name(type.kind()));
      if (auto ok = about_->choice(type, "", "type", type_names); !ok) return ok;
    } else if (url && command) {
      return about_->wrong(entry_,
                           "\"url\" and \"command\" both stand here, and no \"type\" to tell which is meant");
    } else if (url) {
      about_->odd(url,
                  "url without \"type\": taken as http; some clients refuse it, so add \"type\": \"http\"");
    } else if (!command) {
      return about_->wrong(entry_, "expected a \"url\" or a \"command\"");
    }
    if (is_stdio() && !command) return about_->wrong(entry_, "a stdio server needs a \"command\"");
    if (!is_stdio() && !url) return about_->wrong(entry_, "this type of server needs a \"url\"");
    return {};
  }

  [[nodiscard]] result<void> own_keys() const {
    if (auto ok = about_->members(entry_, "", server_keys); !ok) return ok;
    for (auto const& known : server_keys)
      if (is_stdio() ? !known.stdio : !known.remote)
        if (auto const value = entry_[known.name])
          about_->odd(value, known.name,
                      is_stdio() ? ": it means nothing to a stdio server"
                                 : ": it means something to a stdio server only");
    return warn_of_bare_token();
  }

  // "Authorization": "sk-abc": a token where a scheme should stand. Some servers want just that.
  [[nodiscard]] result<void> warn_of_bare_token() const {
    for (auto const [name, value] : entry_["headers"].members()) {
      if (!equal_without_case(name.string(), "Authorization")) continue;
      if (!value.string().empty() && value.string().find_first_of(" \t$") == std::string_view::npos)
        about_->odd(value, "headers.", name.string(),
                    ": no scheme before the credential; most servers want \"Bearer …\"");
    }
    return {};
  }

  [[nodiscard]] result<void> url() const {
    auto const value = entry_["url"];
    if (!value || is_stdio()) return {};
    auto const said = value.string();
    if (said.size() > max_url_size)
      return error(errc::too_large,
                   about_->wrong(value, "url: longer than ", max_url_size, " bytes").message());
    if (names_variable(said)) return {};  // checked once it is expanded
    return literal_url(value);
  }
  [[nodiscard]] result<void> literal_url(json_value value) const {
    auto const url = parse_url(value.string());
    if (!url) return about_->wrong(value, "url: ", url.error().message());
    if (url->has_userinfo)
      return about_->wrong(value,
                           "url: it holds a user or a password; use \"auth\": {\"type\": \"basic\", …}");
    bool const socket = equal_without_case(url->scheme, "ws") || equal_without_case(url->scheme, "wss");
    if (socket != (type_of(entry_) == server_type::ws))
      return about_->wrong(value, "url: a server of this type is at ",
                           socket ? "http:// or https://" : "ws:// or wss://");
    return {};
  }

  [[nodiscard]] result<void> tls() const {
    auto const tls = entry_["tls"];
    if (!tls) return {};
    if (auto ok = about_->members(tls, "tls.", tls_keys); !ok) return ok;
    if (auto const secret = tls["passphrase"]; secret && !is_one_variable(secret.string()))
      return about_->wrong(secret,
                           "tls.passphrase: a passphrase is never in this file; write \"${VARIABLE}\"");
    return {};
  }

  [[nodiscard]] result<void> oauth() const {
    auto const oauth = entry_["oauth"];
    if (!oauth) return {};
    if (auto ok = about_->members(oauth, "oauth.", oauth_keys); !ok) return ok;
    if (auto ok = about_->choice(oauth["grantType"], "oauth.", "grantType", grant_types); !ok) return ok;
    if (auto const secret = oauth["clientSecret"]; secret && !is_one_variable(secret.string()))
      return about_->wrong(
          secret, "oauth.clientSecret: a client secret is never in this file; write \"${VARIABLE}\"");
    if (auto const shown = oauth["certificate"]; shown.boolean() && !entry_["tls"]["cert"])
      return about_->wrong(shown, "oauth.certificate: there is none to be shown; name its file as tls.cert");
    auto const metadata = oauth["authServerMetadataUrl"];
    if (!metadata || names_variable(metadata.string())) return {};
    auto const origin = origin_of(metadata.string());
    if (!origin) return about_->wrong(metadata, "oauth.authServerMetadataUrl: ", origin.error().message());
    if (origin->scheme() != "https" && !(origin->scheme() == "http" && origin->loopback()))
      return about_->wrong(metadata, "oauth.authServerMetadataUrl: expected https (or http on loopback)");
    return {};
  }

  [[nodiscard]] result<void> auth() const {
    auto const auth = entry_["auth"];
    if (auth.is_object()) return one_auth(auth, "auth.");
    for (auto const one : auth.elements()) {
      if (!one.is_object())
        return about_->wrong(one, "auth: expected an object, found ", countersign::name(one.kind()));
      if (auto ok = one_auth(one, "auth."); !ok) return ok;
    }
    return {};
  }
  [[nodiscard]] result<void> one_auth(json_value one, std::string_view inside) const {
    auto const type = one["type"];
    if (!type) return about_->wrong(one, "auth.type is missing");
    if (!type.is_string())
      return about_->wrong(type, "auth.type: expected a string, found ", countersign::name(type.kind()));
    if (auto ok = about_->choice(type, inside, "type", auth_types); !ok) return ok;
    if (auto const known = auth_keys(type.string()); !known.empty())
      if (auto ok = about_->members(one, inside, known); !ok) return ok;
    if (type.string() == "jwt" && one["key"].is_string() == one["keyFile"].is_string())
      return about_->wrong(one, "auth: a jwt needs either \"key\" or \"keyFile\"");
    if (type.string() == "hmac")
      if (auto ok = about_->choice(one["algorithm"], inside, "algorithm", hmac_algorithms); !ok) return ok;
    if (type.string() == "http_signature")
      if (auto ok = http_signature(one, inside); !ok) return ok;
    if (auto ok = about_->choice(one["encoding"], inside, "encoding", hmac_encodings); !ok) return ok;
    if (auto ok = about_->choice(one["timestamp"], inside, "timestamp", hmac_timestamps); !ok) return ok;
    return writes_alone(one);
  }

  [[nodiscard]] result<void> http_signature(json_value one, std::string_view inside) const {
    if (one["key"].is_string() == one["keyFile"].is_string())
      return about_->wrong(one, "auth: an http_signature needs either \"key\" or \"keyFile\"");
    if (auto ok = about_->choice(one["algorithm"], inside, "algorithm", signature_algorithms); !ok) return ok;
    if (auto ok = about_->choice(one["keyEncoding"], inside, "keyEncoding", key_encodings); !ok) return ok;
    if (auto ok = about_->choice(one["digest"], inside, "digest", digest_hashes); !ok) return ok;
    bool const shared = one["algorithm"].string("hmac-sha256") == "hmac-sha256";
    if (auto const form = one["keyEncoding"]; form && !shared)
      return about_->wrong(form, "auth.keyEncoding: it is for hmac-sha256; a private key is PEM or a JWK");
    if (auto const secret = one["passphrase"]; secret && shared)
      return about_->wrong(secret, "auth.passphrase: it is for private keys, and hmac-sha256 has none");
    else if (secret && !is_one_variable(secret.string()))
      return about_->wrong(secret, "auth.passphrase: a passphrase is never in this file; write \"${VARIABLE}\"");
    if (auto const components = one["components"]; components && components.size() == 0)
      return about_->wrong(components, "auth.components: expected at least one, as \"@method\"");
    for (std::string_view const as_it_is : {"label", "tag"})
      if (auto const text = one[as_it_is]; text && names_variable(text.string()))
        return about_->wrong(text, "auth.", as_it_is, ": no variable is expanded here");
    return {};
  }

  // What `auth` writes would silently take the place of a header that stands there too.
  [[nodiscard]] result<void> writes_alone(json_value one) const {
    auto const type = one["type"].string();
    if (type != "basic" && type != "digest" && type != "jwt" && type != "sigv4") return {};
    auto const header = type == "jwt" && one["header"] ? one["header"].string() : "Authorization";
    if (!is_token(header) || header.size() > max_field_name)
      return about_->wrong(
          one["header"],
          "auth.header: no header name; expected letters, digits or !#$%&'*+-.^_`|~ (RFC 9110)");
    for (auto const [name, value] : entry_["headers"].members())
      if (equal_without_case(name.string(), header))
        return about_->wrong(one, "auth: ", type, " writes ", front_of(header, max_name_shown),
                             ", and so does headers.", front_of(name.string(), max_name_shown), " on line ",
                             value.where().line, "; keep one");
    return {};
  }

  shape_check const* about_;
  json_value entry_;
};

}  // namespace countersign::inline v0::mcp::detail
