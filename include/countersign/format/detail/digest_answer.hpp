#pragma once
// The answer to a Digest challenge (RFC 7616 §3.4), and the proof that a server gives in turn (§3.5).

#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/format/detail/digest_hash.hpp>
#include <countersign/format/detail/digest_session.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace countersign::inline v0::detail {

enum class digest_qop : std::uint8_t { none, auth, auth_int };

[[nodiscard]] constexpr std::string_view name(digest_qop of) noexcept {
  return of == digest_qop::auth_int ? "auth-int" : of == digest_qop::auth ? "auth" : "";
}

/// Of a request: what an answer covers.
class digest_request {
public:
  /// @param target an empty path is filled in, as transports do (RFC 9112 §3.2.1)
  /// @param shown nullopt: the body can't be read
  digest_request(std::string_view of_method, std::string_view target,
                 std::optional<std::string_view> shown) noexcept
      : method(of_method), body(shown), target_(target) {
    if (!target.empty() && !target.starts_with('?')) return;
    filled_.append("/").append(target);
    target_ = filled_.reveal();
  }
  digest_request(digest_request const&) = delete;
  digest_request& operator=(digest_request const&) = delete;

  std::string_view method;
  std::optional<std::string_view> body;

  [[nodiscard]] std::string_view target() const noexcept { return target_; }
  [[nodiscard]] bool ok() const noexcept { return filled_.ok(); }

private:
  std::string_view target_;
  secret filled_;
};

/// The better that is offered and can be done.
/// @param integrity whether bodies are covered where the server lets choose
[[nodiscard]] inline result<digest_qop> choose_qop(digest_facts const& offered, bool integrity,
                                                   bool body_is_shown) noexcept {
  if (!offered.has_qop()) return digest_qop::none;
  if (offered.auth_int && body_is_shown && (integrity || !offered.auth)) return digest_qop::auth_int;
  if (offered.auth) return digest_qop::auth;
  return error{errc::fatal, "digest: the server wants qop auth-int, which covers the body, and this request "
                            "can't show its body; give it one that is in memory"};
}

/// Of one use of a nonce; both empty where there is no qop.
struct digest_turn {
  std::string_view nc, cnonce;
};
/// The same in hexadecimal digits.
class digest_counts {
public:
  explicit digest_counts(digest_session const& of) noexcept {
    unsigned char bytes[4];
    for (unsigned i = 0; i < 4; ++i) bytes[i] = static_cast<unsigned char>(of.uses >> (24 - 8 * i));
    encode_hex(nc_, as_chars(bytes));
    encode_hex(cnonce_, {reinterpret_cast<char const*>(of.cnonce), sizeof of.cnonce});
  }
  /// Refers to this object.
  [[nodiscard]] digest_turn turn() const noexcept { return {{nc_, sizeof nc_}, {cnonce_, sizeof cnonce_}}; }

private:
  char nc_[8], cnonce_[32];
};

/// H(A1) of RFC 7616 §3.4.2.
[[nodiscard]] inline digest_text digest_key(digest_session const& of, std::string_view user,
                                            std::string_view password, digest_turn turn) noexcept {
  auto const hash = of.facts.algorithm.hash;
  auto key = hash_joined(hash, {user, of.realm(), password});
  if (of.facts.algorithm.session) key = hash_joined(hash, {key.view(), of.first_nonce(), turn.cnonce});
  return key;
}
/// `response`, or `rspauth` where the method is empty. @param body its hash, where that is covered
[[nodiscard]] inline digest_text digest_proof(digest_session const& of, digest_text const& key,
                                              digest_turn turn, digest_qop qop, std::string_view method,
                                              std::string_view target, std::string_view body = {}) noexcept {
  auto const hash = of.facts.algorithm.hash;
  auto const what = qop == digest_qop::auth_int ? hash_joined(hash, {method, target, body})
                                                : hash_joined(hash, {method, target});
  if (qop == digest_qop::none) return hash_joined(hash, {key.view(), of.nonce(), what.view()});
  return hash_joined(hash, {key.view(), of.nonce(), turn.nc, turn.cnonce, name(qop), what.view()});
}

/// A text as it stands in a quoted-string (RFC 9110 §5.6.4): as it is, or in a copy with escapes.
class quoted {
public:
  explicit quoted(std::string_view text) noexcept : text_(text) {
    if (text.find('"') == text.npos && text.find('\\') == text.npos) return;
    for (char const c : text) {
      if (c == '"' || c == '\\') escaped_.push_back('\\');
      escaped_.push_back(c);
    }
    text_ = escaped_.reveal();
  }
  quoted(quoted const&) = delete;
  quoted& operator=(quoted const&) = delete;

  [[nodiscard]] std::string_view view() const noexcept { return text_; }
  [[nodiscard]] bool ok() const noexcept { return escaped_.ok(); }

private:
  std::string_view text_;
  secret escaped_;
};

// RFC 8187 §3.2.1: all but attr-char is encoded.
[[nodiscard]] inline secret extended_value(std::string_view text) noexcept {
  constexpr std::string_view kept = "!#$&+-.^_`|~";
  secret made("UTF-8''");
  for (char const c : text) {
    bool const stays = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kept.find(c) != std::string_view::npos;
    auto const byte = static_cast<unsigned char>(c);
    char const escape[] = {'%', hex_digit(byte >> 4u, 'A'), hex_digit(byte & 15u, 'A')};
    made.append(stays ? text_at(&c, 1) : text_at(escape, sizeof escape));
  }
  return made;
}

