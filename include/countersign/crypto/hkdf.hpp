#pragma once
// HKDF (RFC 5869): several keys from one, so that no key serves two purposes.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/hash.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/text/bytes.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

/// `size` bytes that depend on the key, the salt (may be empty) and on what they are for, and tell nothing of
/// each other. errc::bad_input beyond 255 digests (RFC 5869 section 2.3).
template <hash_function Hash>
[[nodiscard]] result<secret> hkdf(std::string_view key, std::string_view salt, std::string_view info,
                                  std::size_t size) noexcept {
  if (size > 255 * Hash::digest_size)
    return error{errc::bad_input, "HKDF: ", size, " bytes are more than 255 digests"};
  secret out;
  if (!out.reserve(size + Hash::digest_size))
    return error{errc::no_memory, "HKDF: no memory for ", size, " bytes"};
  auto extracted = hmac<Hash>(salt).finish(key);  // HMAC makes zeros of an empty salt, as the RFC does
  hmac<Hash> const keyed(as_chars(extracted));
  wipe(extracted.data(), extracted.size());
  auto block = typename Hash::digest();
  for (unsigned char counter[] = {1}; out.size() < size; ++*counter) {
    auto mac = keyed;
    if (*counter > 1) mac.update(as_chars(block));
    mac.update(info);
    block = mac.finish(as_chars(counter));
    out.append(as_chars(block));
  }
  wipe(block.data(), block.size());
  static_cast<void>(out.resize(size));
  return out;
}

}  // namespace countersign::inline v0
