#pragma once
// SHA-256's compression function in plain C++: for constant expressions, for processors without SHA
// instructions, and for tools that don't know those.

#include <countersign/crypto/detail/sha256_state.hpp>
#include <countersign/crypto/detail/sha2_plain.hpp>

#include <cstddef>
#include <cstdint>

namespace countersign::inline v0::detail {

struct sha256_family {
  using word = std::uint32_t;
  static constexpr std::size_t rounds = 64;
  static constexpr auto const& constants = sha256_constants;
  static constexpr int schedule0[3] = {7, 18, 3}, schedule1[3] = {17, 19, 10};
  static constexpr int round0[3] = {2, 13, 22}, round1[3] = {6, 11, 25};
};

struct sha256_plain : sha2_plain<sha256_family>, sha256_ending<sha256_plain> {};

}  // namespace countersign::inline v0::detail
