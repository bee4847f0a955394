#pragma once
// Objects in a row. The constructors of std::span ask their concepts anew for each type, which is dear to compile, so it
// stands where users see it and this one inside.

#include <cstddef>

namespace countersign::inline v0::detail {

/// As std::span of what is not changed.
template <class T>
class some {
public:
  constexpr some() = default;
  template <std::size_t Count>
  constexpr some(T const (&all)[Count]) noexcept : first_(all), count_(Count) {}
  constexpr some(T const* first, std::size_t count) noexcept : first_(first), count_(count) {}

  [[nodiscard]] constexpr T const* begin() const noexcept { return first_; }
  [[nodiscard]] constexpr T const* end() const noexcept { return first_ + count_; }
  [[nodiscard]] constexpr T const& operator[](std::size_t i) const noexcept { return first_[i]; }
  [[nodiscard]] constexpr T const& back() const noexcept { return first_[count_ - 1]; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return count_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return count_ == 0; }

private:
  T const* first_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace countersign::inline v0::detail
