#pragma once
// A sign-in from the first refusal to the sign-out among servers that mean no good, with all that leaves on record.

#include "fake/context.hpp"
#include "fake/oauth_server.hpp"

#include <countersign/adapt/openssl_proof_keys.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/run.hpp>
#include <countersign/format/bearer_or_dpop.hpp>
#include <countersign/mcp/sign_in.hpp>
#include <countersign/oauth/sign_out.hpp>
#include <countersign/refresh/renewal.hpp>
#include <countersign/store/memory_store.hpp>
#include <countersign/text/base64.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hostile {

namespace cs = countersign;
namespace mcp = countersign::mcp;

/// Behind each token, code and client secret that the servers give.
inline constexpr std::string_view canary = "-Qz7rVx2kLm9TqWb4HsYc8";

/// One request that left.
struct sent {
  std::string method, url, origin, head, body, named_by;
  [[nodiscard]] std::string text() const { return url + "\n" + head + "\n" + body; }
};

/// Eight bytes in a row of a secret, each in every form: raw, in base64 (both alphabets, each offset), hexadecimal, percent-encoded.
inline std::vector<std::string> forms_of(std::string_view hidden) {
  constexpr std::size_t size = 8;
  std::vector<std::string> all;
  for (std::size_t at = 0; at + size <= hidden.size(); ++at) {
    auto const piece = hidden.substr(at, size);
    std::string hex, upper, percent;
    for (char const c : piece) {
      char two[3];
      std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(c));
      hex += two;
      percent += "%" + std::string(two);
    }
    for (char const c : hex) upper += static_cast<char>(c >= 'a' && c <= 'f' ? c - 32 : c);
    all.insert(all.end(), {std::string(piece), hex, upper, percent});
    for (std::size_t offset = 0; offset < 3; ++offset)
      for (auto const form : {cs::base64::padded, cs::base64::url}) {
        cs::secret encoded;
        cs::append_base64(encoded, std::string(offset, 'x') + std::string(piece), form);
        all.emplace_back(
            encoded.reveal().substr(offset == 0 ? 0 : offset + 1, 8));  // characters of the piece alone
      }
  }
  return all;
}
inline bool leaks(std::string_view text, std::string_view hidden) {
  static std::map<std::string, std::vector<std::string>, std::less<>> known;
  auto found = known.find(hidden);
  if (found == known.end()) found = known.emplace(std::string(hidden), forms_of(hidden)).first;
  for (auto const& form : found->second)
    if (text.find(form) != std::string_view::npos) return true;
  return false;
}
/// Whether it holds a token, code or client secret of the kind that begins so.
inline bool holds(std::string_view text, std::string_view prefix) {
  for (auto at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
    auto rest = text.substr(at + prefix.size());
    while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') rest.remove_prefix(1);
    if (rest.starts_with(canary)) return true;
  }
  return false;
}

/// A client, its world, and what it sends. Time passes where it waits.
struct journey {
  fake::world world;
  fake::oauth_server there;
  cs::memory_store store;
  mcp::sign_in_settings settings = {.keys = cs::openssl_proof_keys, .interactive = true};
  cs::context outside = world.context();
  std::vector<sent> record;
  std::vector<std::string> errors;
  std::set<std::string> secrets = {std::string(canary)};
  int pages = 0;
  /// May answer in the servers' place; the number counts requests from 0.
  std::function<std::optional<cs::result<cs::response>>(cs::request const& what, std::size_t number)>
      instead = {};
  /// May answer in the person's place.
  std::function<std::optional<cs::result<cs::secret>>(cs::question const& what)> person_says = {};

  journey() { there.turn.tail = canary; }

  auto source() { return mcp::sign_in(fake::oauth_server::mcp, store, settings); }
  auto client() {
    return cs::authenticator(source(), cs::bearer_or_dpop{}, cs::renewal{.step_ups = 1}, outside);
  }

  cs::result<cs::response> answer(cs::request const& what) {
    sent made{std::string(what.method()),      std::string(what.url()),
              std::string(what.origin()),      "",
              std::string(what.body.reveal()), std::string(what.named_by.reveal())};
    what.fields([&](std::string_view name, std::string_view value) {
      made.head += std::string(name) + ": " + std::string(value) + "\n";
    });
    record.push_back(made);
    if (auto const at = made.body.find("code_verifier="); at != std::string::npos)
      secrets.insert(made.body.substr(at + 14, made.body.find('&', at) - at - 14));
    if (instead)
      if (auto early = instead(what, record.size() - 1)) return std::move(*early);
    return there.transport()(what);
  }
  cs::result<cs::secret> ask(cs::question const& what) {
    if (what.what == cs::question::kind::page) {
      ++pages;
      std::string const url(what.url.reveal());
      auto const at = url.find("state=") + 6;
      secrets.insert(url.substr(at, url.find('&', at) - at));
    }
    if (person_says)
      if (auto said = person_says(what)) return std::move(*said);
    return there.person()(what);
  }

