#pragma once
// The proof that a request comes from the holder of a key (RFC 9449 §4).

#include <countersign/core/context.hpp>
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
#include <string_view>

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

template <std::size_t N>
struct base64url_text {
  explicit base64url_text(std::string_view bytes) noexcept { encode_base64(characters, bytes, base64::url); }
  [[nodiscard]] std::string_view view() const noexcept { return {characters, sizeof characters}; }
  char characters[base64_size(N, base64::url)];
};

}  // namespace detail

/// The value of a `DPoP` header: typ, alg and the public key; fresh jti, htm, htu, iat, and where they apply ath and nonce.
/// Made anew for each attempt: servers take none twice.
template <public_key_signer Key>
[[nodiscard]] result<secret> dpop_proof(Key const& key, dpop_subject const& about, moment const& when) {
  if (about.method.empty()) return error{errc::bad_input, "DPoP: the request has no method"};
  if (key.public_jwk().empty()) return error{errc::fatal, "DPoP: the signer has no public key to show"};
  auto const htu = detail::dpop_target(about.origin, about.target);
  if (!htu) return htu.error();
  char random[dpop_jti_size];
  if (auto ok = when.entropy(random, sizeof random); !ok) return ok.error().within("DPoP: ");
  detail::base64url_text<dpop_jti_size> const jti(std::string_view(random, sizeof random));

  secret header, payload;
  header.reserve(64 + key.public_jwk().size());
  json_writer head(header);
  head.open_object().member("typ", "dpop+jwt").member("alg", std::string_view(key.alg()));
  head.name("jwk").raw(key.public_jwk()).close();
  if (auto ok = head.finish(); !ok) return ok.error().within("DPoP: ");

  payload.reserve(192 + about.method.size() + htu->size() + about.nonce.size());
  json_writer claims(payload);
  claims.open_object().member("jti", jti.view()).member("htm", about.method).member("htu", *htu);
  claims.member("iat", detail::whole_seconds(when.now()));
  if (!about.access_token.empty()) {
    auto const hash = sha256::of(about.access_token);
    claims.member("ath", detail::base64url_text<sha256::digest_size>(as_chars(hash)).view());
  }
  if (!about.nonce.empty()) claims.member("nonce", about.nonce);
  claims.close();
  if (auto ok = claims.finish(); !ok) return ok.error().within("DPoP: ");

  auto proof = compact_jws(header.reveal(), payload.reveal(), key);
  if (!proof) return proof.error().within("DPoP: ");
  return proof;
}

}  // namespace countersign::inline v0
