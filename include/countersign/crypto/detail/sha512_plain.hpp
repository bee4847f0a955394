#pragma once
// SHA-512's compression function in plain C++.

#include <countersign/crypto/detail/sha2_plain.hpp>
#include <countersign/crypto/detail/sha512_state.hpp>

#include <cstddef>
#include <cstdint>

namespace countersign::inline v0::detail {

struct sha512_family {
  using word = std::uint64_t;
  static constexpr std::size_t rounds = 80;
  static constexpr auto const& constants = sha512_constants;
  static constexpr int schedule0[3] = {1, 8, 7}, schedule1[3] = {19, 61, 6};
  static constexpr int round0[3] = {28, 34, 39}, round1[3] = {14, 18, 41};
};

using sha512_plain = sha2_plain<sha512_family>;

}  // namespace countersign::inline v0::detail