  /// One event of an exchange that wants no call.
  template <class E>
  void step(E& talk) {
    switch (talk.wants()) {
    case cs::want::send:
      if (auto got = answer(talk.pending())) talk.supply(std::move(*got), world.now());
      else talk.fail(cs::detail::how_lost(got.error()), world.now());
      return;
    case cs::want::work:
      talk.perform();
      return talk.resume(world.now());
    case cs::want::wait:
      world.advance(cs::duration(talk.until().ms - world.now().boot.ms));
      return talk.resume(world.now());
    case cs::want::person: {
      auto said = ask(talk.asks());
      if (!said) errors.emplace_back(said.error().message());
      return talk.arrive(said ? said->reveal() : std::string_view(), world.now());
    }
    default:
      return;
    }
  }
  /// The status of the answer that the user gets; 0: an error, which is kept.
  template <class Auth>
  int call(Auth& auth, std::string_view url = fake::oauth_server::mcp) {
    cs::request const what("POST", url, cs::secret("{}"));
    auto talk = auth.begin(what);
    int status = 0;
    for (int turn = 0; turn < 10'000 && talk.wants() != cs::want::done; ++turn) {
      if (talk.wants() != cs::want::call) {
        step(talk);
        continue;
      }
      cs::request attempt = what;
      if (!talk.write(attempt)) break;
      if (auto got = answer(attempt)) {
        status = got->status();
        talk.heard(cs::response_head(*got), world.now());
      } else {
        errors.emplace_back(got.error().message());
        talk.fail(cs::detail::how_lost(got.error()), world.now());
      }
    }
    BOOST_TEST((talk.wants() == cs::want::done));
    auto const ended = std::move(talk).outcome();
    if (ended) return status;
    errors.emplace_back(ended.error().message());
    return 0;
  }
  void leave() {
    cs::oauth::sign_out<cs::memory_store> talk(store, {.server = fake::oauth_server::mcp}, {}, outside,
                                               world.now());
    for (int turn = 0; turn < 1000 && talk.wants() != cs::want::done; ++turn) step(talk);
    if (auto const got = std::move(talk).outcome(); !got) errors.emplace_back(got.error().message());
  }
  void keep_key() {
    auto const kept = store.load({.server = fake::oauth_server::mcp});
    if (!kept || kept->dpop_key.empty()) return;
    auto const text = kept->dpop_key.reveal();
    auto const at = text.find("\"d\":\"") + 5;
    secrets.insert(std::string(text.substr(at, text.find('"', at) - at)));
  }
  /// Signs in, refreshes in time and when refused, steps up, signs out.
  void all_of_it() {
    {
      auto auth = client();
      call(auth);
      keep_key();
      world.advance(cs::seconds(3600));
      call(auth);
      there.forget_access();
      call(auth);
      there.turn.needed_scope = "write";
      call(auth);
      keep_key();
    }
    leave();
  }

  /// Each secret has gone where it belongs, and nowhere else.
  void all_is_where_it_belongs() const {
    for (auto const& one : record) {
      BOOST_TEST_CONTEXT(one.method << " " << one.url) {
        bool const resource = one.url == fake::oauth_server::mcp,
                   issuer = one.origin == fake::oauth_server::issuer;
        BOOST_TEST((resource || issuer || one.origin == "https://mcp.example"));
        if (!issuer) {
          for (auto const* const other : {"rt-", "code-", "s-client-"}) BOOST_TEST(!holds(one.text(), other));
          BOOST_TEST(one.body.find("code_verifier") == std::string::npos);
          BOOST_TEST(one.head.find("Basic") == std::string::npos);
        }
        if (!resource && !(issuer && one.method == "POST"))
          for (auto const& hidden : secrets) BOOST_TEST(!leaks(one.text(), hidden));
        if (issuer) BOOST_TEST(one.named_by == "https://mcp.example");
      }
    }
  }
  /// Nothing that is told or traced holds a piece of any.
  void nothing_is_told() const {
    auto const traced = world.trace_text();
    for (auto const& hidden : secrets) {
      BOOST_TEST(!leaks(traced, hidden), traced);
      for (auto const& one : errors) BOOST_TEST(!leaks(one, hidden), one);
    }
  }
};

}  // namespace hostile
