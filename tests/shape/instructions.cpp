// The same header by composed policies and by hand, for tests/shape/instructions.sh to count: `instructions NAME COUNT`
// calls it COUNT times through `counted`. Without arguments it compares the bytes.

#include <countersign/auth/authenticator.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/format/hmac_signature.hpp>
#include <countersign/source/all_of.hpp>
#include <countersign/source/fixed.hpp>

#include "../../bench/by_hand.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

namespace cs = countersign;

namespace {

constexpr std::string_view origin = "https://api.example.com";
constexpr std::string_view token = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
constexpr std::string_view other = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcd";

by_hand::request const request{"GET", "https://api.example.com/v1/items?page=2"};
char room[4096];

bool went_well(by_hand::outcome const& outcome) { return outcome.what == by_hand::outcome::kind::written; }
bool went_well(cs::result<void> const& outcome) { return outcome.has_value(); }

// What callgrind collects: one call, of which nothing is known that a client would not know.
template <class Authenticator>
[[gnu::noinline]] bool counted(Authenticator& auth, by_hand::request const& about, by_hand::wire& sink) {
  return went_well(auth.authorize(about, sink));
}

template <class Make>
int run(Make make, long count, std::string_view* bytes) {
  auto auth = make();
  for (; count > 0; --count) {
    by_hand::wire sink{room, room + sizeof room};
    if (!counted(auth, request, sink)) return 1;
    if (bytes != nullptr) *bytes = {room, static_cast<std::size_t>(sink.at - room)};
  }
  return 0;
}

auto bearer() { return cs::authenticator{cs::fixed{token}, cs::bearer{}, cs::only{origin}}; }
auto bearer_by_hand() { return by_hand::authorization(origin, "Bearer", token); }
auto key() { return cs::authenticator{cs::fixed{token}, cs::header{"X-API-Key"}, cs::only{origin}}; }
auto key_by_hand() { return by_hand::api_key(origin, "X-API-Key", token); }
auto pair() {
  return cs::authenticator{cs::all_of{cs::fixed{token}, cs::fixed{other}},
                           cs::each_of{cs::header{"DD-API-KEY"}, cs::header{"DD-APPLICATION-KEY"}}, cs::only{origin}};
}
auto pair_by_hand() { return by_hand::api_key_pair(origin, "DD-API-KEY", token, "DD-APPLICATION-KEY", other); }
auto basic() {
  return cs::authenticator{cs::fixed{cs::basic_login{cs::secret("Aladdin"), cs::secret("open sesame")}}, cs::basic{}, cs::only{origin}};
}
// RFC 7617 §2
auto basic_by_hand() { return by_hand::authorization(origin, "Basic", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="); }

constexpr std::string_view key_id = "app-1", signing_key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
auto hmac() {
  return cs::authenticator{cs::fixed{cs::key_pair{.id = cs::secret(key_id), .key = cs::secret(signing_key)}}, cs::hmac_signature{},
                           cs::only{origin}};
}
// The hash is the toolkit's on both sides: what the policies add is counted, and how they hash is measured by bench/.
class hmac_by_hand_class {
public:
  template <class Sink>
  [[gnu::always_inline]] inline by_hand::outcome authorize(by_hand::request const& r, Sink& sink) noexcept {
    using kind = by_hand::outcome::kind;
    if (!bound_.goes_there(r.url())) [[unlikely]] return {kind::wrong_origin, r.url()};
    if (auto const now = std::time(nullptr); now != now_) [[unlikely]] write(now);
    std::string_view const time(text_, 25);
    auto const code = mac_.finish(time);
    char hex[64];
    for (std::size_t i = 0; i < 32; ++i) {  // no table that would tell a secret's bytes
      unsigned const high = code[i] >> 4, low = code[i] & 15;
      hex[2 * i] = static_cast<char>('0' + high + ((9 - high) >> 8 & 1) * 39);
      hex[2 * i + 1] = static_cast<char>('0' + low + ((9 - low) >> 8 & 1) * 39);
    }
    if (!sink("X-Timestamp", time) || !sink("X-Signature", {hex, 64}) || !sink("X-API-Key", key_id)) [[unlikely]]
      return {kind::no_room, "X-Signature"};
    return {};
  }

private:
  [[gnu::noinline]] void write(std::time_t now) noexcept {
    now_ = now;
    std::tm parts = {};
    gmtime_r(&now, &parts);
    std::strftime(text_, sizeof text_, "%Y-%m-%dT%H:%M:%S+00:00", &parts);
  }
  by_hand::bound bound_{origin};
  cs::hmac<cs::sha256> mac_{signing_key};
  std::time_t now_ = -1;
  char text_[26];
};
auto hmac_by_hand() { return hmac_by_hand_class(); }

template <class Policies, class ByHand>
bool same(char const* name, Policies policies, ByHand by_hand, bool again = true) {
  char kept[sizeof room];
  std::string_view ours, theirs;
  run(policies, 1, &ours);
  ours = {kept, ours.copy(kept, sizeof kept)};
  run(by_hand, 1, &theirs);
  if (ours == theirs) return true;
  if (again) return same(name, policies, by_hand, false);  // a second ended between the two
  std::printf("%s: the bytes differ\n", name);
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    bool const all[] = {same("bearer", bearer, bearer_by_hand), same("key", key, key_by_hand), same("pair", pair, pair_by_hand),
                        same("basic", basic, basic_by_hand), same("hmac", hmac, hmac_by_hand)};
    for (bool const one : all)
      if (!one) return 1;
    return 0;
  }
  std::string_view const name = argv[1];
  long const count = std::atol(argv[2]);
  if (name == "bearer") return run(bearer, count, nullptr);
  if (name == "bearer_by_hand") return run(bearer_by_hand, count, nullptr);
  if (name == "key") return run(key, count, nullptr);
  if (name == "key_by_hand") return run(key_by_hand, count, nullptr);
  if (name == "pair") return run(pair, count, nullptr);
  if (name == "pair_by_hand") return run(pair_by_hand, count, nullptr);
  if (name == "basic") return run(basic, count, nullptr);
  if (name == "basic_by_hand") return run(basic_by_hand, count, nullptr);
  if (name == "hmac") return run(hmac, count, nullptr);
  if (name == "hmac_by_hand") return run(hmac_by_hand, count, nullptr);
  return 2;
}
