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
  auto const size = out.size();
  auto const wanted = size + more;
  if (input > encoded_input_max || wanted < size) {
    static_cast<void>(out.reserve(static_cast<std::size_t>(-1)));  // fails, and says so in out.ok()
    return nullptr;
  }
  // doubling, so that many small appends cost linear time
  if (wanted > out.capacity() && !out.reserve(wanted < 2 * out.capacity() ? 2 * out.capacity() : wanted))
    return nullptr;
  return out.resize(wanted) ? out.data() + size : nullptr;
}

}  // namespace countersign::inline v0::detail
