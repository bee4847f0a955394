#pragma once
// A JWS written in one buffer: header, payload, signature (RFC 7515 §3.1). JWTs and DPoP proofs are made of it.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/hmac_midstates.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/text/base64.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

namespace detail {
inline constexpr std::size_t usual_signature = 96;  // bytes; a longer one makes the buffer grow

[[nodiscard]] constexpr std::size_t compact_jws_size(std::size_t header, std::size_t payload) noexcept {
  return base64_size(header, base64::url) + base64_size(payload, base64::url) + 2 +
         base64_size(usual_signature, base64::url);
}

// A key of HMAC gives its code without asking for memory.
template <class S>
concept signs_by_hmac = requires(S const& key) {
  { key.midstates() } -> std::same_as<hmac_midstates const&>;
};

/// Signs what is there, and puts the signature behind it.
template <signer S>
[[nodiscard]] result<void> append_signature(secret& token, S const& key) {
  if (!token.ok()) return error{errc::no_memory, "out of memory"};
  if constexpr (signs_by_hmac<S>) {
    auto const code = key.midstates().finish(token.reveal());
    append_base64(token.push_back('.'), code.view(), base64::url);
  } else {
    secret signature;
    if (auto ok = key.sign(token.reveal(), signature); !ok) return ok.error();
    if (!signature.ok()) return error{errc::no_memory, "out of memory"};
    if (signature.empty()) return error{errc::fatal, "the signer gave no signature"};
    append_base64(token.push_back('.'), signature.reveal(), base64::url);
  }
  if (!token.ok()) return error{errc::no_memory, "out of memory"};
  return {};
}
}  // namespace detail

/// The compact serialization of two JSON texts, signed. Errors are the signer's, and errc::no_memory.
template <signer S>
[[nodiscard]] result<secret> compact_jws(std::string_view header, std::string_view payload, S const& key) {
  secret token;
  token.reserve(detail::compact_jws_size(header.size(), payload.size()));
  append_base64(token, header, base64::url).push_back('.');
  append_base64(token, payload, base64::url);
  if (auto ok = detail::append_signature(token, key); !ok) return ok.error();
  return token;
}

}  // namespace countersign::inline v0
