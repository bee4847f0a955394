#pragma once
// A string literal as a template argument, so that a static_assert may look at it.

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::detail {

template <std::size_t Size>
struct literal_text {
  char bytes[Size];
  consteval literal_text(char const (&text)[Size]) noexcept {
    for (std::size_t i = 0; i < Size; ++i) bytes[i] = text[i];
  }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {bytes, Size - 1}; }
};

}  // namespace countersign::inline v0::detail
