// link: crypto
// Requests that are signed one by one, and tokens that are minted: by hand (the floor), by composed policies, and with
// OpenSSL as usually written. The clock is read each time, as it must be.

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/hmac_signature.hpp>
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
  benchmark::RegisterBenchmark("HS256 JWT/5 claims/countersign", minted_by_policies);
  return table::main(argc, argv);
}
