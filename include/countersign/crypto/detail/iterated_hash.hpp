#pragma once
// The stream that MD5, SHA-1 and the SHA-512 family are: whole blocks into a chaining value, then the padding.

#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/copy.hpp>
#include <countersign/crypto/detail/words.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::detail {

/// @tparam Kind what makes one of them: the type `state` with its array `word`, the values `start`, and
///   `compress(state, blocks, count)`; the sizes `block_size`, `digest_size` and `length_size`, in bytes; the `order` in which words and the
///   length are written
template <class Kind>
class iterated_hash {
public:
  static constexpr std::size_t block_size = Kind::block_size;    ///< bytes
  static constexpr std::size_t digest_size = Kind::digest_size;  ///< bytes
  using digest = std::array<unsigned char, digest_size>;

  /// The chaining value between two blocks: plain words, which are as secret as what they were made of.
  using midstate = typename Kind::state;

  constexpr iterated_hash() noexcept = default;
  /// Goes on from there.
  /// @param taken bytes, whole blocks
  constexpr iterated_hash(midstate const& from, std::uint64_t taken) noexcept : state_(from), size_(taken) {}
  constexpr iterated_hash(iterated_hash const&) noexcept = default;
  constexpr iterated_hash& operator=(iterated_hash const&) noexcept = default;
  constexpr ~iterated_hash() {
    wipe(&state_, sizeof state_);
    wipe(held_, sizeof held_);
  }

  /// The digest of `message`.
  [[nodiscard]] static constexpr digest of(std::string_view message) noexcept {
    return ended(Kind::start, 0, message);
  }

  /// Takes more of the message. Up to 2^61 bytes in all; with blocks of 128 bytes, up to 2^64 - 1.
  constexpr iterated_hash& update(std::string_view bytes) noexcept {
    if (auto const before = held(); before != 0) {
      auto const part = bytes.substr(0, block_size - before);
      copy(held_ + before, part);
      size_ += part.size();
      if (held() != 0) return *this;
      Kind::compress(state_, held_, 1);
      bytes.remove_prefix(part.size());
    }
    auto const whole = bytes.size() / block_size;
    if (whole > 0) Kind::compress(state_, bytes.data(), whole);
    copy(held_, bytes.substr(whole * block_size));
    size_ += bytes.size();
    return *this;
  }

  /// The digest of all that was taken, then `rest`. The object stays as it was: what many messages
  /// begin with is hashed once.
  [[nodiscard]] constexpr digest finish(std::string_view rest = {}) const noexcept {
    auto const before = held();
    if (before != 0 && !rest.empty()) return iterated_hash(*this).update(rest).finish();
    return ended(state_, size_ - before, before == 0 ? rest : std::string_view(held_, before));
  }

  /// For whoever took whole blocks.
  [[nodiscard]] constexpr midstate const& here() const noexcept { return state_; }

private:
  constexpr std::size_t held() const noexcept { return static_cast<std::size_t>(size_ % block_size); }

  // `taken` bytes, whole blocks, are in `state` already, and `rest` follows them.
  static constexpr digest ended(typename Kind::state state, std::uint64_t taken,
                                std::string_view rest) noexcept {
    auto const whole = rest.size() / block_size;
    if (whole > 0) Kind::compress(state, rest.data(), whole);
    auto const tail = rest.substr(whole * block_size);
    // FIPS 180-4 §5.1, RFC 1321 §3.1 and §3.2: a one bit, zeros, the length in bits
    char last[2 * block_size] = {};
    copy(last, tail);
    last[tail.size()] = static_cast<char>(0x80);
    std::size_t const count = tail.size() < block_size - Kind::length_size ? 1 : 2;
    auto const size = taken + rest.size();
    auto* const end = last + count * block_size;
    if (Kind::length_size > sizeof size) store_word<Kind::order>(end - 2 * sizeof size, size >> 61);
    store_word<Kind::order>(end - sizeof size, size << 3);
    Kind::compress(state, last, count);
    digest made;
    store_digest<Kind::order>(made.data(), state.word, digest_size);
    wipe(&state, sizeof state);
    wipe(last, sizeof last);
    return made;
  }

  typename Kind::state state_ = Kind::start;
  char held_[block_size] = {};  // what was taken since the last whole block
  std::uint64_t size_ = 0;      // bytes taken
};

}  // namespace countersign::inline v0::detail
