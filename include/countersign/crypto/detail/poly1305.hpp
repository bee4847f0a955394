#pragma once
// Poly1305 (RFC 8439 section 2.5): a message as a polynomial, evaluated modulo 2^130 - 5. Numbers are five
// limbs of 26 bits, so that products and their sums fit 64 bits. No branch and no index depends on key or
// message.

#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/chacha20.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

/// For one message: its key must never be used again. Wiped when destroyed.
class poly1305 {
public:
  static constexpr std::size_t key_size = 32;
  static constexpr std::size_t tag_size = 16;
  static constexpr std::size_t block_size = 16;

  explicit poly1305(unsigned char const* key) noexcept {
    constexpr std::uint32_t clamp[4] = {0x0fffffff, 0x0ffffffc, 0x0ffffffc, 0x0ffffffc};
    std::uint32_t r[4];
    for (std::size_t i = 0; i < 4; ++i) r[i] = little_endian(key + 4 * i) & clamp[i];
    split(r_, r, 0);
    wipe(r, sizeof r);
    for (std::size_t i = 0; i < 4; ++i) pad_[i] = little_endian(key + 16 + 4 * i);
  }
  poly1305(poly1305 const&) = delete;
  poly1305& operator=(poly1305 const&) = delete;
  ~poly1305() {
    wipe(r_, sizeof r_);
    wipe(sum_, sizeof sum_);
    wipe(pad_, sizeof pad_);
  }

  /// Takes whole blocks, and a last part that is filled up with zero bytes, as the AEAD has it (RFC 8439
  /// section 2.8).
  void update_padded(std::string_view bytes) noexcept {
    update_blocks(bytes);
    auto const rest = bytes.size() % block_size;
    if (rest == 0) return;
    unsigned char last[block_size] = {};
    std::memcpy(last, bytes.data() + bytes.size() - rest, rest);
    block(last, 1);
    wipe(last, sizeof last);
  }

  /// Takes a message to its end: the last part is ended by a one bit (RFC 8439 section 2.5.1).
  void update_last(std::string_view bytes) noexcept {
    update_blocks(bytes);
    auto const rest = bytes.size() % block_size;
    if (rest == 0) return;
    unsigned char last[block_size] = {};
    std::memcpy(last, bytes.data() + bytes.size() - rest, rest);
    last[rest] = 1;
    block(last, 0);
    wipe(last, sizeof last);
  }

  void finish(unsigned char (&tag)[tag_size]) noexcept {
    carry();
    carry();
    // sum - (2^130 - 5), kept where it is not negative
    std::uint32_t less[5];
    std::uint32_t over = 5;
    for (std::size_t i = 0; i < 5; ++i) {
      over += sum_[i];
      less[i] = over & mask;
      over >>= bits;
    }
    std::uint32_t const keep = 0 - over;  // all bits if there was a carry out of 2^130
    for (std::size_t i = 0; i < 5; ++i) sum_[i] = (less[i] & keep) | (sum_[i] & ~keep);
    wipe(less, sizeof less);

    std::uint32_t words[4] = {sum_[0] | sum_[1] << 26, sum_[1] >> 6 | sum_[2] << 20,
                              sum_[2] >> 12 | sum_[3] << 14, sum_[3] >> 18 | sum_[4] << 8};
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      total += std::uint64_t{words[i]} + pad_[i];
      put_little_endian(tag + 4 * i, static_cast<std::uint32_t>(total));
      total >>= 32;
    }
    wipe(words, sizeof words);
  }

private:
  static constexpr unsigned bits = 26;
  static constexpr std::uint32_t mask = (1u << bits) - 1;

  // 128 bits and one above them as five limbs.
  static void split(std::uint32_t (&limb)[5], std::uint32_t const (&word)[4], std::uint32_t above) noexcept {
    limb[0] = word[0] & mask;
    limb[1] = (word[0] >> 26 | word[1] << 6) & mask;
    limb[2] = (word[1] >> 20 | word[2] << 12) & mask;
    limb[3] = (word[2] >> 14 | word[3] << 18) & mask;
    limb[4] = word[3] >> 8 | above << 24;
  }

  void update_blocks(std::string_view bytes) noexcept {
    for (auto const* p = reinterpret_cast<unsigned char const*>(bytes.data()); bytes.size() >= block_size;
         bytes.remove_prefix(block_size), p += block_size)
      block(p, 1);
  }

  // sum = (sum + block) * r, partly reduced: 2^130 is 5 more than a multiple of the prime.
  void block(unsigned char const* bytes, std::uint32_t above) noexcept {
    std::uint32_t words[4];
    for (std::size_t i = 0; i < 4; ++i) words[i] = little_endian(bytes + 4 * i);
    std::uint32_t added[5];
    split(added, words, above);
    std::uint64_t h[5];
    for (std::size_t i = 0; i < 5; ++i) h[i] = std::uint64_t{sum_[i]} + added[i];

    std::uint64_t const r0 = r_[0], r1 = r_[1], r2 = r_[2], r3 = r_[3], r4 = r_[4];
    std::uint64_t const s1 = r1 * 5, s2 = r2 * 5, s3 = r3 * 5, s4 = r4 * 5;
    std::uint64_t product[5] = {h[0] * r0 + h[1] * s4 + h[2] * s3 + h[3] * s2 + h[4] * s1,
                                h[0] * r1 + h[1] * r0 + h[2] * s4 + h[3] * s3 + h[4] * s2,
                                h[0] * r2 + h[1] * r1 + h[2] * r0 + h[3] * s4 + h[4] * s3,
                                h[0] * r3 + h[1] * r2 + h[2] * r1 + h[3] * r0 + h[4] * s4,
                                h[0] * r4 + h[1] * r3 + h[2] * r2 + h[3] * r1 + h[4] * r0};
    std::uint64_t over = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      product[i] += over;
      sum_[i] = static_cast<std::uint32_t>(product[i]) & mask;
      over = product[i] >> bits;
    }
    over = over * 5 + sum_[0];
    sum_[0] = static_cast<std::uint32_t>(over) & mask;
    sum_[1] += static_cast<std::uint32_t>(over >> bits);
    wipe(words, sizeof words);
    wipe(added, sizeof added);
    wipe(h, sizeof h);
    wipe(product, sizeof product);
  }

  // Each limb below 2^26, and the whole below 2^130.
  void carry() noexcept {
    std::uint32_t over = 0;
    for (auto& limb : sum_) {
      limb += over;
      over = limb >> bits;
      limb &= mask;
    }
    sum_[0] += over * 5;
    sum_[1] += sum_[0] >> bits;
    sum_[0] &= mask;
  }

  std::uint32_t r_[5];
  std::uint32_t sum_[5] = {};
  std::uint32_t pad_[4];
};

}  // namespace countersign::inline v0::detail
