#pragma once
// SHA-512, SHA-384 and SHA-512/256 (FIPS 180-4), the same C++ on every processor.

#include <countersign/crypto/detail/iterated_hash.hpp>
#include <countersign/crypto/detail/sha512_plain.hpp>
#include <countersign/crypto/detail/sha512_state.hpp>

#include <bit>
#include <cstddef>

namespace countersign::inline v0 {

namespace detail {

/// The one algorithm that all three are: the shorter ones start from other values and leave out the end of the digest.
template <sha512_state const& Start, std::size_t Size>
struct sha512_kind : sha512_plain {
  using state = sha512_state;
  static constexpr auto const& start = Start;
  static constexpr std::size_t block_size = sha512_block_size, digest_size = Size;
  static constexpr std::size_t length_size = sha512_length_size;
  static constexpr auto order = std::endian::big;
};

}  // namespace detail

/// Streaming SHA-512. Copy it to keep a midstate; it is wiped when destroyed, the digest is the
/// caller's. Usable in constant expressions. One object must not be updated by two threads at once.
using sha512 = detail::iterated_hash<detail::sha512_kind<detail::sha512_start, 64>>;
/// Streaming SHA-384, likewise.
using sha384 = detail::iterated_hash<detail::sha512_kind<detail::sha384_start, 48>>;
/// Streaming SHA-512/256, likewise. It is not SHA-512 cut short: it starts from values of its own.
using sha512_256 = detail::iterated_hash<detail::sha512_kind<detail::sha512_256_start, 32>>;

}  // namespace countersign::inline v0
