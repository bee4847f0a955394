#pragma once
// A JWS written in one buffer: header, payload, signature (RFC 7515 §3.1). JWTs and DPoP proofs are made of it.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/text/base64.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

/// The compact serialization of two JSON texts, signed. Errors are the signer's, and errc::no_memory.
template <signer S>
[[nodiscard]] result<secret> compact_jws(std::string_view header, std::string_view payload, S const& key) {
  constexpr std::size_t usual_signature = 96;  // bytes; a longer one makes the buffer grow
  secret token;
  token.reserve(base64_size(header.size(), base64::url) + base64_size(payload.size(), base64::url) + 2 +
                base64_size(usual_signature, base64::url));
  append_base64(token, header, base64::url).push_back('.');
  append_base64(token, payload, base64::url);
  if (!token.ok()) return error{errc::no_memory, "out of memory"};
  secret signature;
  if (auto ok = key.sign(token.reveal(), signature); !ok) return ok.error();
  if (!signature.ok()) return error{errc::no_memory, "out of memory"};
  if (signature.empty()) return error{errc::fatal, "the signer gave no signature"};
  append_base64(token.push_back('.'), signature.reveal(), base64::url);
  if (!token.ok()) return error{errc::no_memory, "out of memory"};
  return token;
}

}  // namespace countersign::inline v0
