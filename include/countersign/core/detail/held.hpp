#pragma once
// A value that may not be there yet. std::optional asks forty traits of each type that it holds, which is dear to
// compile, so it stands where users see it and this one inside.

#include <countersign/core/detail/made_from.hpp>

#include <new>
#include <utility>

namespace countersign::inline v0::detail {

/// As std::optional, but made by `emplace` alone, and empty when it was moved from.
template <class T>
class held {
public:
  held() noexcept {}  // the room stays as it is
  held(held const& other)
    requires made_from<T, T const&>
  {
    if (other.full_) emplace(other.value());
  }
  held(held&& other) noexcept(moves_without_throwing<T>) { take(other); }
  held& operator=(held const& other)
    requires made_from<T, T const&>
  {
    if (this != &other) {
      reset();
      if (other.full_) emplace(other.value());
    }
    return *this;
  }
  held& operator=(held&& other) noexcept(moves_without_throwing<T>) {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~held() { reset(); }

  /// Ends what was held. The arguments may not refer to it.
  template <class... Arguments>
  T& emplace(Arguments&&... arguments) {
    reset();
    auto* const made = ::new (static_cast<void*>(room_)) T(static_cast<Arguments&&>(arguments)...);
    full_ = true;
    return *made;
  }
  void reset() noexcept {
    if (!full_) return;
    full_ = false;
    value().~T();
  }

  [[nodiscard]] explicit operator bool() const noexcept { return full_; }
  [[nodiscard]] T& operator*() & noexcept { return value(); }
  [[nodiscard]] T const& operator*() const& noexcept { return value(); }
  [[nodiscard]] T&& operator*() && noexcept { return static_cast<T&&>(value()); }
  [[nodiscard]] T* operator->() noexcept { return &value(); }
  [[nodiscard]] T const* operator->() const noexcept { return &value(); }

private:
  void take(held& other) {
    if (!other.full_) return;
    emplace(static_cast<T&&>(other.value()));
    other.reset();
  }

  // Bytes, and no union: of its member g++ 12 says that it may be ended before it was made.
  T& value() noexcept { return *std::launder(reinterpret_cast<T*>(room_)); }
  T const& value() const noexcept { return *std::launder(reinterpret_cast<T const*>(room_)); }

  alignas(T) unsigned char room_[sizeof(T)];
  bool full_ = false;
};

}  // namespace countersign::inline v0::detail
