// link: crypto
// HTTP message signatures (RFC 9421) with HMAC over three components: by hand (the floor), by composed policies, and with
// OpenSSL as usually written. The clock is read each time, as it must be.

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/http_signature.hpp>
#include <countersign/source/fixed.hpp>

#include "by_hand.hpp"
#include "primitives_by_hand.hpp"
#include "table.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace {

constexpr std::string_view origin = "https://api.example.com", host = "api.example.com",
                           url = "https://api.example.com/v1/items?page=2", path = "/v1/items",
                           key_id = "app-1",
                           key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
by_hand::request const request{"GET", url};
char room[1024];

// What OpenSSL makes of it at that second.
std::string written(std::string const& created) {
  auto const input =
      "(\"@method\" \"@authority\" \"@path\");created=" + created + ";keyid=\"" + std::string(key_id) + "\"";
  auto const base = "\"@method\": GET\n\"@authority\": " + std::string(host) +
                    "\n\"@path\": " + std::string(path) + "\n\"@signature-params\": " + input;
  unsigned char code[32], text[48];
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<unsigned char const*>(base.data()), base.size(), code, nullptr);
  auto const size = EVP_EncodeBlock(text, code, sizeof code);
  return "Signature-Input: sig1=" + input + "\r\nSignature: sig1=:" +
         std::string(reinterpret_cast<char const*>(text), static_cast<std::size_t>(size)) + ":\r\n";
}
// Whether it is that, and of now.
bool verifies(std::string_view made) {
  constexpr std::string_view mark = ";created=";
  auto const at = made.find(mark);
  if (at == made.npos) return false;
  std::string const created(made.substr(at + mark.size(), made.find(';', at + 1) - at - mark.size()));
  return made == written(created) &&
         std::labs(std::strtol(created.c_str(), nullptr, 10) - std::time(nullptr)) <= 2;
}

#if defined(__x86_64__)
char* put(char* to, std::string_view bytes) {
  std::memcpy(to, bytes.data(), bytes.size());
  return to + bytes.size();
}

// Everything that is the same in each request is put together once, the time once a second.
struct by_hand_signature {
  by_hand::bound bound{origin};
  by_hand::hmac::key prepared;
  std::time_t now = -1;
  std::string input;

  by_hand_signature() {
    char block[64] = {};
    std::memcpy(block, key.data(), key.size());
    prepared = by_hand::hmac::prepare(block);
  }
  __attribute__((noinline)) void set(std::time_t second) {
    now = second;
    input = "(\"@method\" \"@authority\" \"@path\");created=" + std::to_string(now) + ";keyid=\"" +
            std::string(key_id) + "\"";
  }
  std::string_view operator()() {
    if (!bound.goes_there(request.url())) return {};
    if (auto const second = std::time(nullptr); second != now) [[unlikely]]
      set(second);
    char text[512];
    unsigned char code[32];
    auto* at = put(put(text, "\"@method\": "), request.method());
    at = put(put(at, "\n\"@authority\": "), request.origin().substr(8));
    auto const target = request.target();
    at = put(put(at, "\n\"@path\": "), target.substr(0, target.find('?')));
    at = put(put(at, "\n\"@signature-params\": "), input);
    by_hand::hmac::code_of_any(prepared, text, static_cast<std::size_t>(at - text), code);
    by_hand::wire sink{room, room + sizeof room};
    at = put(put(text, "sig1="), input);
    if (!sink("Signature-Input", {text, static_cast<std::size_t>(at - text)})) return {};
    at = put(text, "sig1=:");
    by_hand::base64::encode(at, reinterpret_cast<char const*>(code), sizeof code);
    std::memcpy(at + 43, "=:", 2);  // of the 44 that 32 bytes become
    if (!sink("Signature", {text, static_cast<std::size_t>(at + 45 - text)})) return {};
    return {room, static_cast<std::size_t>(sink.at - room)};
  }
};
#endif

auto policies() {
  return cs::authenticator{cs::fixed{cs::key_pair{.id = cs::secret(key_id), .key = cs::secret(key)}},
                           cs::http_signature_without_body{{.components = "@method, @authority, @path"}},
                           cs::only{origin}};
}

struct by_policies {
  std::shared_ptr<decltype(policies())> auth = std::make_shared<decltype(policies())>(policies());

  std::string_view operator()() const {
    by_hand::wire sink{room, room + sizeof room};
    if (!auth->authorize(request, sink)) return {};
    return {room, static_cast<std::size_t>(sink.at - room)};
  }
};

}  // namespace

int main(int argc, char** argv) {
#if defined(__x86_64__)
  if (by_hand::hmac::available() && by_hand::base64::available())
    table::add("RFC 9421, HMAC/3 components/floor", by_hand_signature(), verifies);
#endif
  table::add("RFC 9421, HMAC/3 components/countersign", by_policies(), verifies);
  table::add(
      "RFC 9421, HMAC/3 components/HMAC(), std::string",
      [] { return written(std::to_string(std::time(nullptr))); }, verifies);
  return table::main(argc, argv);
}
