#pragma once
// All that HMAC keeps of a key, and no more: small enough to be copied for each message.

#include <countersign/core/wipe.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0 {

/// A key that is prepared once, and what all messages begin with, if one likes. Unlike `any_hmac` it takes a message in one
/// piece, and has no room for part of one. Wiped when destroyed. Threads may call `finish` of one object at once.
class hmac_midstates {
public:
  /// The words, to be kept by whoever wipes them.
  union states {
    template <class Hash>
    struct pair {
      typename Hash::midstate inner, outer;
    };
    pair<sha256> small;
    pair<sha512> large;  // of SHA-384, too
  };

  hmac_midstates(sha2 hash, std::string_view key) noexcept : hash_(hash) {
    switch (hash) {
    case sha2::bits_256:
      prepare<sha256>(key, states_.small);
      break;
    case sha2::bits_384:
      prepare<sha384>(key, states_.large);
      break;
    default:
      prepare<sha512>(key, states_.large);
    }
  }
  /// Of a key that was prepared before, by an object of which `words()` was kept.
  hmac_midstates(sha2 hash, states const& words) noexcept : hash_(hash), states_(words) {}
  /// For whoever writes `words()`.
  explicit hmac_midstates(sha2 hash) noexcept : hash_(hash) {}
  hmac_midstates(hmac_midstates const&) = default;
  hmac_midstates& operator=(hmac_midstates const&) = default;
  ~hmac_midstates() {
    if (hash_ == sha2::bits_256) wipe(&states_.small, sizeof states_.small);
    else wipe(&states_.large, sizeof states_.large);
  }

  [[nodiscard]] sha2 hash() const noexcept { return hash_; }
  [[nodiscard]] states& words() noexcept { return states_; }
  [[nodiscard]] states const& words() const noexcept { return states_; }
  /// How many of their bytes a hash uses.
  [[nodiscard]] static constexpr std::size_t size_of(sha2 hash) noexcept {
    return hash == sha2::bits_256 ? sizeof(states::pair<sha256>) : sizeof(states::pair<sha512>);
  }

  /// Takes the whole blocks at the front of what each message begins with, so that they are hashed once: each `finish` is
  /// given what comes behind them. Returns how many bytes that were.
  std::size_t begin_with(std::string_view front) noexcept {
    switch (hash_) {
    case sha2::bits_256:
      return begin_with<sha256>(front, states_.small);
    case sha2::bits_384:
      return begin_with<sha384>(front, states_.large);
    default:
      return begin_with<sha512>(front, states_.large);
    }
  }

  /// The code of a message.
  [[nodiscard]] any_digest finish(std::string_view message) const noexcept {
    any_digest code(digest_size(hash_));
    finish(message, code.data());
    return code;
  }
  /// The same, where there is room for it.
  void finish(std::string_view message, char* code) const noexcept {
    if (hash_ == sha2::bits_256) [[likely]]
      return sha256::finish_hmac(states_.small.inner, taken_ + sha256::block_size, states_.small.outer,
                                 message, reinterpret_cast<unsigned char*>(code));
    auto const whole = stream().finish(message);
    std::memcpy(code, whole.view().data(), whole.view().size());
  }
  /// For a message in several pieces.
  [[nodiscard]] any_hmac stream() const noexcept {
    switch (hash_) {
    case sha2::bits_256:
      return any_hmac(whole<sha256>(states_.small));
    case sha2::bits_384:
      return any_hmac(whole<sha384>(states_.large));
    default:
      return any_hmac(whole<sha512>(states_.large));
    }
  }

private:
  template <class Hash, class Pair>
  static void prepare(std::string_view key, Pair& to) noexcept {
    hmac<Hash> const keyed(key);
    to = {keyed.inner().here(), keyed.outer().here()};
  }
  template <class Hash, class Pair>
  [[nodiscard]] hmac<Hash> whole(Pair const& from) const noexcept {
    return hmac<Hash>(from.inner, taken_ + Hash::block_size, from.outer);
  }
  template <class Hash, class Pair>
  std::size_t begin_with(std::string_view front, Pair& to) noexcept {
    auto const whole_blocks = front.size() / Hash::block_size * Hash::block_size;
    Hash more(to.inner, taken_ + Hash::block_size);
    to.inner = more.update(front.substr(0, whole_blocks)).here();
    taken_ += whole_blocks;
    return whole_blocks;
  }

  sha2 hash_;
  std::uint64_t taken_ = 0;  // of what each message begins with, in bytes
  states states_;
};

}  // namespace countersign::inline v0
