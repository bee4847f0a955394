#pragma once
// Digests and keys are arrays of unsigned char, the toolkit's functions take string_view: the way
// from one to the other.

#include <cstddef>
#include <span>
#include <string_view>

namespace countersign::inline v0 {

/// The same bytes as a string_view; valid as long as what was given.
[[nodiscard]] inline std::string_view as_chars(std::span<unsigned char const> bytes) noexcept {
  return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

}  // namespace countersign::inline v0
