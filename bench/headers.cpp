// link: curl
// One authentication header: by hand (the floor), by composed policies, and as usually written. Every row leaves the
// same bytes in the caller's buffer, or says what it leaves.

#include <countersign/auth/authenticator.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/source/all_of.hpp>
#include <countersign/source/fixed.hpp>

#include "by_hand.hpp"
#include "primitives_by_hand.hpp"
#include "table.hpp"
#include "two_blocks.hpp"

#include <benchmark/benchmark.h>
#include <curl/curl.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

constexpr std::string_view origin = "https://api.example.com";
by_hand::request const request{"GET", "https://api.example.com/v1/items?page=2"};
alignas(64) char room[8192];

std::string token_of(std::size_t size) {
  std::string token;
  for (std::size_t i = 0; i < size; ++i) token += static_cast<char>('a' + i % 26);
  return token;
}
std::string line_of(std::string_view token) { return "Authorization: Bearer " + std::string(token) + "\r\n"; }

// Fails the row unless `size` bytes of the buffer are the line.
bool as_expected(benchmark::State& state, std::string_view expected, std::size_t size) {
  if (std::string_view(room, size) == expected) return true;
  state.SkipWithError("the bytes differ from the floor's");
  return false;
}

bool went_well(by_hand::outcome const& outcome) { return outcome.what == by_hand::outcome::kind::written; }
bool went_well(cs::result<void> const& outcome) { return outcome.has_value(); }

// As a client does: a failure is looked at.
template <class Authenticator>
std::size_t write_with(Authenticator& auth) {
  by_hand::wire sink{room, room + sizeof room};
  if (!went_well(auth.authorize(request, sink))) return 0;
  benchmark::ClobberMemory();
  return static_cast<std::size_t>(sink.at - room);
}

template <class Authenticator>
void authorize(benchmark::State& state, Authenticator& auth, std::string_view expected) {
  auto* hidden = &auth;
  benchmark::DoNotOptimize(hidden);
  if (!as_expected(state, expected, write_with(*hidden))) return;
  for (auto _ : state) benchmark::DoNotOptimize(write_with(*hidden));
}

// -- a token that the program holds

void held_copied(benchmark::State& state, std::size_t size) {
  auto const line = line_of(token_of(size));
  for (auto _ : state) {
    std::memcpy(room, line.data(), line.size());
    benchmark::ClobberMemory();
  }
}
void held_by_hand(benchmark::State& state, std::size_t size) {
  auto const token = token_of(size);
  by_hand::authorization auth(origin, "Bearer", token);
  authorize(state, auth, line_of(token));
}
void held_by_policies(benchmark::State& state, std::size_t size) {
  auto const token = token_of(size);
  cs::authenticator auth{cs::fixed{std::string_view(token)}, cs::bearer{}, cs::only{origin}};
  authorize(state, auth, line_of(token));
}
void held_appended(benchmark::State& state, std::size_t size) {
  auto const token = token_of(size);
  std::string line;
  for (auto _ : state) {
    line.clear();
    line.append("Authorization: Bearer ").append(token).append("\r\n");
    benchmark::DoNotOptimize(line.data());
    benchmark::ClobberMemory();
  }
}
void held_in_a_list(benchmark::State& state, std::size_t size) {
  auto const line = "Authorization: Bearer " + token_of(size);
  for (auto _ : state) {
    auto* list = curl_slist_append(nullptr, line.c_str());
    benchmark::DoNotOptimize(list);
    curl_slist_free_all(list);
  }
}

// -- user and password, a key, two keys