// How the user is named (RFC 7616 §3.4, §3.4.4). Servers of RFC 2617 know no `username*`: there the bytes stand as they are.
struct digest_name {
  std::string_view before = "username=\"", value, after = "\"";
  digest_text hashed;
  secret extended;

  digest_name(digest_session const& of, std::string_view user, quoted const& plain) noexcept
      : value(plain.view()) {
    bool const modern = of.facts.utf8 || of.facts.algorithm.hash != digest_hash::md5;
    if (of.facts.userhash) {
      hashed = hash_joined(of.facts.algorithm.hash, {user, of.realm()});
      value = hashed.view();
      after = "\", userhash=true";
    } else if (modern && !is_ascii(user)) {
      extended = extended_value(user);
      before = "username*=";
      value = extended.reveal();
      after = "";
    }
  }
  digest_name(digest_name const&) = delete;
  digest_name& operator=(digest_name const&) = delete;

private:
  [[nodiscard]] static bool is_ascii(std::string_view text) noexcept {
    for (char const c : text)
      if (static_cast<unsigned char>(c) >= 0x80) return false;
    return true;
  }
};

/// Whether name and password can be those of a login.
[[nodiscard]] inline result<void> check_digest_login(std::string_view user,
                                                     std::string_view password) noexcept {
  if (user.empty()) return error{errc::bad_input, "digest: the user name is empty"};
  // RFC 7616 §3.4.2 joins name, realm and password with colons, so that this name would be another one's.
  if (user.find(':') != std::string_view::npos)
    return error{
        errc::bad_input,
        "digest: the user name holds a colon, which ends it for the server; the password may hold one"};
  for (bool const second : {false, true}) {
    auto const part = second ? password : user;
    auto const what = second ? std::string_view("password") : std::string_view("user name");
    for (char const c : part)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
        return error{errc::bad_input, "digest: the ", what,
                     " holds a control character; look for a stray line end"};
    if (!valid_utf8(part)) return error{errc::bad_input, "digest: the ", what, " is not UTF-8"};
  }
  return {};
}

/// The value of `Authorization` while it is put together. Wiped, for it is as good as the login until its nonce runs out.
class digest_value {
public:
  digest_value() noexcept {}
  digest_value(digest_value const&) = delete;
  digest_value& operator=(digest_value const&) = delete;
  ~digest_value() { wipe(room_, used_); }

  [[nodiscard]] std::string_view view() const noexcept {
    return is_long_ ? long_.reveal() : std::string_view(room_, used_);
  }
  /// False where there was no memory.
  [[nodiscard]] bool assign(std::initializer_list<std::string_view> pieces) noexcept {
    std::size_t size = 0;
    for (auto const piece : pieces) size += piece.size();
    is_long_ = size > sizeof room_;
    if (is_long_) {
      if (!long_.reserve(size)) return false;
      for (auto const piece : pieces) long_.append(piece);
      return true;
    }
    auto* at = room_;
    for (auto const piece : pieces) at = short_copy(at, piece);
    used_ = size;
    return true;
  }

private:
  char room_[1024];
  std::size_t used_ = 0;
  bool is_long_ = false;
  secret long_;
};

/// Makes the value of `Authorization`.
[[nodiscard]] inline result<void> write_digest(digest_session const& of, std::string_view user,
                                               std::string_view password, digest_qop qop,
                                               digest_request const& what, digest_value& out) noexcept {
  digest_counts const counts(of);
  auto const turn = counts.turn();
  auto const body = qop == digest_qop::auth_int
                        ? hash_joined(of.facts.algorithm.hash, {what.body.value_or("")})
                        : digest_text();
  auto const proof = digest_proof(of, digest_key(of, user, password, turn), turn, qop, what.method,
                                  what.target(), body.view());

  quoted const plain_user(user), realm(of.realm()), nonce(of.nonce()), uri(what.target()),
      opaque(of.opaque());
  digest_name const named(of, user, plain_user);
  if (!plain_user.ok() || !realm.ok() || !nonce.ok() || !uri.ok() || !opaque.ok() || !named.extended.ok())
    return error{errc::no_memory, "digest: out of memory"};

  // RFC 7616 §3.4: algorithm, qop and nc without quotes; no parameter that the challenge gives no reason for
  constexpr std::string_view none;
  bool const counted = qop != digest_qop::none;
  bool const whole =
      out.assign({"Digest ",
                  named.before,
                  named.value,
                  named.after,
                  ", realm=\"",
                  realm.view(),
                  "\", nonce=\"",
                  nonce.view(),
                  "\", uri=\"",
                  uri.view(),
                  of.facts.names_algorithm ? std::string_view("\", algorithm=") : std::string_view("\""),
                  of.facts.names_algorithm ? name(of.facts.algorithm) : none,
                  ", response=\"",
                  proof.view(),
                  "\"",
                  of.facts.opaque ? std::string_view(", opaque=\"") : none,
                  opaque.view(),
                  of.facts.opaque ? std::string_view("\"") : none,
                  counted ? std::string_view(", qop=") : none,
                  name(qop),
                  counted ? std::string_view(", nc=") : none,
                  counted ? turn.nc : none,
                  counted ? std::string_view(", cnonce=\"") : none,
                  counted ? turn.cnonce : none,
                  counted ? std::string_view("\"") : none});
  if (!whole) return error{errc::no_memory, "digest: out of memory"};
  return {};
}

}  // namespace countersign::inline v0::detail
