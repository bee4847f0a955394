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
  held() noexcept : none_() {}
  held(held const& other)
    requires made_from<T, T const&>
      : none_() {
    if (other.full_) emplace(other.value_);
  }
  held(held&& other) noexcept(moves_without_throwing<T>) : none_() { take(other); }
  held& operator=(held const& other)
    requires made_from<T, T const&>
  {
    if (this != &other) {
      reset();
      if (other.full_) emplace(other.value_);
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
    auto* const made = ::new (static_cast<void*>(&value_)) T(static_cast<Arguments&&>(arguments)...);
    full_ = true;
    return *made;
  }
  void reset() noexcept {
    if (!full_) return;
    full_ = false;
    value_.~T();
  }

  [[nodiscard]] explicit operator bool() const noexcept { return full_; }
  [[nodiscard]] T& operator*() & noexcept { return value_; }
  [[nodiscard]] T const& operator*() const& noexcept { return value_; }
  [[nodiscard]] T&& operator*() && noexcept { return static_cast<T&&>(value_); }
  [[nodiscard]] T* operator->() noexcept { return &value_; }
  [[nodiscard]] T const* operator->() const noexcept { return &value_; }

private:
  void take(held& other) {
    if (!other.full_) return;
    emplace(static_cast<T&&>(other.value_));
    other.reset();
  }

  struct nothing {};
  union {
    nothing none_;
    T value_;
  };
  bool full_ = false;
};

}  // namespace countersign::inline v0::detail
