#pragma once
// Moving values about. std::exchange and std::swap ask several traits of each type, which is dear to compile.

#include <type_traits>

namespace countersign::inline v0::detail {

/// As std::exchange, of types that move without throwing.
template <class T>
constexpr T exchanged(T& old, std::type_identity_t<T> by) noexcept {
  T was = static_cast<T&&>(old);
  old = static_cast<T&&>(by);
  return was;
}

/// As std::swap, of the same.
template <class T>
constexpr void swapped(T& a, T& b) noexcept {
  T was = static_cast<T&&>(a);
  a = static_cast<T&&>(b);
  b = static_cast<T&&>(was);
}

}  // namespace countersign::inline v0::detail
