#pragma once
// The proof that a request comes from the holder of a key (RFC 9449 §4).

#include <countersign/core/context.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/compact_jws.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/json_writer.hpp>
#include <countersign/text/origin.hpp>
#include <countersign/text/timestamp.hpp>
#include <countersign/text/url_resolve.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// What one proof is about.
struct dpop_subject {
  std::string_view method = {};
  std::string_view origin =
      {};  ///< of the request; ws and wss count as http and https, which their handshake is
  std::string_view target = {};  ///< path and query, as sent
  std::string_view access_token =
      {};                       ///< empty: a token is being asked for (RFC 9449 §5), and there is no `ath`
  std::string_view nonce = {};  ///< the server's (RFC 9449 §8), empty before it gave one
};

/// How many random bytes are in a `jti` (RFC 9449 §4.2 asks for 96 bits).
inline constexpr std::size_t dpop_jti_size = 16;

namespace detail {

inline constexpr std::size_t dpop_id_size = base64_size(dpop_jti_size, base64::url);

// RFC 9449 §4.2: htu is the target URI without query and fragment; normalised (RFC 3986 §6.2.2, §6.2.3), as §4.3 has
// servers compare it.
[[nodiscard]] inline result<secret> dpop_target(std::string_view where, std::string_view target) noexcept {
  auto const parsed = origin_of(where);
  if (!parsed) return parsed.error().within("DPoP: ");
  auto path = target.substr(0, target.find_first_of("?#"));
  if (path == "*") path = {};  // RFC 9110 §7.1: the whole server
  if (!path.empty() && path.front() != '/')
    return error{errc::bad_input, "DPoP: the request's target is no path; it must begin with /"};
  auto const scheme = parsed->scheme();
  secret const url(parsed->encrypted() ? "https" : "http", parsed->view().substr(scheme.size()), path);
  if (!url.ok()) return error{errc::no_memory, "DPoP: out of memory"};
  auto htu = normalize(url.reveal());
  if (!htu) return htu.error().within("DPoP: ");
  return htu;
}

// The same for what is in its normal form already, as a rule: not copied, in two parts. False: ask the other.
[[nodiscard]] inline bool is_plain_dpop_target(std::string_view where, std::string_view path) noexcept {
  constexpr std::string_view scheme = "https://";
  constexpr std::size_t longest_label = 63;
  auto const is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  auto const is_plain = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  if (!where.starts_with(scheme) || path.empty()) return false;
  auto const host = where.substr(scheme.size());
  bool plain = !host.empty() && host.size() <= longest_label;
  char before = '.';
  for (char const c : host) {
    plain = plain && (is_plain(c) || (c == '.' && before != '.'));
    before = c;
  }
  // A last label that begins with a digit may be an address.
  plain = plain && before != '.' && is_letter(host[host.rfind('.') + 1]);
  before = 0;
  for (char const c : path) {
    plain = plain && (is_plain(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '~' ||
                      (c == '/' && before != '/') || (c == '.' && before != '/'));
    before = c;
  }
  return plain && path.front() == '/';
}

// What the payload says beside time and id.
struct dpop_texts {
  std::string_view origin = {}, path = {};  // htu, in one or two parts
  std::string_view method = {}, nonce = {};
  char ath[base64_size(sha256::digest_size, base64::url)] = {};
  std::size_t ath_size = 0;
};

/// Header and payload one after the other, where nothing has to be escaped and both are short. Gives the header's size;
/// 0: ask `json_writer`.
inline constexpr std::size_t short_dpop = 1024;
[[nodiscard]] inline std::size_t write_short_dpop(char* out, std::size_t& size, std::string_view alg,
                                                  std::string_view jwk, dpop_texts const& what,
                                                  std::string_view id, std::int64_t second) noexcept {
  constexpr std::size_t around = 160 + dpop_id_size + unix_seconds_size;  // names, braces, quotes, commas
  auto const variable = alg.size() + jwk.size() + what.origin.size() + what.path.size() + what.method.size() +
                        what.nonce.size() + what.ath_size;
  if (variable > short_dpop - around || !plain_json_string(alg) || !plain_json_string(what.method) ||
      !plain_json_string(what.nonce) || !plain_json_string(what.origin))
    return 0;
  auto* at = short_copy(short_copy(out, R"({"typ":"dpop+jwt","alg":")"), alg);
  at = short_copy(short_copy(short_copy(at, R"(","jwk":)"), jwk), "}");
  auto const header = static_cast<std::size_t>(at - out);
  at = short_copy(short_copy(at, R"({"jti":")"), id);
  at = short_copy(short_copy(at, R"(","htm":")"), what.method);
  at = short_copy(short_copy(short_copy(at, R"(","htu":")"), what.origin), what.path);
  at = encode_seconds(short_copy(at, R"(","iat":)"), second);
  if (what.ath_size > 0)
    at = short_copy(short_copy(short_copy(at, R"(,"ath":")"), {what.ath, what.ath_size}), "\"");
  if (!what.nonce.empty()) at = short_copy(short_copy(short_copy(at, R"(,"nonce":")"), what.nonce), "\"");
  *at++ = '}';
  size = static_cast<std::size_t>(at - out);
  return header;
}

// The same for any texts.
[[nodiscard]] inline result<void> write_dpop(secret& header, secret& payload, std::string_view alg,
                                             std::string_view jwk, dpop_texts const& what,
                                             std::string_view id, std::int64_t second) noexcept {
  json_writer head(header);
  head.open_object().member("typ", "dpop+jwt").member("alg", alg);
  head.name("jwk").raw(jwk).close();
  if (auto ok = head.finish(); !ok) return ok;
  secret const htu(what.origin, what.path);
  json_writer claims(payload);
  claims.open_object().member("jti", id).member("htm", what.method).member("htu", htu);
  claims.member("iat", second);
  if (what.ath_size > 0) claims.member("ath", std::string_view(what.ath, what.ath_size));
  if (!what.nonce.empty()) claims.member("nonce", what.nonce);
  claims.close();
  return claims.finish();
}

}  // namespace detail

/// The value of a `DPoP` header: typ, alg and the public key; fresh jti, htm, htu, iat, and where they apply ath and nonce.
/// Made anew for each attempt: servers take none twice.
template <public_key_signer Key>
[[nodiscard]] result<secret> dpop_proof(Key const& key, dpop_subject const& about, moment const& when) {
  std::string_view const alg = key.alg(), jwk = key.public_jwk();
  if (about.method.empty()) return error{errc::bad_input, "DPoP: the request has no method"};
  if (jwk.empty()) return error{errc::fatal, "DPoP: the signer has no public key to show"};
  detail::dpop_texts what;
  what.method = about.method;
  what.nonce = about.nonce;
  secret normal;
  what.origin = about.origin;
  what.path = about.target.substr(0, about.target.find_first_of("?#"));
  if (!detail::is_plain_dpop_target(what.origin, what.path)) {
    auto htu = detail::dpop_target(about.origin, about.target);
    if (!htu) return htu.error();
    normal = std::move(*htu);
    what.origin = normal.reveal();
    what.path = {};
  }
  char random[dpop_jti_size], id[detail::dpop_id_size];
  if (auto ok = when.entropy(random, sizeof random); !ok) return ok.error().within("DPoP: ");
  encode_base64(id, detail::text_at(random, sizeof random), base64::url);
  if (!about.access_token.empty()) {
    encode_base64(what.ath, as_chars(sha256::of(about.access_token)), base64::url);
    what.ath_size = sizeof what.ath;
  }

  secret header, payload;
  char room[detail::short_dpop];
  std::size_t size = 0;
  auto const second = detail::whole_seconds(when.coarse_now());
  auto const header_size = detail::write_short_dpop(room, size, alg, jwk, what, detail::text_at(id, sizeof id), second);
  if (header_size == 0)
    if (auto ok = detail::write_dpop(header, payload, alg, jwk, what, detail::text_at(id, sizeof id), second); !ok)
      return ok.error().within("DPoP: ");
  auto proof = header_size == 0
                   ? compact_jws(header.reveal(), payload.reveal(), key)
                   : compact_jws(detail::text_at(room, header_size), detail::text_at(room + header_size, size - header_size), key);
  if (!proof) return proof.error().within("DPoP: ");
  return proof;
}

}  // namespace countersign::inline v0
