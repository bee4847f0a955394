#include "demo_digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <random>
#include <string_view>

namespace program {

namespace {

// Requests that one nonce lets in; a session of the demo's takes more, so that it runs out before the user's eyes.
constexpr unsigned max_uses = 3;
constexpr std::string_view ran_out = "stale nonce", realm = "demo";

std::string hash(std::initializer_list<std::string_view> pieces) {
  std::string text;
  for (auto const& piece : pieces) text.append(&piece == pieces.begin() ? "" : ":").append(piece);
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), bytes, &size, EVP_sha256(), nullptr);
  std::string digits;
  for (unsigned int i = 0; i < size; ++i) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", bytes[i]);
    digits += two;
  }
  return digits;
}

// A parameter of Authorization, without its quotes; what this demo's names hold needs no escapes.
std::string parameter(std::string const& field, std::string const& name) {
  auto at = field.find(name + "=");
  while (at != std::string::npos && field[at - 1] != ' ') at = field.find(name + "=", at + 1);
  if (at == std::string::npos) return "";
  auto const from = at + name.size() + 1;
  if (field[from] == '"') return field.substr(from + 1, field.find('"', from + 1) - from - 1);
  return field.substr(from, field.find(',', from) - from);
}

}  // namespace

std::string demo_digest::refusal(demo_request const& asked, std::string const& user,
                                 std::string const& password) {
  auto const sent = asked.header("Authorization");
  if (sent.empty()) return "no Authorization";
  if (sent.rfind("Digest ", 0) != 0) return "not the scheme Digest";
  auto const said = [&](char const* name) { return parameter(sent, name); };
  auto const nonce = said("nonce"), nc = said("nc"), cnonce = said("cnonce");
  if (said("realm") != realm || said("algorithm") != "SHA-256" || said("qop") != "auth-int")
    return "another challenge is answered";
  if (said("uri") != asked.target) return "another uri";
  auto const key = hash({user, realm, password});
  auto const what = hash({asked.method, asked.target, hash({asked.body})});
  auto const wanted = hash({key, nonce, nc, cnonce, "auth-int", what});
  auto const response = said("response");
  bool const same =
      response.size() == wanted.size() && CRYPTO_memcmp(response.data(), wanted.data(), wanted.size()) == 0;
  if (!same || said("username") != user) return "wrong user or password";

  std::lock_guard const guard(lock_);
  auto const found = uses_.find(nonce);
  if (found == uses_.end() || found->second == max_uses) return std::string(ran_out);
  char next[9];
  std::snprintf(next, sizeof next, "%08x", found->second + 1);
  if (nc != next) return "wrong nc";
  ++found->second;
  return "";
}

std::string demo_digest::challenge(std::string const& reason) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::lock_guard const guard(lock_);
  std::random_device source;
  std::string nonce;
  for (int i = 0; i < 32; ++i) nonce += digits[source() % digits.size()];
  uses_.emplace(nonce, 0);
  return "Digest realm=\"" + std::string(realm) + "\", nonce=\"" + nonce +
         "\", qop=\"auth-int\", algorithm=SHA-256" + (reason == ran_out ? ", stale=true" : "");
}

}  // namespace program
