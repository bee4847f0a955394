#pragma once
// Bytes as a string_view. Given a pointer to what may change, or a length that is no size_t, string_view's constructor
// for two iterators is asked first, and its concepts cost the compiler as much as a small header for each type.

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::detail {

[[nodiscard]] constexpr std::string_view text_at(char const* first, std::size_t size) noexcept { return {first, size}; }

}  // namespace countersign::inline v0::detail
