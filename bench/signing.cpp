// link: crypto
// Requests that are signed one by one, and tokens that are minted: by hand (the floor), by composed policies, and with
// OpenSSL as usually written. The clock is read each time, as it must be.

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/hmac_signature.hpp>
#include <countersign/format/sigv4.hpp>
#include <countersign/source/fixed.hpp>
#include <countersign/source/minted_jwt.hpp>

#include "by_hand.hpp"
#include "primitives_by_hand.hpp"
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
// Not std::time(), which may lag behind by a tick.
std::string expected() {
  timespec clock;
  clock_gettime(CLOCK_REALTIME, &clock);
  auto const now = clock.tv_sec;
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
// A date takes a few multiplications, so that nothing need be kept from one second to the next.
void write_time(char* out) {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  auto const days = static_cast<unsigned>(now.tv_sec / 86400),
             second = static_cast<unsigned>(now.tv_sec % 86400);
  auto const since_march = days + 719468, era = since_march / 146097, in_era = since_march % 146097;
  auto const year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365,
             in_year = in_era - (365 * year + year / 4 - year / 100);
  auto const month = (5 * in_year + 2) / 153, day = in_year - (153 * month + 2) / 5 + 1;
  auto const full_year = year + era * 400 + (month >= 10);
  std::memcpy(out, "0000-00-00T00:00:00+00:00", 25);
  auto const two = [&](std::size_t at, unsigned value) {
    out[at] = static_cast<char>('0' + value / 10);
    out[at + 1] = static_cast<char>('0' + value % 10);
  };
  two(0, full_year / 100);
  two(2, full_year % 100);
  two(5, month < 10 ? month + 3 : month - 9);
  two(8, day);
  two(11, second / 3600);
  two(14, second / 60 % 60);
  two(17, second % 60);
}
void script_by_hand(benchmark::State& state) {
  by_hand::bound const bound(origin);
  auto const prepared = by_hand::hmac::prepare(key.data());
  signed_by(state, [&]() -> std::size_t {
    if (!bound.goes_there(request.url())) return 0;
    char time[25], hex[64];
    unsigned char code[32];
    write_time(time);
    by_hand::hmac::code_of_short(prepared, time, sizeof time, code);
    for (std::size_t i = 0; i < sizeof code; ++i) {
      unsigned const high = code[i] >> 4, low = code[i] & 15;
      hex[2 * i] = static_cast<char>('0' + high + ((9 - high) >> 8 & 1) * 39);
      hex[2 * i + 1] = static_cast<char>('0' + low + ((9 - low) >> 8 & 1) * 39);
    }
    by_hand::wire sink{room, room + sizeof room};
    if (!sink("X-Timestamp", {time, sizeof time}) || !sink("X-Signature", {hex, sizeof hex}) ||
        !sink("X-API-Key", key_id))
      return 0;
    return static_cast<std::size_t>(sink.at - room);
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
constexpr std::string_view scope_end = "/us-east-1/dynamodb/aws4_request", aws_id = "AKIDEXAMPLE";
cs::aws_credentials aws_key() { return {cs::secret(aws_id), cs::secret(key), {}}; }

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
char* put(char* to, std::string_view bytes) {
  std::memcpy(to, bytes.data(), bytes.size());
  return to + bytes.size();
}
char* put_hex(char* to, unsigned char const* bytes) {
  for (int i = 0; i < 32; ++i) {
    unsigned const high = bytes[i] >> 4, low = bytes[i] & 15;
    *to++ = static_cast<char>('0' + high + ((9 - high) >> 8 & 1) * 39);
    *to++ = static_cast<char>('0' + low + ((9 - low) >> 8 & 1) * 39);
  }
  return to;
}
// Written for this one request, which has one field in its query and nothing to encode.
std::size_t aws_signed(by_hand::bound const& bound, by_hand::hmac::key const& prepared,
                       aws_request const& asked) {
  using namespace std::string_view_literals;
  if (!bound.goes_there(asked.url())) return 0;
  char time[25], text[1024], scope[64];
  unsigned char code[32];
  write_time(time);
  char const date[] = {time[0], time[1],  time[2],  time[3],  time[5],  time[6],  time[8],  time[9],
                       'T',     time[11], time[12], time[14], time[15], time[17], time[18], 'Z'};
  std::string_view const when(date, sizeof date);
  std::string_view const where(
      scope, static_cast<std::size_t>(put(put(scope, when.substr(0, 8)), scope_end) - scope));
  auto const target = asked.target();
  auto const mark = target.find('?');
  auto* at = put(put(text, asked.method()), "\n");
  at = put(put(put(put(at, target.substr(0, mark)), "\n"), target.substr(mark + 1)), "\nhost:");
  at = put(put(put(at, asked.origin().substr(8)), "\nx-amz-date:"), when);
  at = put(at, "\n\nhost;x-amz-date\n");
  if (asked.content.empty()) {
    at = put(at, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  } else {
    by_hand::hmac::hash(asked.content.data(), asked.content.size(), code);
    at = put_hex(at, code);
  }
  by_hand::hmac::hash(text, static_cast<std::size_t>(at - text), code);
  at = put_hex(put(put(put(put(put(text, "AWS4-HMAC-SHA256\n"), when), "\n"), where), "\n"), code);
  by_hand::hmac::code_of_any(prepared, text, static_cast<std::size_t>(at - text), code);
  by_hand::wire sink{room, room + sizeof room};
  if (!sink("X-Amz-Date", when)) return 0;
  auto* value = put(put(put(put(text, "AWS4-HMAC-SHA256 Credential="), aws_id), "/"), where);
  value = put_hex(put(value, ", SignedHeaders=host;x-amz-date, Signature="), code);
  if (!sink("Authorization", {text, static_cast<std::size_t>(value - text)})) return 0;
  return static_cast<std::size_t>(sink.at - room);
}
void aws_by_hand(benchmark::State& state, std::string_view content) {
  aws_request const asked{{content.empty() ? "GET" : "POST", "https://api.example.com/v1/items?page=2"},
                          content};
  by_hand::bound const bound(origin);
  cs::authenticator auth{cs::fixed{aws_key()}, cs::sigv4{{.region = "us-east-1", .service = "dynamodb"}},
                         cs::only{origin}};
  bool same = false;
  by_hand::hmac::key prepared;
  for (int turn = 0; turn < 3 && !same; ++turn) {  // a second may end meanwhile
    char time[25], block[64] = {};
    write_time(time);
    char const day[] = {time[0], time[1], time[2], time[3], time[5], time[6], time[8], time[9]};
    auto derived = cs::hmac_sha256("AWS4" + std::string(key), {day, sizeof day});
    for (std::string_view const part : {"us-east-1", "dynamodb", "aws4_request"})
      derived = cs::hmac_sha256(cs::as_chars(derived), part);
    std::memcpy(block, derived.data(), derived.size());
    prepared = by_hand::hmac::prepare(block);
    std::string const ours(room, aws_signed(bound, prepared, asked));
    by_hand::wire sink{room, room + sizeof room};
    same = auth.authorize(asked, sink) &&
           ours == std::string_view(room, static_cast<std::size_t>(sink.at - room));
  }
  if (!same) return state.SkipWithError("the bytes are not the toolkit's");
  for (auto _ : state) {
    benchmark::DoNotOptimize(aws_signed(bound, prepared, asked));
    benchmark::ClobberMemory();
  }
}
#endif

void minted_by_policies(benchmark::State& state) {
  cs::minted_jwt const source{
      cs::hs256{cs::fixed{std::string(key)}},
      cs::jwt_claims{
          .issuer = "ci", .subject = "build", .audience = "https://api.example.com", .unique_id = false}};
  cs::memory_of<decltype(source)> memory;
  for (auto _ : state) {
    auto const token = source.acquire({}, cs::system_context, memory);
    if (!token) return state.SkipWithError("no token");
    benchmark::DoNotOptimize(token->credential.reveal().data());
    benchmark::ClobberMemory();
  }
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
  benchmark::RegisterBenchmark("HS256 JWT/5 claims/countersign", minted_by_policies);
  return table::main(argc, argv);
}
