#pragma once
// Picks the compression function at run time: the processor's own instructions where it has them.

#include <countersign/crypto/detail/sha256_arm.hpp>
#include <countersign/crypto/detail/sha256_plain.hpp>
#include <countersign/crypto/detail/sha256_x86.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0::detail {

#if !defined(__GNUC__) || !(defined(__x86_64__) || (defined(__aarch64__) && !defined(__AARCH64EB__)))
struct sha256_native : sha256_plain {
  [[nodiscard]] static constexpr bool available() noexcept { return false; }
};
#endif

struct sha256_dispatch {
  static constexpr void compress(sha256_state& state, char const* blocks, std::size_t count) noexcept {
    if (native()) sha256_native::compress(state, blocks, count);
    else sha256_plain::compress(state, blocks, count);
  }
  static constexpr void finish(sha256_state const& start, std::uint64_t taken, std::string_view rest,
                               unsigned char* digest) noexcept {
    if (native()) sha256_native::finish(start, taken, rest, digest);
    else sha256_plain::finish(start, taken, rest, digest);
  }
  static constexpr void hmac(sha256_state const& inner, sha256_state const& outer, std::uint64_t taken,
                             std::string_view rest, unsigned char* tag) noexcept {
    if (native()) sha256_native::hmac(inner, outer, taken, rest, tag);
    else sha256_plain::hmac(inner, outer, taken, rest, tag);
  }

private:
  static constexpr bool native() noexcept {
    return !std::is_constant_evaluated() && sha256_native::available();
  }
};

}  // namespace countersign::inline v0::detail
