#pragma once
// SHA-512 and SHA-384 (FIPS 180-4), the same C++ on every processor.

#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/sha512_plain.hpp>
#include <countersign/crypto/detail/sha512_state.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

namespace detail {

/// The one algorithm that both are: SHA-384 starts from other values and leaves out the end of the digest.
template <sha512_state const& Start, std::size_t Size>
class basic_sha512 {
public:
  static constexpr std::size_t block_size = sha512_block_size;  ///< bytes
  static constexpr std::size_t digest_size = Size;              ///< bytes
  using digest = std::array<unsigned char, digest_size>;

  constexpr basic_sha512() noexcept = default;
  constexpr basic_sha512(basic_sha512 const&) noexcept = default;
  constexpr basic_sha512& operator=(basic_sha512 const&) noexcept = default;
  constexpr ~basic_sha512() {
    if (std::is_constant_evaluated()) return;
    wipe(&state_, sizeof state_);
    wipe(held_, sizeof held_);
  }

  /// The digest of `message`.
  [[nodiscard]] static constexpr digest of(std::string_view message) noexcept {
    return basic_sha512().finish(message);
  }

  /// Takes more of the message. Up to 2^64 - 1 bytes in all.
  constexpr basic_sha512& update(std::string_view bytes) noexcept {
    if (auto const before = held(); before != 0) {
      auto const part = bytes.substr(0, block_size - before);
      copy(held_ + before, part);
      size_ += part.size();
      if (held() != 0) return *this;
      sha512_plain::compress(state_, held_, 1);
      bytes.remove_prefix(part.size());
    }
    auto const whole = bytes.size() / block_size;
    if (whole > 0) sha512_plain::compress(state_, bytes.data(), whole);
    copy(held_, bytes.substr(whole * block_size));
    size_ += bytes.size();
    return *this;
  }

  /// The digest of all that was taken, then `rest`. The object stays as it was: what many messages
  /// begin with is hashed once.
  [[nodiscard]] constexpr digest finish(std::string_view rest = {}) const noexcept {
    basic_sha512 last(*this);
    last.update(rest);
    return last.end();
  }

private:
  constexpr std::size_t held() const noexcept { return static_cast<std::size_t>(size_ % block_size); }

  // FIPS 180-4 §5.1.2: a one bit, zeros, the length in 128 bits
  constexpr digest end() noexcept {
    auto at = held();
    held_[at++] = static_cast<char>(0x80);
    if (at > block_size - sha512_length_size) {
      while (at < block_size) held_[at++] = 0;
      sha512_plain::compress(state_, held_, 1);
      at = 0;
    }
    while (at < block_size - sizeof size_ - 1) held_[at++] = 0;
    held_[at] = static_cast<char>(size_ >> 61);
    for (std::size_t i = 0; i < sizeof size_; ++i)
      held_[block_size - 1 - i] = static_cast<char>(size_ << 3 >> (8 * i));
    sha512_plain::compress(state_, held_, 1);
    digest out = {};
    for (std::size_t i = 0; i < digest_size; ++i)
      out[i] = static_cast<unsigned char>(state_.word[i / 8] >> (56 - 8 * (i % 8)));
    return out;
  }

  // memcpy in constant expressions too; never handed a null pointer.
  static constexpr void copy(char* to, std::string_view from) noexcept {
    if (std::is_constant_evaluated())
      for (char c : from) *to++ = c;
    else if (!from.empty()) std::memcpy(to, from.data(), from.size());
  }

  sha512_state state_ = Start;
  char held_[block_size] = {};  // what was taken since the last whole block
  std::uint64_t size_ = 0;      // bytes taken
};

}  // namespace detail

/// Streaming SHA-512. Copy it to keep a midstate; it is wiped when destroyed, the digest is the
/// caller's. Usable in constant expressions. One object must not be updated by two threads at once.
using sha512 = detail::basic_sha512<detail::sha512_start, 64>;
/// Streaming SHA-384, likewise.
using sha384 = detail::basic_sha512<detail::sha384_start, 48>;

}  // namespace countersign::inline v0