void basic_by_hand(benchmark::State& state) {
  by_hand::authorization auth(origin, "Basic", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617 section 2
  authorize(state, auth, "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
}
void basic_by_policies(benchmark::State& state) {
  cs::authenticator auth{cs::fixed{cs::basic_login{cs::secret("Aladdin"), cs::secret("open sesame")}}, cs::basic{}, cs::only{origin}};
  authorize(state, auth, "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
}
// One that changes from request to request, as a proxy's that speaks for its users: nothing finished can be kept. The line
// is the same each time here, so that it can be compared.
constexpr std::string_view changing_line = "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n";
#if defined(__x86_64__)
void changing_basic_by_hand() {
  if (!by_hand::base64::available()) return;
  table::add("basic that changes/24/floor", [bound = by_hand::bound(origin), user = std::string("Aladdin"), password = std::string("open sesame")] {
    if (!bound.goes_there(request.url())) return std::string_view();
    char pair[64], value[6 + 88] = "Basic ";
    auto const size = user.size() + 1 + password.size();
    if (size > sizeof pair) return std::string_view();
    std::memcpy(pair, user.data(), user.size());
    pair[user.size()] = ':';
    std::memcpy(pair + user.size() + 1, password.data(), password.size());
    for (std::size_t i = 0; i < size; ++i)
      if (static_cast<unsigned char>(pair[i]) < 0x20 || pair[i] == 0x7f || (pair[i] == ':' && i < user.size())) return std::string_view();
    by_hand::base64::encode(value + 6, pair, size);
    by_hand::wire sink{room, room + sizeof room};
    if (!sink("Authorization", {value, 6 + (size + 2) / 3 * 4})) return std::string_view();
    return std::string_view(room, static_cast<std::size_t>(sink.at - room));
  }, std::string(changing_line));
}
#endif
void changing_basic_by_policies() {
  table::add("basic that changes/24/countersign", [bound = cs::only{origin}, login = cs::basic_login{cs::secret("Aladdin"), cs::secret("open sesame")}] {
    if (!bound.allows_at_once(request)) return std::string_view();
    cs::draft out;
    by_hand::wire sink{room, room + sizeof room};
    if (!cs::basic{}.format(login, request, out, cs::moment(cs::system_context)) || !out.commit(sink)) return std::string_view();
    return std::string_view(room, static_cast<std::size_t>(sink.at - room));
  }, std::string(changing_line));
}
std::string const key = token_of(40), other_key = token_of(32);
void key_by_hand(benchmark::State& state) {
  by_hand::api_key auth(origin, "X-API-Key", key);
  authorize(state, auth, "X-API-Key: " + key + "\r\n");
}
void key_by_policies(benchmark::State& state) {
  cs::authenticator auth{cs::fixed{std::string_view(key)}, cs::header{"X-API-Key"}, cs::only{origin}};
  authorize(state, auth, "X-API-Key: " + key + "\r\n");
}
std::string pair_lines() { return "DD-API-KEY: " + key + "\r\nDD-APPLICATION-KEY: " + other_key + "\r\n"; }
void pair_by_hand(benchmark::State& state) {
  by_hand::api_key_pair auth(origin, "DD-API-KEY", key, "DD-APPLICATION-KEY", other_key);
  authorize(state, auth, pair_lines());
}
void pair_by_policies(benchmark::State& state) {
  cs::authenticator auth{cs::all_of{cs::fixed{std::string_view(key)}, cs::fixed{std::string_view(other_key)}},
                         cs::each_of{cs::header{"DD-API-KEY"}, cs::header{"DD-APPLICATION-KEY"}}, cs::only{origin}};
  authorize(state, auth, pair_lines());
}

// -- a token that expires, kept until then

/// Answers once, by an exchange, as an OAuth grant does.
struct issuer {
  using credential = cs::secret;
  struct exchange : cs::steps<exchange, cs::issued<cs::secret>> {
    explicit exchange(std::string_view token) : token_(token) { send(cs::request("POST", "https://id.example.com/token"), &exchange::answered); }
    void answered() { finish({cs::secret(token_), cs::system_context.now().wall + cs::seconds(3600)}); }
    std::string_view token_;
  };
  exchange acquire(cs::occasion const&, cs::context const&) const { return exchange(token); }
  std::string_view token;
};

template <class Sink, class Authenticator>
std::size_t write_kept(Authenticator& auth) {
  Sink sink{room, room + sizeof room};
  auto talk = auth.begin(request);
  if (!went_well(talk.write(sink))) return 0;
  benchmark::ClobberMemory();
  return static_cast<std::size_t>(sink.at - room);
}
template <class Authenticator>
void acquire(Authenticator& auth) {
  auto talk = auth.begin(request);
  talk.supply(cs::response(200), auth.outside().now());
}

template <class Sink>
void kept_by_policies(benchmark::State& state, std::size_t size) {
  auto const token = token_of(size);
  cs::authenticator auth{issuer{token}, cs::bearer{}, cs::only{origin}};
  acquire(auth);
  if (!as_expected(state, line_of(token), write_kept<Sink>(auth))) return;
  auto* hidden = &auth;
  benchmark::DoNotOptimize(hidden);
  for (auto _ : state) benchmark::DoNotOptimize(write_kept<Sink>(*hidden));
}
void kept_in_two_blocks(benchmark::State& state, std::size_t size) {
  auto const line = line_of(token_of(size));
  by_hand::two_blocks cache(origin);
  cache.publish(line, std::time(nullptr) + 3600);
  if (!as_expected(state, line, cache.write(request.address, room, sizeof room))) return;
  auto const* hidden = &cache;
  benchmark::DoNotOptimize(hidden);
  for (auto _ : state) {
    auto const size_written = hidden->write(request.address, room, sizeof room);
    benchmark::DoNotOptimize(size_written);
    benchmark::ClobberMemory();
  }
}
void kept_copied(benchmark::State& state, std::size_t size) { held_copied(state, size); }
void kept_under_a_mutex(benchmark::State& state, std::size_t size) {
  auto const line = line_of(token_of(size));
  std::mutex lock;
  for (auto _ : state) {
    std::lock_guard const hold(lock);
    std::memcpy(room, line.data(), line.size());
    benchmark::ClobberMemory();
  }
}
// What is usually written: a map of tokens by server under a mutex, a precise clock, a new string for each header.
void kept_in_a_map(benchmark::State& state, std::size_t size) {
  struct entry {
    std::string token;
    std::chrono::system_clock::time_point expires;
  };
  std::mutex lock;
  std::map<std::string, entry, std::less<>> tokens;
  tokens["https://api.example.com"] = {token_of(size), std::chrono::system_clock::now() + std::chrono::hours(1)};
  for (auto _ : state) {
    std::lock_guard const hold(lock);
    auto const found = tokens.find(origin);
    if (found == tokens.end() || found->second.expires < std::chrono::system_clock::now()) std::abort();
    std::string const header = "Authorization: Bearer " + found->second.token + "\r\n";
    benchmark::DoNotOptimize(header.data());
    benchmark::ClobberMemory();
  }
}

void add_all() {
  for (std::size_t const size : {std::size_t{40}, std::size_t{1024}}) {
    auto const add = [size](char const* work, char const* who, void (*run)(benchmark::State&, std::size_t)) {
      auto const name = std::string(work) + "/" + std::to_string(size) + "/" + who;
      benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) { run(state, size); });
    };
    add("bearer", "floor", held_by_hand);
    add("bearer", "countersign", held_by_policies);
    add("bearer", "memcpy of the line", held_copied);
    add("bearer", "std::string append", held_appended);
    add("bearer", "curl_slist_append", held_in_a_list);
    add("cached token", "floor", kept_in_two_blocks);
    add("cached token", "countersign", kept_by_policies<by_hand::placing_wire>);
    add("cached token", "countersign, plain sink", kept_by_policies<by_hand::wire>);
    add("cached token", "memcpy of the line", kept_copied);
    add("cached token", "mutex and copy", kept_under_a_mutex);
    add("cached token", "mutex, map, clock", kept_in_a_map);
  }
  benchmark::RegisterBenchmark("basic/24/floor", basic_by_hand);
  benchmark::RegisterBenchmark("basic/24/countersign", basic_by_policies);
#if defined(__x86_64__)
  changing_basic_by_hand();
#endif
  changing_basic_by_policies();
  benchmark::RegisterBenchmark("API key/40/floor", key_by_hand);
  benchmark::RegisterBenchmark("API key/40/countersign", key_by_policies);
  benchmark::RegisterBenchmark("API key pair/40/floor", pair_by_hand);
  benchmark::RegisterBenchmark("API key pair/40/countersign", pair_by_policies);
}

}  // namespace

int main(int argc, char** argv) {
  add_all();
  return table::main(argc, argv);
}
