#pragma once
// A field's name whose bytes were checked before the request came.

#include <countersign/core/field.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::detail {

// Not constexpr: a name that is none ends the compilation here.
void this_is_no_field_name();

/// One bit. Equal names have the same; most others do not.
[[nodiscard]] constexpr std::uint64_t mark_of(std::string_view name) noexcept {
  if (name.empty()) return 1;
  auto const folded = [](char c) { return static_cast<std::size_t>(static_cast<unsigned char>(c) | 0x20); };
  return std::uint64_t{1} << ((5 * name.size() + 3 * folded(name.front()) + folded(name.back())) % 64);
}

class known_name {
public:
  /// @param checked `is_token`, and not longer than `max_field_name`
  explicit constexpr known_name(std::string_view checked) noexcept : text_(checked) {}
  /// Checked while compiling: `known_name::of("Authorization")`.
  [[nodiscard]] static consteval known_name of(std::string_view literal) {
    if (!is_token(literal) || literal.size() > max_field_name) this_is_no_field_name();
    return known_name(literal);
  }

  [[nodiscard]] constexpr std::string_view view() const noexcept { return text_; }

private:
  std::string_view text_;
};

}  // namespace countersign::inline v0::detail
