// link: crypto
// The answer to a Digest challenge that is known already, SHA-256 and qop auth: by hand (the floor, which keeps the hash
// of the login), by composed policies, and with OpenSSL as usually written. Each time has a count of its own.

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/digest.hpp>
#include <countersign/source/fixed.hpp>

#include "by_hand.hpp"
#include "primitives_by_hand.hpp"
#include "table.hpp"

#include <openssl/evp.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace {

constexpr std::string_view origin = "https://api.example.com",
                           url = "https://api.example.com/v1/items?page=2", target = "/v1/items?page=2",
                           user = "Mufasa", password = "Circle of Life", realm = "http-auth@example.org",
                           opaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
                           nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
by_hand::request const request{"GET", url};
char room[1024];

std::string hash_of(std::string const& text) {
  unsigned char bytes[32];
  EVP_Digest(text.data(), text.size(), bytes, nullptr, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned char const c : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", c);
    hex += two;
  }
  return hex;
}
std::string login_hash() {
  return hash_of(std::string(user) + ":" + std::string(realm) + ":" + std::string(password));
}
std::string written(std::string const& nc, std::string const& cnonce) {
  auto const response = hash_of(login_hash() + ":" + std::string(nonce) + ":" + nc + ":" + cnonce +
                                ":auth:" + hash_of("GET:" + std::string(target)));
  return "Authorization: Digest username=\"" + std::string(user) + "\", realm=\"" + std::string(realm) +
         "\", nonce=\"" + std::string(nonce) + "\", uri=\"" + std::string(target) +
         "\", algorithm=SHA-256, response=\"" + response + "\", opaque=\"" + std::string(opaque) +
         "\", qop=auth, nc=" + nc + ", cnonce=\"" + cnonce + "\"\r\n";
}
// Whether it is what OpenSSL makes of the same count and cnonce.
bool verifies(std::string_view made) {
  auto const behind = [&](std::string_view mark, std::size_t size) {
    auto const at = made.find(mark);
    return at == made.npos ? std::string() : std::string(made.substr(at + mark.size(), size));
  };
  return made == written(behind(", nc=", 8), behind(", cnonce=\"", 32));
}

#if defined(__x86_64__)
char* put(char* to, std::string_view bytes) {
  std::memcpy(to, bytes.data(), bytes.size());
  return to + bytes.size();
}

struct by_hand_digest {
  by_hand::bound bound{origin};
  std::string key = login_hash(), front, middle, back, cnonce = std::string(32, 'c');
  std::shared_ptr<std::atomic<std::uint32_t>> count = std::make_shared<std::atomic<std::uint32_t>>(0);

  by_hand_digest() {
    auto const whole = written("________", cnonce);
    auto const response = whole.find("response=\"") + 10, nc = whole.find("nc=") + 3;
    front = whole.substr(0, response).substr(15);
    middle = whole.substr(response + 64, nc - response - 64);
    back = whole.substr(nc + 8, whole.size() - nc - 8 - 2);
  }
  std::string_view operator()() {
    if (!bound.goes_there(request.url())) return {};
    auto const uses = ++*count;
    char text[512], nc[8], hex[64];
    unsigned char code[32];
    for (int i = 0; i < 8; ++i) nc[i] = "0123456789abcdef"[uses >> (28 - 4 * i) & 15];
    auto* at = put(put(put(text, request.method()), ":"), request.target());
    by_hand::hmac::hash(text, static_cast<std::size_t>(at - text), code);
    by_hand::put_hex(hex, code);
    at = put(put(put(put(put(put(text, key), ":"), nonce), ":"), {nc, 8}), ":");
    at = put(put(put(at, cnonce), ":auth:"), {hex, 64});
    by_hand::hmac::hash(text, static_cast<std::size_t>(at - text), code);
    by_hand::put_hex(hex, code);
    by_hand::wire sink{room, room + sizeof room};
    at = put(put(put(put(put(text, front), {hex, 64}), middle), {nc, 8}), back);
    if (!sink("Authorization", {text, static_cast<std::size_t>(at - text)})) return {};
    return {room, static_cast<std::size_t>(sink.at - room)};
  }
};
#endif

auto policies() {
  return cs::authenticator{cs::fixed{cs::basic_login{cs::secret(user), cs::secret(password)}}, cs::digest{},
                           cs::only{origin}};
}
struct by_policies {
  std::shared_ptr<decltype(policies())> auth = std::make_shared<decltype(policies())>(policies());

  by_policies() {
    cs::request const first("GET", url);
    static_cast<void>(cs::send(*auth, first, [](cs::request const& sent) -> cs::result<cs::response> {
      if (sent.get("Authorization")) return cs::response(200);
      cs::response asked(401);
      asked.headers.append("WWW-Authenticate",
                           "Digest realm=\"" + std::string(realm) + "\", nonce=\"" + std::string(nonce) +
                               "\", qop=\"auth\", algorithm=SHA-256, opaque=\"" + std::string(opaque) + "\"");
      return asked;
    }));
  }
  std::string_view operator()() const {
    by_hand::wire sink{room, room + sizeof room};
    if (!auth->authorize(request, sink)) return {};
    return {room, static_cast<std::size_t>(sink.at - room)};
  }
};

struct by_openssl {
  std::uint32_t count = 0;
  std::string operator()() {
    char nc[9];
    std::snprintf(nc, sizeof nc, "%08x", ++count);
    return written(nc, std::string(32, 'c'));
  }
};

}  // namespace

int main(int argc, char** argv) {
#if defined(__x86_64__)
  if (by_hand::hmac::available()) table::add("Digest answer/SHA-256, auth/floor", by_hand_digest(), verifies);
#endif
  table::add("Digest answer/SHA-256, auth/countersign", by_policies(), verifies);
  table::add("Digest answer/SHA-256, auth/OpenSSL, std::string", by_openssl(), verifies);
  return table::main(argc, argv);
}
