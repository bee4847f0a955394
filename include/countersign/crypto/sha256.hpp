#pragma once
// SHA-256 (FIPS 180-4), with the processor's SHA instructions where it has them.

#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/copy.hpp>
#include <countersign/crypto/detail/sha256_dispatch.hpp>
#include <countersign/crypto/detail/sha256_state.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

namespace detail {

/// `sha256` over a given engine: `sha256_dispatch`, or `sha256_plain`, which is the same C++ on
/// every processor.
template <class Engine>
class basic_sha256 {
public:
  static constexpr std::size_t block_size = sha256_block_size;    ///< bytes
  static constexpr std::size_t digest_size = sha256_digest_size;  ///< bytes
  using digest = std::array<unsigned char, digest_size>;

  /// The chaining value between two blocks: plain words, which are as secret as what they were made of.
  using midstate = sha256_state;

  constexpr basic_sha256() noexcept = default;
  /// Goes on from there.
  /// @param taken bytes, whole blocks
  constexpr basic_sha256(midstate const& from, std::uint64_t taken) noexcept : state_(from), size_(taken) {}
  constexpr basic_sha256(basic_sha256 const&) noexcept = default;
  constexpr basic_sha256& operator=(basic_sha256 const&) noexcept = default;
  constexpr ~basic_sha256() {
    wipe(&state_, sizeof state_);
    wipe(held_, sizeof held_);
  }

  /// The digest of `message`.
  [[nodiscard]] static constexpr digest of(std::string_view message) noexcept {
    digest out;
    Engine::finish(sha256_start, 0, message, out.data());
    return out;
  }

  /// Takes more of the message. Up to 2^61 bytes in all.
  constexpr basic_sha256& update(std::string_view bytes) noexcept {
    if (auto const before = held(); before != 0) {
      auto const part = bytes.substr(0, block_size - before);
      copy(held_ + before, part);
      size_ += part.size();
      if (held() != 0) return *this;
      Engine::compress(state_, held_, 1);
      bytes.remove_prefix(part.size());
    }
    auto const whole = bytes.size() / block_size;
    if (whole > 0) Engine::compress(state_, bytes.data(), whole);
    copy(held_, bytes.substr(whole * block_size));
    size_ += bytes.size();
    return *this;
  }

  /// The digest of all that was taken, then `rest`. The object stays as it was: what many messages
  /// begin with is hashed once.
  [[nodiscard]] constexpr digest finish(std::string_view rest = {}) const noexcept {
    if (held() != 0 && !rest.empty()) return basic_sha256(*this).update(rest).finish();
    digest out;
    Engine::finish(state_, size_ - held(), held() == 0 ? rest : std::string_view(held_, held()), out.data());
    return out;
  }

  /// For whoever took whole blocks.
  [[nodiscard]] constexpr midstate const& here() const noexcept { return state_; }

  /// What `hmac` computes, faster than by two calls of `finish`: the digest of `outer`, which has
  /// taken one block, then the digest of `inner` and `rest`.
  [[nodiscard]] static constexpr digest finish_hmac(basic_sha256 const& inner, basic_sha256 const& outer,
                                                    std::string_view rest) noexcept {
    auto const held = inner.held();
    if (held != 0 && !rest.empty()) return finish_hmac(basic_sha256(inner).update(rest), outer, {});
    digest out;
    Engine::hmac(inner.state_, outer.state_, inner.size_ - held,
                 held == 0 ? rest : std::string_view(inner.held_, held), out.data());
    return out;
  }

  /// The same from midstates, `inner` after `taken` bytes, into `code`.
  static void finish_hmac(midstate const& inner, std::uint64_t taken, midstate const& outer,
                          std::string_view rest, unsigned char* code) noexcept {
    Engine::hmac(inner, outer, taken, rest, code);
  }

private:
  constexpr std::size_t held() const noexcept { return static_cast<std::size_t>(size_ % block_size); }

  sha256_state state_ = sha256_start;
  char held_[block_size] = {};  // what was taken since the last whole block
  std::uint64_t size_ = 0;      // bytes taken
};

}  // namespace detail

/// Streaming SHA-256. Copy it to keep a midstate; it is wiped when destroyed, the digest is the
/// caller's. Usable in constant expressions. One object must not be updated by two threads at once.
using sha256 = detail::basic_sha256<detail::sha256_dispatch>;

}  // namespace countersign::inline v0
