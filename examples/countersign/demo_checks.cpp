#include "demo_checks.hpp"

#include "demo_signatures.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>
#include <ctime>
#include <initializer_list>
#include <vector>

namespace program {

namespace {

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

using header_of = std::function<std::string(std::string const&)>;

// How far a clock may be off, in seconds.
constexpr long max_skew = 300;

bool is_near_now(long seconds) { return std::labs(seconds - static_cast<long>(std::time(nullptr))) <= max_skew; }

std::string bearer(header_of const& header, std::string const& token) {
  auto const sent = header("Authorization");
  if (sent.empty()) return "no Authorization";
  if (sent.rfind("Bearer ", 0) != 0) return "not the scheme Bearer";
  return same(std::string_view(sent).substr(7), token) ? "" : "wrong token";
}

std::string basic(header_of const& header, std::string const& user, std::string const& password) {
  auto const sent = header("Authorization");
  if (sent.rfind("Basic ", 0) != 0) return "not the scheme Basic";
  auto const text = sent.substr(6);
  std::vector<unsigned char> bytes(text.size() + 1);
  auto const size = EVP_DecodeBlock(bytes.data(), reinterpret_cast<unsigned char const*>(text.data()),
                                    static_cast<int>(text.size()));
  if (size < 0) return "no base64";
  std::string login(bytes.begin(), bytes.begin() + size);
  // OpenSSL counts the bytes that '=' stands for.
  for (std::size_t i = text.size(); i > 0 && text[i - 1] == '='; --i) login.pop_back();
  return same(login, user + ":" + password) ? "" : "wrong user or password";
}

std::string value(header_of const& header, std::string const& name, std::string const& wanted) {
  auto const sent = header(name);
  if (sent.empty()) return "no " + name;
  return same(sent, wanted) ? "" : "wrong " + name;
}

std::string hmac(EVP_MD const* hash, std::string const& key, std::string const& message) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(hash, key.data(), static_cast<int>(key.size()),
       reinterpret_cast<unsigned char const*>(message.data()), message.size(), bytes, &size);
  return std::string(bytes, bytes + size);
}

std::string hex(std::string const& bytes) {
  std::string digits;
  for (char const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15];
  }
  return digits;
}

std::string base64(std::string const& bytes) {
  std::vector<unsigned char> text(bytes.size() * 4 / 3 + 5);
  auto const size = EVP_EncodeBlock(text.data(), reinterpret_cast<unsigned char const*>(bytes.data()),
                                    static_cast<int>(bytes.size()));
  return std::string(text.begin(), text.begin() + size);
}

std::string base64url(std::string const& bytes) {
  auto text = base64(bytes);
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

// As `date -Iseconds` writes it in UTC.
std::string stale_date(std::string const& text) {
  std::tm parts{};
  auto const* const rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr || std::string_view(rest) != "+00:00") return "X-Timestamp is no date";
  return is_near_now(::timegm(&parts)) ? "" : "X-Timestamp is old";
}

// The founding scheme: the time alone is signed.
std::string signed_time(header_of const& header, demo_credentials const& wanted) {
  auto const time = header("X-Timestamp");
  if (auto const stale = stale_date(time); !stale.empty()) return stale;
  if (!same(header("X-API-Key"), wanted.signing_id)) return "wrong X-API-Key";
  auto const code = hex(hmac(EVP_sha256(), wanted.signing_key, time));
  return same(header("X-Signature"), code) ? "" : "wrong X-Signature";
}

// All of the request is signed: method, path, Unix time, nonce and body, a line each.
std::string signed_request(demo_request const& asked, demo_credentials const& wanted) {
  auto const sent = asked.header("X-Auth");  // t=…,n=…,v=…
  auto const n = sent.find(",n="), v = sent.find(",v=");
  if (sent.rfind("t=", 0) != 0 || n == std::string::npos || v == std::string::npos || v < n)
    return "X-Auth can't be read";
  auto const time = sent.substr(2, n - 2), nonce = sent.substr(n + 3, v - n - 3);
  if (!is_near_now(std::strtol(time.c_str(), nullptr, 10))) return "X-Auth is old";
  auto const message = asked.method + "\n" + asked.target + "\n" + time + "\n" + nonce + "\n" + asked.body;
  auto const code = base64(hmac(EVP_sha512(), wanted.signing_key, message));
  return same(sent.substr(v + 3), code) ? "" : "wrong X-Auth";
}

