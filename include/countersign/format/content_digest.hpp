#pragma once
// Content-Digest (RFC 9530): the hash of a body in a header, so that a signature over headers covers the body too.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/structured_field.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// The hashes that RFC 9530 §5 calls active.
enum class content_digest : std::uint8_t { sha_256, sha_512 };

/// What `encode_content_digest` writes at most.
inline constexpr std::size_t content_digest_size = sizeof "sha-512=::" - 1 + base64_size(64);

/// Writes the field's value, "sha-256=:…:"; returns the end. No final NUL.
[[nodiscard]] inline char* encode_content_digest(char* out, content_digest how,
                                                 std::string_view body) noexcept {
  for (char const c : how == content_digest::sha_512 ? std::string_view("sha-512=:") : "sha-256=:")
    *out++ = c;
  out = encode_base64(out,
                      hash_of(how == content_digest::sha_512 ? sha2::bits_512 : sha2::bits_256, body).view());
  *out++ = ':';
  return out;
}

/// Whether a Content-Digest is that of `body`. Every hash in it that is active must be, and one there must be: what others
/// say (md5, unixsum, …) counts for nothing. errc::rejected if it is another's, bad_input if it can't be read. Compares in
/// constant time.
/// @param value the field's; of several such fields, their values with ", " between
[[nodiscard]] inline result<void> check_content_digest(std::string_view value,
                                                       std::string_view body) noexcept {
  auto const field = structured_field::parse_dictionary(secret(value));
  if (!field) return field.error().within("Content-Digest: ");
  bool known = false;
  for (auto const& [key, hash] :
       {std::pair(std::string_view("sha-256"), sha2::bits_256), {"sha-512", sha2::bits_512}}) {
    auto const said = (*field)[key];
    if (!said) continue;
    auto const bytes = said.bytes();
    if (!bytes) return said.expected("bytes").within("Content-Digest: ");
    if (!equal_in_constant_time(hash_of(hash, body).view(), *bytes))
      return error{errc::rejected, "Content-Digest: the body is not the one that the ", key, " was made of"};
    known = true;
  }
  if (known) return {};
  return error{errc::rejected, "Content-Digest: neither sha-256 nor sha-512 is in it"};
}

}  // namespace countersign::inline v0
