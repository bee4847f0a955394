#pragma once
// A stored login, a store that can be made to fail, and a driver that counts its steps.

#include "fake/context.hpp"
#include "fake/service.hpp"
#include "fake/token_family.hpp"

#include <countersign/core/exchange.hpp>
#include <countersign/store/memory_store.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;
using cs::errc;
using cs::want;

inline constexpr cs::login_key here{"", "https://mcp.example/mcp"};
inline constexpr auto token_endpoint = "https://id.example/token"sv;

/// Tokens a-1 and r-1, which were registered for.
inline cs::login first_login(cs::wall_time expires) {
  cs::login made;
  made.issuer = "https://id.example";
  made.token_endpoint = token_endpoint;
  made.revocation_endpoint = "https://id.example/revoke";
  made.resource = "https://mcp.example/mcp";
  made.scope = "files:read";
  made.client.id = "client-17";
  made.client.authentication = "none";
  made.client.redirect_uri = "http://127.0.0.1:49152/cb";
  made.access_token = cs::secret("a-1");
  made.refresh_token = cs::secret("r-1");
  made.token_type = "Bearer";
  made.expires = expires;
  return made;
}

// A key that signs nothing worth the name.
struct toy_key {
  std::string_view alg() const { return "ES256"; }
  std::string_view public_jwk() const { return R"({"crv":"P-256","kty":"EC","x":"eA","y":"eQ"})"; }
  cs::result<void> sign(std::string_view, cs::secret& out) const {
    out.append("signature");
    return {};
  }
};

/// A store in memory that counts, and in which something happens before each call: what is given is the
/// call's outcome.
class watched_store {
public:
  cs::memory_store inside;
  std::function<std::optional<cs::error>(std::string_view call)> before = {};
  int loads = 0, locks = 0, swaps = 0, removals = 0;

  cs::result<cs::login> load(cs::login_key key) {
    ++loads;
    if (auto const why = asked("load")) return *why;
    return inside.load(key);
  }
  cs::result<cs::store_lock> try_lock(cs::login_key key) {
    ++locks;
    if (auto const why = asked("try_lock")) return *why;
    return inside.try_lock(key);
  }
  cs::result<bool> compare_and_swap(cs::login_key key, std::uint64_t generation, cs::login const& record) {
    ++swaps;
    if (auto const why = asked("compare_and_swap")) return *why;
    return inside.compare_and_swap(key, generation, record);
  }
  cs::result<bool> remove(cs::login_key key, std::uint64_t generation) {
    ++removals;
    if (auto const why = asked("remove")) return *why;
    return inside.remove(key, generation);
  }

  cs::login now() { return inside.load(here).value(); }
  bool is_free() { return bool(inside.try_lock(here)); }
  /// Changes what is stored, as another process would.
  template <class Change>
  void change(Change&& how) {
    auto record = now();
    how(record);
    BOOST_REQUIRE(inside.compare_and_swap(here, record.generation, record).value());
  }

private:
  std::optional<cs::error> asked(std::string_view call) { return before ? before(call) : std::nullopt; }
};

/// How far an exchange has come.
struct journey {
  int events = 0, sends = 0, waits = 0;
  cs::duration waited = {};
};

/// Drives until it is done, or for so many events. Time passes only where the exchange waits.
template <class E, class Http>
journey drive(E& talk, Http&& http, fake::world& world, int most = 10'000) {
  journey so_far;
  for (; so_far.events < most && talk.wants() != want::done; ++so_far.events) {
    switch (talk.wants()) {
    case want::send: {
      ++so_far.sends;
      cs::result<cs::response> answer = http(talk.pending());
      if (answer) talk.supply(std::move(*answer), world.now());
      else
        talk.fail(answer.error().code() == errc::not_sent   ? cs::lost::not_sent
                  : answer.error().code() == errc::insecure ? cs::lost::refused
                                                            : cs::lost::unanswered,
                  world.now());
      break;
    }
    case want::wait: {
      ++so_far.waits;
      auto const pause = cs::duration(talk.until().ms - world.now().boot.ms);
      so_far.waited.ms += pause.ms;
      world.advance(pause);
      talk.resume(world.now());
      break;
    }
    case want::work:
      talk.perform();
      talk.resume(world.now());
      break;
    default:
      BOOST_FAIL("it wants a person or a call");
    }
  }
  return so_far;
}

template <class T>
errc code(cs::result<T> const& of) {
  return of ? errc::none : of.error().code();
}
template <class T>
std::string said(cs::result<T> const& of) {
  return of ? "" : std::string(cs::name(of.error().code())) + ": " + std::string(of.error().message());
}

}  // namespace
