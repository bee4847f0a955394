#pragma once
// HMAC whose hash is chosen when the program runs, and the texts in which its key may be kept.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/hex.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>

namespace countersign::inline v0 {

/// A member of SHA-2.
enum class sha2 : std::uint8_t { bits_256, bits_384, bits_512 };

/// The size of a digest in bytes.
[[nodiscard]] constexpr std::size_t digest_size(sha2 hash) noexcept {
  return hash == sha2::bits_256 ? 32 : hash == sha2::bits_384 ? 48 : 64;
}
inline constexpr std::size_t max_digest_size = 64;  ///< bytes

/// A digest of a size that is known when the program runs. Wiped when destroyed.
class any_digest {
public:
  any_digest() = default;
  /// For whoever writes so many bytes to `data()`.
  explicit any_digest(std::size_t size) noexcept : size_(size) {}
  template <class Digest>
    requires(!std::same_as<Digest, std::size_t>)
  explicit any_digest(Digest digest) noexcept : size_(digest.size()) {
    std::memcpy(bytes_, digest.data(), digest.size());
    wipe(digest.data(), digest.size());
  }
  any_digest(any_digest const&) = default;
  any_digest& operator=(any_digest const&) = default;
  ~any_digest() { wipe(bytes_, sizeof bytes_); }

  [[nodiscard]] std::string_view view() const noexcept { return {bytes_, size_}; }
  [[nodiscard]] char* data() noexcept { return bytes_; }

private:
  char bytes_[max_digest_size] = {};
  std::size_t size_ = 0;
};

[[nodiscard]] inline any_digest hash_of(sha2 hash, std::string_view message) noexcept {
  switch (hash) {
  case sha2::bits_256:
    return any_digest(sha256::of(message));
  case sha2::bits_384:
    return any_digest(sha384::of(message));
  default:
    return any_digest(sha512::of(message));
  }
}

/// `hmac<sha256>`, `hmac<sha384>` or `hmac<sha512>`. Copy it to stream one message into the copy. Wiped when
/// destroyed.
class any_hmac {
public:
  any_hmac(sha2 hash, std::string_view key) noexcept : hash_(hash) {
    switch (hash) {
    case sha2::bits_256:
      new (&small_) hmac<sha256>(key);
      break;
    case sha2::bits_384:
      new (&middle_) hmac<sha384>(key);
      break;
    default:
      new (&large_) hmac<sha512>(key);
    }
  }
  explicit any_hmac(hmac<sha256> const& keyed) noexcept : hash_(sha2::bits_256), small_(keyed) {}
  explicit any_hmac(hmac<sha384> const& keyed) noexcept : hash_(sha2::bits_384), middle_(keyed) {}
  explicit any_hmac(hmac<sha512> const& keyed) noexcept : hash_(sha2::bits_512), large_(keyed) {}
  any_hmac(any_hmac const& other) noexcept : hash_(other.hash_) { take(other); }
  any_hmac& operator=(any_hmac const& other) noexcept {
    if (this == &other) return *this;
    end();
    hash_ = other.hash_;
    take(other);
    return *this;
  }
  ~any_hmac() { end(); }

  [[nodiscard]] sha2 hash() const noexcept { return hash_; }
  any_hmac& update(std::string_view bytes) noexcept {
    switch (hash_) {
    case sha2::bits_256:
      small_.update(bytes);
      break;
    case sha2::bits_384:
      middle_.update(bytes);
      break;
    default:
      large_.update(bytes);
    }
    return *this;
  }
  /// The code of all that was taken, then `rest`. The object stays as it was.
  [[nodiscard]] any_digest finish(std::string_view rest = {}) const noexcept {
    switch (hash_) {
    case sha2::bits_256:
      return any_digest(small_.finish(rest));
    case sha2::bits_384:
      return any_digest(middle_.finish(rest));
    default:
      return any_digest(large_.finish(rest));
    }
  }

private:
  void take(any_hmac const& other) noexcept {
    switch (hash_) {
    case sha2::bits_256:
      new (&small_) hmac<sha256>(other.small_);
      break;
    case sha2::bits_384:
      new (&middle_) hmac<sha384>(other.middle_);
      break;
    default:
      new (&large_) hmac<sha512>(other.large_);
    }
  }
  void end() noexcept {
    switch (hash_) {
    case sha2::bits_256:
      small_.~hmac();
      break;
    case sha2::bits_384:
      middle_.~hmac();
      break;
    default:
      large_.~hmac();
    }
  }

  sha2 hash_;
  // By hand: including <variant> and instantiating it for these costs more than all else in this header.
  union {
    hmac<sha256> small_;
    hmac<sha384> middle_;
    hmac<sha512> large_;
  };
};

/// How a key is written where it is kept.
enum class key_form : std::uint8_t {
  raw,        ///< its bytes as they are
  base64,     ///< RFC 4648 §4, with or without '='
  base64url,  ///< §5, with or without '='
  hex,
};

/// The bytes of a key. No error repeats any of it.
[[nodiscard]] inline result<secret> decode_key(std::string_view written, key_form form) noexcept {
  bool const padded = written.ends_with('=');
  switch (form) {
  case key_form::base64:
    return decode_base64(written, padded ? base64::padded : base64::unpadded);
  case key_form::base64url:
    return decode_base64(written, padded ? base64::url_padded : base64::url);
  case key_form::hex:
    return decode_hex(written);
  default:
    break;
  }
  secret key(written);
  if (!key.ok()) return error{errc::no_memory, "no memory for the key"};
  return key;
}

}  // namespace countersign::inline v0
