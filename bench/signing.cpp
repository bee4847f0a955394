// link: crypto
// Requests that are signed one by one, and tokens that are minted: by hand (the floor), by composed policies, and with
// OpenSSL as usually written. The clock is read each time, as it must be.

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/hmac_signature.hpp>
#include <countersign/format/sigv4.hpp>
#include <countersign/source/fixed.hpp>
#include <countersign/source/minted_jwt.hpp>
#include <countersign/source/write_jwt.hpp>

#include "by_hand.hpp"
#include "peers/hs256_check.hpp"
#include "signing_by_hand.hpp"
#include "table.hpp"

#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace {

constexpr std::string_view origin = "https://api.example.com";
constexpr std::string_view key_id = "app-1",
                           key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
by_hand::request const request{"GET", "https://api.example.com/v1/items?page=2"};
char room[1024];

std::size_t written_by_policies(auto& auth) {
  by_hand::wire sink{room, room + sizeof room};
  if (!auth.authorize(request, sink)) return 0;
  return static_cast<std::size_t>(sink.at - room);
}

// What the shell script of the documentation sends, for the second in which it is called.
std::string expected() {
  auto const now = std::time(nullptr);  // the clock of all rows: the precise one is up to a tick ahead of it
  std::tm parts = {};
  gmtime_r(&now, &parts);
  char time[32];
  std::string const stamp(time, std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S+00:00", &parts));
  unsigned char code[32];
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<unsigned char const*>(stamp.data()), stamp.size(), code, nullptr);
  std::string hex;
  for (unsigned char const c : code) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", c);
    hex += two;
  }
  return "X-Timestamp: " + stamp + "\r\nX-Signature: " + hex + "\r\nX-API-Key: " + std::string(key_id) +
         "\r\n";
}

template <class Write>
void signed_by(benchmark::State& state, Write write) {
  bool same = false;
  for (int turn = 0; turn < 3 && !same; ++turn) {  // the second may end meanwhile
    auto const wanted = expected();
    same = std::string_view(room, write()) == wanted;
  }
  if (!same) return state.SkipWithError("the bytes are not the script's");
  for (auto _ : state) {
    benchmark::DoNotOptimize(write());
    benchmark::ClobberMemory();
  }
}

#if defined(__x86_64__)
void script_by_hand(benchmark::State& state) {
  by_hand::script_signer signer(origin, key_id, key);
  signed_by(state, [&] {
    by_hand::wire sink{room, room + sizeof room};
    return signer.sign(request, sink) ? static_cast<std::size_t>(sink.at - room) : std::size_t{0};
  });
}
#endif
void script_by_policies(benchmark::State& state) {
  cs::authenticator auth{cs::fixed{cs::key_pair{.id = cs::secret(key_id), .key = cs::secret(key)}},
                         cs::hmac_signature{}, cs::only{origin}};
  signed_by(state, [&] { return written_by_policies(auth); });
}
void script_by_openssl(benchmark::State& state) {
  signed_by(state, [&] {
    auto const lines = expected();
    std::memcpy(room, lines.data(), lines.size());
    return lines.size();
  });
}

// A request to AWS, with a body or none.
struct aws_request : by_hand::request {
  std::string_view content;
  [[nodiscard]] std::optional<std::string_view> body() const noexcept { return content; }
};
std::string const kibibyte(1024, 'x');
constexpr std::string_view aws_id = "AKIDEXAMPLE",
                           aws_secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";  // of the length that they have
cs::aws_credentials aws_key() { return {cs::secret(aws_id), cs::secret(aws_secret), {}}; }

void aws_by_policies(benchmark::State& state, std::string_view content) {
  aws_request const asked{{content.empty() ? "GET" : "POST", "https://api.example.com/v1/items?page=2"},
                          content};
  cs::authenticator auth{cs::fixed{aws_key()}, cs::sigv4{{.region = "us-east-1", .service = "dynamodb"}},
                         cs::only{origin}};
  for (auto _ : state) {
    by_hand::wire sink{room, room + sizeof room};
    if (!auth.authorize(asked, sink)) return state.SkipWithError("not signed");
    benchmark::ClobberMemory();
  }
}
#if defined(__x86_64__)
// As at the beginning of a day: the key is derived for each request.
void aws_on_a_new_day(benchmark::State& state) {
  aws_request const asked{{"GET", "https://api.example.com/v1/items?page=2"}, {}};
  cs::sigv4 const formatter({.region = "us-east-1", .service = "dynamodb"});
  auto const as = aws_key();
  std::optional<cs::sigv4::memory> memory;
  for (auto _ : state) {
    memory.emplace();
    by_hand::wire sink{room, room + sizeof room};
    if (!formatter.write(as, asked, sink, cs::moment(cs::system_context), *memory)) return state.SkipWithError("not signed");
    benchmark::ClobberMemory();
  }
}
void aws_new_day_by_hand(benchmark::State& state) {
  by_hand::request const asked{"GET", "https://api.example.com/v1/items?page=2"};
  by_hand::aws_signer signer(origin, aws_id, aws_secret, "us-east-1", "dynamodb");
  for (auto _ : state) {
    signer.forget();
    by_hand::wire sink{room, room + sizeof room};
    if (!signer.sign(asked, {}, sink)) return state.SkipWithError("not signed");
    benchmark::ClobberMemory();
  }
}
void aws_by_hand(benchmark::State& state, std::string_view content) {
  aws_request const asked{{content.empty() ? "GET" : "POST", "https://api.example.com/v1/items?page=2"},
                          content};
  cs::authenticator auth{cs::fixed{aws_key()}, cs::sigv4{{.region = "us-east-1", .service = "dynamodb"}},
                         cs::only{origin}};
  by_hand::aws_signer signer(origin, aws_id, aws_secret, "us-east-1", "dynamodb");
  auto const sign = [&] {
    by_hand::wire sink{room, room + sizeof room};
    return signer.sign(asked, content, sink) ? static_cast<std::size_t>(sink.at - room) : std::size_t{0};
  };
  bool same = false;
  for (int turn = 0; turn < 3 && !same; ++turn) {  // a second may end meanwhile
    std::string const ours(room, sign());
    by_hand::wire sink{room, room + sizeof room};
    same = auth.authorize(asked, sink) &&
           ours == std::string_view(room, static_cast<std::size_t>(sink.at - room));
  }
  if (!same) return state.SkipWithError("the bytes are not the toolkit's");
  for (auto _ : state) {
    benchmark::DoNotOptimize(sign());
    benchmark::ClobberMemory();
  }
}
#endif

