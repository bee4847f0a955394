#pragma once
// What a server that wants Digest says (RFC 7616 §3.3), and which of its challenges is answered (§3.7).

#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/result.hpp>
#include <countersign/format/detail/digest_hash.hpp>
#include <countersign/text/challenge.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace countersign::inline v0 {

/// The longest realm, nonce and opaque that are answered, in bytes.
inline constexpr std::size_t max_digest_realm = 256;
inline constexpr std::size_t max_digest_nonce = 512;
inline constexpr std::size_t max_digest_opaque = 512;

namespace detail {

/// One challenge that can be answered. Refers to the `challenges` that it was read from.
struct digest_challenge {
  digest_algorithm algorithm;
  bool names_algorithm = false;  // else it is MD5, and an answer names none either
  bool auth = false, auth_int = false;
  bool userhash = false, utf8 = false, stale = false;
  std::string_view realm, nonce, domain;
  std::optional<std::string_view> opaque;

  [[nodiscard]] bool has_qop() const noexcept { return auth || auth_int; }
};

/// Which challenges may be answered.
struct digest_rules {
  bool md5;
  std::string_view realm;  // empty: any
};

// What a server sent, as far as a message shows it.
[[nodiscard]] constexpr std::string_view shown_of_server(std::string_view text) noexcept {
  constexpr std::size_t most = 60;
  if (text.size() <= most) return text;
  auto end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

// Whether a list with commas has that element, without case.
[[nodiscard]] constexpr bool lists(std::string_view list, std::string_view wanted) noexcept {
  constexpr std::string_view blank = " \t";
  for (;;) {
    auto const comma = list.find(',');
    auto one = list.substr(0, comma);
    while (!one.empty() && blank.find(one.front()) != blank.npos) one.remove_prefix(1);
    while (!one.empty() && blank.find(one.back()) != blank.npos) one.remove_suffix(1);
    if (equal_without_case(one, wanted)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

// @pre it is one of Digest
[[nodiscard]] inline result<digest_challenge> read_digest(challenge one, digest_rules const& rules) noexcept {
  digest_challenge made;
  auto const told_true = [&](std::string_view name) {
    return equal_without_case(one.parameter(name).value_or(""), "true");
  };
  auto const too_long = [](std::string_view what, std::size_t most) {
    return error{errc::too_large, "digest: the server's ", what, " is longer than ", most, " bytes"};
  };
  auto const realm = one.parameter("realm");
  if (!realm) return error{errc::bad_input, "digest: the server's challenge names no realm (RFC 7616 §3.3)"};
  if (realm->size() > max_digest_realm) return too_long("realm", max_digest_realm);
  made.realm = *realm;

  auto const algorithm = one.parameter("algorithm");
  made.names_algorithm = algorithm.has_value();
  made.algorithm = digest_algorithm_of(algorithm.value_or("MD5"));
  if (made.algorithm.hash == digest_hash::none)
    return error{errc::bad_input, "digest: the server wants algorithm \"", shown_of_server(*algorithm),
                 "\", which is not known here; known are MD5, SHA-256, SHA-512-256 and their -sess"};
  if (made.algorithm.hash == digest_hash::md5 && !rules.md5)
    return error{errc::fatal, "digest: the server wants ", name(made.algorithm),
                 ", and md5 is switched off here"};

  made.nonce = one.parameter("nonce").value_or("");
  if (made.nonce.empty())
    return error{errc::bad_input, "digest: the server's challenge has no nonce (RFC 7616 §3.3)"};
  if (made.nonce.size() > max_digest_nonce) return too_long("nonce", max_digest_nonce);
  made.opaque = one.parameter("opaque");
  if (made.opaque && made.opaque->size() > max_digest_opaque) return too_long("opaque", max_digest_opaque);

  if (auto const qop = one.parameter("qop").value_or(""); !qop.empty()) {
    made.auth = lists(qop, "auth");
    made.auth_int = lists(qop, "auth-int");
    if (!made.has_qop())
      return error{errc::bad_input, "digest: the server wants qop \"", shown_of_server(qop),
                   "\"; known are auth and auth-int"};
  } else if (made.algorithm.session) {
    return error{errc::bad_input, "digest: the server wants ", name(made.algorithm),
                 " and names no qop, without which there is no session (RFC 7616 §3.4.2)"};
  }
  made.domain = one.parameter("domain").value_or("");
  made.stale = told_true("stale");
  made.userhash = told_true("userhash");
  made.utf8 = equal_without_case(one.parameter("charset").value_or(""), "UTF-8");
  return made;
}

/// The challenge that is answered: the first, in the server's order, that is not MD5; MD5 where nothing else can be answered
/// (RFC 7616 §3.7: the server's order, unless a local policy dictates otherwise).
[[nodiscard]] inline result<digest_challenge> choose_digest(challenges const& all,
                                                            digest_rules const& rules) noexcept {
  std::optional<std::string_view> realm;
  error wrong;
  digest_challenge best;
  bool found = false, asks = false;
  for (auto const one : all) {
    if (!one.is("Digest")) continue;
    asks = true;
    if (auto const there = one.parameter("realm")) {
      if (!rules.realm.empty() && *there != rules.realm) continue;
      if (realm && *realm != *there)
        return error{errc::bad_input,         "digest: the server asks in one answer for realm \"",
                     shown_of_server(*realm), "\" and for realm \"",
                     shown_of_server(*there), "\"; say with .realm which one the login is for"};
      realm = there;
    }
    auto const read = read_digest(one, rules);
    if (!read && wrong.code() == errc::none) wrong = read.error();
    if (!read ||
        (found && (best.algorithm.hash != digest_hash::md5 || read->algorithm.hash == digest_hash::md5)))
      continue;
    best = *read;
    found = true;
  }
  if (found) return best;
  if (wrong.code() != errc::none) return wrong;
  if (asks)
    return error{errc::fatal, "digest: the server asks for another realm than \"",
                 shown_of_server(rules.realm), "\", which alone is answered here"};
  secret schemes;
  for (auto const one : all)
    if (schemes.size() < 100)
      schemes.append(schemes.empty() ? "" : ", ").append(shown_of_server(one.scheme()));
  if (schemes.empty())
    return error{errc::bad_input,
                 "digest: the server answered 401 without saying what it wants (WWW-Authenticate)"};
  return error{errc::bad_input, "digest: the server does not ask for Digest; it asks for ", schemes.reveal()};
}

/// All challenges of a 401. One field that can't be read does not hide the others; it is told of where nothing of them can
/// be answered.
class digest_offer {
public:
  digest_offer(response_head const& head, digest_rules const& rules) : chosen_(error{errc::bad_input}) {
    error unread;
    head.fields([&](std::string_view name, std::string_view value) {
      if (!equal_without_case(name, "WWW-Authenticate")) return;
      if (auto const ok = all_.add(value); !ok && unread.code() == errc::none)
        unread = ok.error().within("digest: WWW-Authenticate: ");
    });
    asks_ = bool(all_.find("Digest"));
    chosen_ = choose_digest(all_, rules);
    if (!chosen_ && !asks_ && unread.code() != errc::none) chosen_ = unread, asks_ = true;
  }
  digest_offer(digest_offer const&) = delete;
  digest_offer& operator=(digest_offer const&) = delete;

  /// Whether Digest is asked for, readably or not.
  [[nodiscard]] bool asks() const noexcept { return asks_; }
  /// Refers to this object.
  [[nodiscard]] result<digest_challenge> const& chosen() const noexcept { return chosen_; }

private:
  challenges all_;
  result<digest_challenge> chosen_;
  bool asks_ = false;
};

}  // namespace detail

}  // namespace countersign::inline v0