// A claim's number or its text, as far as this demo's own tokens go.
std::string claim(std::string const& claims, std::string const& name) {
  auto const at = claims.find("\"" + name + "\":");
  if (at == std::string::npos) return "";
  auto const from = at + name.size() + 3;
  if (claims[from] == '"') return claims.substr(from + 1, claims.find('"', from + 1) - from - 1);
  return claims.substr(from, claims.find_first_of(",}", from) - from);
}

std::string jwt(header_of const& header, std::string const& key) {
  auto const sent = header("Authorization");
  if (sent.rfind("Bearer ", 0) != 0) return "not the scheme Bearer";
  auto const token = sent.substr(7);
  auto const first = token.find('.'), second = token.rfind('.');
  if (first == std::string::npos || first == second) return "no JWT";
  if (token.substr(0, first) != base64url(R"({"alg":"HS256","typ":"JWT"})")) return "another JWT header";
  auto const code = base64url(hmac(EVP_sha256(), key, token.substr(0, second)));
  if (!same(token.substr(second + 1), code)) return "wrong JWT signature";
  auto claims = token.substr(first + 1, second - first - 1);
  for (char& c : claims) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (claims.size() % 4 != 0) claims += '=';
  std::vector<unsigned char> bytes(claims.size());
  auto const size = EVP_DecodeBlock(bytes.data(), reinterpret_cast<unsigned char const*>(claims.data()),
                                    static_cast<int>(claims.size()));
  if (size < 0) return "no base64url";
  std::string const said(bytes.begin(), bytes.begin() + size);
  if (claim(said, "aud") != "demo") return "a JWT for somebody else";
  return std::strtol(claim(said, "exp").c_str(), nullptr, 10) > std::time(nullptr) ? "" : "an expired JWT";
}

std::string first_of(std::initializer_list<std::string> reasons) {
  for (auto const& reason : reasons)
    if (!reason.empty()) return reason;
  return "";
}

}  // namespace

std::string refusal(std::string_view name, demo_request const& asked, demo_credentials const& wanted) {
  auto const& header = asked.header;
  if (name == "bearer" || name == "websocket") return bearer(header, wanted.token);
  if (name == "api-key")
    return first_of(
        {value(header, "X-API-Key", wanted.api_key), value(header, "X-API-Secret", wanted.api_secret)});
  if (name == "custom")
    return first_of({value(header, "X-Auth-Token", wanted.auth_token),
                     value(header, "X-User-ID", wanted.user_id),
                     value(header, "X-Tenant-ID", wanted.tenant_id)});
  if (name == "basic") return basic(header, wanted.user, wanted.password);
  if (name == "tenant-header")
    return first_of({bearer(header, wanted.token), value(header, "X-Workspace-ID", wanted.workspace)});
  if (name == "tenant-url") {
    auto const host = header("Host");
    return same(host.substr(0, host.find('.')), wanted.tenant) ? "" : "no such tenant";
  }
  if (name == "helper") return bearer(header, wanted.helper_token);
  if (name == "hmac") return signed_time(header, wanted);
  if (name == "hmac-body") return signed_request(asked, wanted);
  if (name == "jwt") return jwt(header, wanted.jwt_key);
  if (name == "message-signature") return message_signature(asked, wanted.message_id, shared_key(wanted.message_key));
  if (name == "message-signature-key") return message_signature(asked, wanted.public_id, ed25519_key(wanted.public_key));
  if (name == "dotenv") return bearer(header, wanted.dotenv_token);
  if (name == "database") return basic(header, wanted.database_user, wanted.database_password);
  return "nobody is served here";
}

}  // namespace program
