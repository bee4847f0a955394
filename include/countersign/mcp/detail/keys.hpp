#pragma once
// What a `.mcp.json` may say, as tables.

#include <countersign/core/detail/some.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// The type of a value.
enum class shape : std::uint8_t {
  text,          // a string that is not empty
  any_text,      // a string
  texts,         // an array of strings
  command_line,  // a string, or an array of strings, not empty
  fields,        // an object of strings whose names are header names
  variables,     // an object of strings whose names are names of environment variables
  flag,          // a boolean
  positive,      // a whole number above 0
  milliseconds,  // 1 to a day
  port,          // 1 to 65535
  object,        // an object, looked at elsewhere
  list,          // an object or an array of objects, looked at elsewhere
};

using countersign::detail::some;

struct key {
  std::string_view name;
  shape what;
  bool remote = true, stdio = true;  // which types of server it means something to
  bool required = false;
};

// Of a server.
inline constexpr key server_keys[] = {
    {"type", shape::text},
    {"url", shape::text, true, false},
    {"headers", shape::fields, true, false},
    {"headersHelper", shape::command_line, true, false},
    {"oauth", shape::object, true, false},
    {"auth", shape::list, true, false},
    {"tls", shape::object, true, false},
    {"allowHttp", shape::flag, true, false},
    {"timeout", shape::milliseconds},
    {"envFile", shape::text},
    {"command", shape::text, false, true},
    {"args", shape::texts, false, true},
    {"env", shape::variables, false, true},
};
inline constexpr key tls_keys[] = {
    {"cert", shape::text},
    {"key", shape::text},
    {"ca", shape::text},
    {"passphrase", shape::text},
};
inline constexpr key oauth_keys[] = {
    {"clientId", shape::text},       {"callbackPort", shape::port},  {"authServerMetadataUrl", shape::text},
    {"scopes", shape::any_text},     {"grantType", shape::text},     {"clientSecret", shape::text},
    {"privateKeyFile", shape::text}, {"assertionFile", shape::text}, {"dpop", shape::flag},
    {"redirectHost", shape::text},   {"profile", shape::text},       {"certificate", shape::flag},
};
inline constexpr std::string_view grant_types[] = {"authorization_code", "device_code", "client_credentials",
                                                   "jwt_bearer"};

// Of an entry under `auth`, by its type. Types without keys here are not looked into.
inline constexpr key basic_keys[] = {
    {"type", shape::text},
    {"user", shape::any_text, true, true, true},
    {"password", shape::any_text, true, true, true},
};
inline constexpr key jwt_keys[] = {
    {"type", shape::text},
    {"algorithm", shape::text, true, true, true},
    {"key", shape::text},
    {"keyFile", shape::text},
    {"claims", shape::object, true, true, true},
    {"ttl", shape::positive},
    {"header", shape::text},
    {"prefix", shape::any_text},
};
inline constexpr key hmac_keys[] = {
    {"type", shape::text},     {"algorithm", shape::text},
    {"encoding", shape::text}, {"key", shape::text, true, true, true},
    {"keyId", shape::text},    {"timestamp", shape::text},
    {"message", shape::text},  {"headers", shape::fields},
};
inline constexpr key sigv4_keys[] = {
    {"type", shape::text},
    {"region", shape::text, true, true, true},
    {"service", shape::text, true, true, true},
    {"accessKeyId", shape::text, true, true, true},
    {"secretAccessKey", shape::text, true, true, true},
    {"sessionToken", shape::any_text},
};
inline constexpr key http_signature_keys[] = {
    {"type", shape::text},       {"algorithm", shape::text},   {"key", shape::text},
    {"keyFile", shape::text},    {"passphrase", shape::text},  {"keyEncoding", shape::text},
    {"keyId", shape::text},      {"components", shape::texts}, {"label", shape::text},
    {"tag", shape::text},        {"ttl", shape::positive},     {"created", shape::flag},
    {"nonce", shape::flag},      {"alg", shape::flag},         {"digest", shape::text},
};
/// How many keys the longest of these tables has.
inline constexpr std::size_t most_keys = 16;
static_assert(sizeof http_signature_keys <= most_keys * sizeof(key) && sizeof server_keys <= most_keys * sizeof(key));
inline constexpr std::string_view signature_algorithms[] = {
    "hmac-sha256", "ed25519", "ecdsa-p256-sha256", "ecdsa-p384-sha384", "rsa-pss-sha512", "rsa-v1_5-sha256"};
inline constexpr std::string_view key_encodings[] = {"raw", "base64", "base64url", "hex"};
inline constexpr std::string_view digest_hashes[] = {"sha-256", "sha-512"};
inline constexpr std::string_view hmac_algorithms[] = {"sha256", "sha384", "sha512"};
inline constexpr std::string_view hmac_encodings[] = {"hex", "base64", "base64url"};
inline constexpr std::string_view hmac_timestamps[] = {"iso8601", "unix"};

inline constexpr std::string_view auth_types[] = {"basic",  "jwt",   "hmac",
                                                  "digest", "sigv4", "http_signature"};

[[nodiscard]] constexpr some<key> auth_keys(std::string_view type) noexcept {
  if (type == "basic" || type == "digest") return basic_keys;
  if (type == "jwt") return jwt_keys;
  if (type == "hmac") return hmac_keys;
  if (type == "sigv4") return sigv4_keys;
  if (type == "http_signature") return http_signature_keys;
  return {};
}

inline constexpr std::string_view type_names[] = {"http", "sse", "ws", "stdio", "streamable-http"};

// Fields that frame the message: they are the transport's alone (RFC 9112 §6, §9).
inline constexpr std::string_view framing_fields[] = {"Content-Length", "Transfer-Encoding", "Connection"};

}  // namespace countersign::inline v0::mcp::detail
