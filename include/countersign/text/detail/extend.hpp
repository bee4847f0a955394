#pragma once
// Room at the end of a secret for what is encoded straight into it.

#include <countersign/core/secret.hpp>

#include <cstddef>

namespace countersign::inline v0::detail {

/// A longer input is refused like one for which there is no memory. No encoding makes more than
/// three bytes of one, so that no sum of sizes overflows.
inline constexpr std::size_t encoded_input_max = static_cast<std::size_t>(-1) / 4;

/// Makes `out` longer by `more` bytes, which the caller writes; they come from `input` bytes. Null,
/// and `out` as it was but no longer ok(), if there is no memory.
[[nodiscard]] inline char* extend(secret& out, std::size_t input, std::size_t more) noexcept {
  if (input > encoded_input_max) {
    static_cast<void>(out.reserve(static_cast<std::size_t>(-1)));  // fails, and says so in out.ok()
    return nullptr;
  }
  return out.extend(more);
}

}  // namespace countersign::inline v0::detail
