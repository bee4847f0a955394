#pragma once
// HMAC (RFC 2104) over any hash of this room.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/copy.hpp>
#include <countersign/crypto/hash.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/text/bytes.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// A keyed hash. The key is prepared once, by the constructor, which keeps two midstates and not
/// the key; then `finish` serves one message after the other, or `update` streams a single one into
/// a copy. Wiped when destroyed. Usable in constant expressions. Threads may call `finish` of one
/// object at once.
template <class Hash>
class hmac {
  static_assert(hash_function<Hash>,
                "countersign: hmac<Hash> needs a hash_function, such as sha256 (crypto/hash.hpp)");

public:
  using digest = typename Hash::digest;

  /// @param key of any length; one longer than a block is hashed first (RFC 2104 section 2)
  explicit constexpr hmac(std::string_view key) noexcept {
    char block[Hash::block_size] = {};
    if (key.size() > sizeof block) {
      auto shortened = Hash::of(key);
      detail::copy(block, shortened.data(), shortened.size());
      wipe(shortened.data(), shortened.size());
    } else {
      detail::copy(block, key);
    }
    constexpr unsigned char ipad = 0x36;
    constexpr unsigned char opad = 0x5c;
    mask(block, ipad);
    inner_.update(detail::text_at(block, sizeof block));
    mask(block, ipad ^ opad);
    outer_.update(detail::text_at(block, sizeof block));
    wipe(block, sizeof block);
  }
  explicit hmac(secret const& key) noexcept : hmac(key.reveal()) {}
  /// From midstates, of which `inner` has taken that many bytes, in whole blocks.
  template <class Midstate>
    requires requires(Midstate const& taken, std::uint64_t bytes) { Hash(taken, bytes); }
  hmac(Midstate const& inner, std::uint64_t taken, Midstate const& outer) noexcept
      : inner_(inner, taken), outer_(outer, Hash::block_size) {}

  [[nodiscard]] auto const& inner() const noexcept { return inner_; }
  [[nodiscard]] auto const& outer() const noexcept { return outer_; }

  /// Takes more of the message.
  constexpr hmac& update(std::string_view bytes) noexcept {
    inner_.update(bytes);
    return *this;
  }

  /// The code of all that was taken, then `rest`. The object stays as it was, ready for another
  /// message.
  [[nodiscard]] constexpr digest finish(std::string_view rest = {}) const noexcept {
    if constexpr (requires { Hash::finish_hmac(inner_, outer_, rest); }) {
      return Hash::finish_hmac(inner_, outer_, rest);
    } else {
      auto hashed = inner_.finish(rest);
      char text[Hash::digest_size] = {};
      detail::copy(text, hashed.data(), hashed.size());
      auto const code = outer_.finish(detail::text_at(text, sizeof text));
      wipe(hashed.data(), hashed.size());
      wipe(text, sizeof text);
      return code;
    }
  }

  /// Whether `code` is that of all that was taken, then `rest`; in constant time. A truncated code
  /// is no match.
  [[nodiscard]] bool verify(std::string_view rest, std::string_view code) const noexcept {
    auto expected = finish(rest);
    bool const same = equal_in_constant_time(as_chars(expected), code);
    wipe(expected.data(), expected.size());
    return same;
  }

private:
  static constexpr void mask(char (&block)[Hash::block_size], unsigned char with) noexcept {
    for (char& c : block) c = static_cast<char>(static_cast<unsigned char>(c) ^ with);
  }

  Hash inner_;
  Hash outer_;
};

/// The HMAC-SHA-256 of one message. A key that is used again is better kept as an `hmac<sha256>`.
[[nodiscard]] constexpr sha256::digest hmac_sha256(std::string_view key, std::string_view message) noexcept {
  return hmac<sha256>(key).finish(message);
}

}  // namespace countersign::inline v0