// -- an HS256 token with five claims, into a buffer that is used again

cs::jwt_claims five_claims() {
  return {.issuer = "ci", .subject = "build", .audience = "https://api.example.com", .unique_id = false};
}
cs::hmac_signer hs256_signer() { return *cs::hmac_signer::make(cs::sha2::bits_256, peers::hs256_key); }

struct once_by_policies {
  std::string_view operator()() {
    auto const expires = cs::write_jwt(out, signer, claims, header, cs::system_context.coarse_now(), cs::system_context);
    return expires ? out.reveal() : std::string_view();
  }
  cs::hmac_signer signer = hs256_signer();
  cs::jwt_claims claims = five_claims();
  cs::jwt_header header;
  cs::secret out;
};
struct prepared_by_policies {
  std::string_view operator()() {
    auto const expires = jwt.write(out, cs::system_context.coarse_now(), cs::system_context);
    return expires ? out.reveal() : std::string_view();
  }
  cs::prepared_jwt<cs::hmac_signer> jwt = *cs::prepared_jwt<cs::hmac_signer>::make(hs256_signer(), five_claims());
  cs::secret out;
};
// What an authenticator asks for a new token: it is given one in a buffer of its own.
struct minted_by_policies {
  std::string_view operator()() {
    auto token = source.acquire({}, cs::system_context, memory);
    if (!token) return {};
    kept = std::move(token->credential);
    return kept.reveal();
  }
  using source_type = cs::minted_jwt<cs::hs256<cs::fixed<cs::secret>>>;
  source_type source{cs::hs256{cs::fixed{cs::secret(peers::hs256_key)}}, five_claims()};
  cs::memory_of<source_type> memory = {};
  cs::secret kept;
};
#if defined(__x86_64__)
std::string_view jwt_by_hand() {
  static by_hand::jwt_signer const signer(peers::hs256_key);
  return {room, signer.sign("ci", "build", "https://api.example.com", std::time(nullptr), room)};
}
std::string_view prepared_jwt_by_hand() {
  static auto const signer = [] {
    by_hand::jwt_signer made(peers::hs256_key);
    made.prepare("ci", "build", "https://api.example.com");
    return made;
  }();
  return {room, signer.sign_prepared(std::time(nullptr), room)};
}
#endif

void add_tokens() {
#if defined(__x86_64__)
  if (by_hand::hmac::available() && by_hand::base64::available()) {
    table::add("HS256 JWT, one-off/5 claims/floor", jwt_by_hand, peers::is_token);
    table::add("HS256 JWT, prepared/5 claims/floor", prepared_jwt_by_hand, peers::is_token);
  }
#endif
  table::add("HS256 JWT, one-off/5 claims/countersign", [make = once_by_policies()]() mutable { return make(); },
             peers::is_token);
  table::add("HS256 JWT, prepared/5 claims/countersign", [make = prepared_by_policies()]() mutable { return make(); },
             peers::is_token);
  table::add("HS256 JWT, prepared/5 claims/countersign, minted_jwt",
             [make = minted_by_policies()]() mutable { return make(); }, peers::is_token);
}

}  // namespace

int main(int argc, char** argv) {
#if defined(__x86_64__)
  if (by_hand::hmac::available()) benchmark::RegisterBenchmark("HMAC-signed/3 headers/floor", script_by_hand);
#endif
  benchmark::RegisterBenchmark("HMAC-signed/3 headers/countersign", script_by_policies);
  benchmark::RegisterBenchmark("HMAC-signed/3 headers/OpenSSL, strftime", script_by_openssl);
  for (auto const& [name, content] : {std::pair("SigV4/GET", std::string_view()),
                                      std::pair("SigV4/POST of 1 KiB", std::string_view(kibibyte))}) {
#if defined(__x86_64__)
    if (by_hand::hmac::available())
      benchmark::RegisterBenchmark((std::string(name) + "/floor").c_str(), aws_by_hand, content);
#endif
    benchmark::RegisterBenchmark((std::string(name) + "/countersign").c_str(), aws_by_policies, content);
  }
#if defined(__x86_64__)
  if (by_hand::hmac::available())
    benchmark::RegisterBenchmark("SigV4, key not cached/GET/floor", aws_new_day_by_hand);
#endif
  benchmark::RegisterBenchmark("SigV4, key not cached/GET/countersign", aws_on_a_new_day);
  add_tokens();
  return table::main(argc, argv);
}
