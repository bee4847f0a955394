#pragma once
// What every compression function of SHA-256 shares: constants, chaining value, and how a message
// ends.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/copy.hpp>
#include <countersign/crypto/detail/words.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::detail {

/// FIPS 180-4 §4.2.2.
alignas(64) inline constexpr std::uint32_t sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// The chaining value, H0 to H7.
struct sha256_state {
  alignas(16) std::uint32_t word[8];
};

/// FIPS 180-4 §5.3.3.
inline constexpr sha256_state sha256_start = {
    {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

inline constexpr std::size_t sha256_block_size = 64;
inline constexpr std::size_t sha256_digest_size = 32;
/// The length of the message in bits, at the end of the last block.
inline constexpr std::size_t sha256_length_size = 8;

/// How a message ends, over any `Engine::compress`. `taken` bytes, whole blocks, are in the
/// chaining value already, and `rest` follows them.
template <class Engine>
struct sha256_ending {
  static constexpr void finish(sha256_state const& start, std::uint64_t taken, std::string_view rest,
                               unsigned char* digest) noexcept {
    auto state = start;
    auto const whole = rest.size() / sha256_block_size;
    if (whole > 0) Engine::compress(state, rest.data(), whole);
    auto const tail = rest.substr(whole * sha256_block_size);
    // FIPS 180-4 §5.1.1: a one bit, zeros, the length
    char last[2 * sha256_block_size] = {};
    copy(last, tail);
    last[tail.size()] = static_cast<char>(0x80);
    std::size_t const count = tail.size() < sha256_block_size - sha256_length_size ? 1 : 2;
    auto const bits = (taken + rest.size()) * 8;
    store_word<std::endian::big>(last + count * sha256_block_size - sha256_length_size, bits);
    Engine::compress(state, last, count);
    store_digest<std::endian::big>(digest, state.word, sha256_digest_size);
    wipe(&state, sizeof state);
    wipe(last, sizeof last);
  }

  /// HMAC (RFC 2104) from the chaining values after the two masked keys: `taken` counts `inner`'s
  /// block too.
  static constexpr void hmac(sha256_state const& inner, sha256_state const& outer, std::uint64_t taken,
                             std::string_view rest, unsigned char* tag) noexcept {
    unsigned char hashed[sha256_digest_size] = {};
    finish(inner, taken, rest, hashed);
    char text[sizeof hashed] = {};
    copy(text, hashed, sizeof hashed);
    finish(outer, sha256_block_size, text_at(text, sizeof text), tag);
    wipe(hashed, sizeof hashed);
    wipe(text, sizeof text);
  }
};

}  // namespace countersign::inline v0::detail
