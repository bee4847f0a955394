#include "demo_checks.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <vector>

namespace program {

namespace {

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

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

std::string first_of(std::initializer_list<std::string> reasons) {
  for (auto const& reason : reasons)
    if (!reason.empty()) return reason;
  return "";
}

}  // namespace

std::string refusal(std::string_view name, header_of const& header, demo_credentials const& wanted) {
  if (name == "bearer") return bearer(header, wanted.token);
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
  if (name == "database") return basic(header, wanted.database_user, wanted.database_password);
  return "nobody is served here";
}

}  // namespace program
