#pragma once
// ChaCha20 (RFC 8439 section 2.4): additions, rotations and exclusive ors of words, so that no branch and no
// index depends on key or text.

#include <countersign/core/wipe.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace countersign::inline v0::detail {

[[nodiscard]] constexpr std::uint32_t little_endian(unsigned char const* p) noexcept {
  return p[0] | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24;
}
constexpr void put_little_endian(unsigned char* p, std::uint32_t word) noexcept {
  for (int i = 0; i < 4; ++i) p[i] = static_cast<unsigned char>(word >> 8 * i);
}

/// The key stream of one key and nonce, a block at a time. Wiped when destroyed.
class chacha20 {
public:
  static constexpr std::size_t key_size = 32;
  static constexpr std::size_t nonce_size = 12;
  static constexpr std::size_t block_size = 64;

  chacha20(unsigned char const* key, unsigned char const* nonce, std::uint32_t counter) noexcept {
    constexpr std::uint32_t expand_32_byte_k[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (std::size_t i = 0; i < 4; ++i) state_[i] = expand_32_byte_k[i];
    for (std::size_t i = 0; i < 8; ++i) state_[4 + i] = little_endian(key + 4 * i);
    state_[12] = counter;
    for (std::size_t i = 0; i < 3; ++i) state_[13 + i] = little_endian(nonce + 4 * i);
  }
  chacha20(chacha20 const&) = delete;
  chacha20& operator=(chacha20 const&) = delete;
  ~chacha20() { wipe(state_, sizeof state_); }

  /// The next block; the counter goes on.
  void next(unsigned char (&block)[block_size]) noexcept {
    std::uint32_t x[16];
    std::memcpy(x, state_, sizeof x);
    for (int rounds = 0; rounds < 20; rounds += 2) {
      quarter_round(x[0], x[4], x[8], x[12]);
      quarter_round(x[1], x[5], x[9], x[13]);
      quarter_round(x[2], x[6], x[10], x[14]);
      quarter_round(x[3], x[7], x[11], x[15]);
      quarter_round(x[0], x[5], x[10], x[15]);
      quarter_round(x[1], x[6], x[11], x[12]);
      quarter_round(x[2], x[7], x[8], x[13]);
      quarter_round(x[3], x[4], x[9], x[14]);
    }
    for (std::size_t i = 0; i < 16; ++i) put_little_endian(block + 4 * i, x[i] + state_[i]);
    ++state_[12];
    wipe(x, sizeof x);
  }

  /// Encrypts or decrypts `size` bytes where they lie.
  void apply(char* text, std::size_t size) noexcept {
    unsigned char block[block_size];
    while (size > 0) {
      next(block);
      auto const part = size < block_size ? size : block_size;
      for (std::size_t i = 0; i < part; ++i)
        text[i] = static_cast<char>(static_cast<unsigned char>(text[i]) ^ block[i]);
      text += part;
      size -= part;
    }
    wipe(block, sizeof block);
  }

private:
  static void quarter_round(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d) noexcept {
    a += b, d = std::rotl(d ^ a, 16);
    c += d, b = std::rotl(b ^ c, 12);
    a += b, d = std::rotl(d ^ a, 8);
    c += d, b = std::rotl(b ^ c, 7);
  }

  std::uint32_t state_[16];
};

}  // namespace countersign::inline v0::detail
