#pragma once
// Proof that whoever redeems a code is the one who asked for it (RFC 7636). S256 only: `plain` proves
// nothing.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/oauth/server_metadata.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/origin.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// RFC 7636 §4.1: the length of a code_verifier, in characters.
inline constexpr std::size_t min_code_verifier = 43;
inline constexpr std::size_t max_code_verifier = 128;

/// A verifier to keep until the code is redeemed, and its challenge, which is sent at once.
struct code_proof {
  secret code_verifier = {};
  owned_text code_challenge = {};
};

namespace detail {
// 256 random bits as 43 characters of base64url.
[[nodiscard]] inline result<secret> random_text(context const& outside) {
  char bytes[32];
  auto const random = outside.entropy(bytes, sizeof bytes);
  secret text;
  if (random) append_base64(text, countersign::detail::text_at(bytes, sizeof bytes), base64::url);
  wipe(bytes, sizeof bytes);
  if (!random) return random.error().within("oauth: ");
  if (!text.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return text;
}
}  // namespace detail

/// S256 of a verifier (§4.2). errc::bad_input if it is none: too short, too long, or of other characters.
[[nodiscard]] inline result<owned_text> s256_challenge(std::string_view code_verifier) {
  bool unreserved = true;
  for (char const c : code_verifier)
    unreserved = unreserved && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                c == '-' || c == '.' || c == '_' || c == '~');
  if (code_verifier.size() < min_code_verifier || code_verifier.size() > max_code_verifier || !unreserved)
    return error{errc::bad_input,   "oauth: a code_verifier is ",
                 min_code_verifier, " to ",
                 max_code_verifier, " letters, digits, or any of -._~ (RFC 7636 §4.1)"};
  auto const digest = sha256::of(code_verifier);
  char text[base64_size(sha256::digest_size, base64::url)];
  encode_base64(text, {reinterpret_cast<char const*>(digest.data()), digest.size()}, base64::url);
  owned_text made(countersign::detail::text_at(text, sizeof text));
  if (!made.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return made;
}

/// A fresh one for one authorization request.
[[nodiscard]] inline result<code_proof> make_code_proof(context const& outside) {
  auto verifier = detail::random_text(outside);
  if (!verifier) return verifier.error();
  auto challenge = s256_challenge(verifier->reveal());
  if (!challenge) return challenge.error();
  return code_proof{std::move(*verifier), std::move(*challenge)};
}

/// Whether the server says that it checks S256. MCP wants a client to stop where it does not: without the
/// check, a code that somebody else catches is as good as a password.
[[nodiscard]] inline result<void> check_pkce(server_metadata const& server) {
  if (server.code_challenge_methods_supported.contains("S256")) return {};
  auto const where = origin_of(server.issuer);
  return error{errc::fatal, "oauth: ", where ? where->view() : "the authorization server",
               " does not say that it supports PKCE with S256 (code_challenge_methods_supported); signing in "
               "there would not be safe"};
}

}  // namespace countersign::inline v0::oauth
