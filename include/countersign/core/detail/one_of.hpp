#pragma once
// A value of one of several types, or none. std::variant makes a table of functions for each thing it does, which is
// dear to compile for every exchange that is put together of others.

#include <countersign/core/detail/made_from.hpp>

#include <concepts>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>

namespace countersign::inline v0::detail {

/// Empty at first, and when it was moved from. Where a type stands twice, its places are told apart by their numbers.
template <class... T>
class one_of {
public:
  one_of() = default;
  one_of(one_of&& other) noexcept((moves_without_throwing<T> && ...)) { take(other); }
  one_of& operator=(one_of&& other) noexcept((moves_without_throwing<T> && ...)) {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~one_of() { reset(); }

  /// Ends what was held. The arguments may not refer to it.
  template <class U, class... Arguments>
  U& emplace(Arguments&&... arguments) {
    reset();
    auto* const made = ::new (static_cast<void*>(room_)) U(static_cast<Arguments&&>(arguments)...);
    held_ = place<U>();
    return *made;
  }
  /// The same at the place `I`, from 0, whose type is `U`.
  template <std::size_t I, class U, class... Arguments>
  U& emplace_at(Arguments&&... arguments) {
    auto& made = emplace<U>(static_cast<Arguments&&>(arguments)...);
    held_ = I + 1;
    return made;
  }
  void reset() noexcept {
    each([]<class U>(U& value) { value.~U(); });
    held_ = 0;
  }

  [[nodiscard]] bool empty() const noexcept { return held_ == 0; }
  [[nodiscard]] bool holds_at(std::size_t i) const noexcept { return held_ == i + 1; }
  template <class U>
  [[nodiscard]] bool holds() const noexcept {
    return held_ == place<U>();
  }
  /// Aborts where it holds another.
  template <class U>
  [[nodiscard]] U& get() noexcept {
    if (!holds<U>()) std::abort();
    return as<U>();
  }
  template <std::size_t I, class U>
  [[nodiscard]] U& get_at() noexcept {
    if (!holds_at(I)) std::abort();
    return as<U>();
  }
  /// Calls it with what is held; not at all where that is nothing.
  template <class Function>
  void each(Function&& function) {
    unsigned char at = 0;
    static_cast<void>(((++at == held_ && (function(as<T>()), true)) || ...));
  }
  template <class Function>
  void each(Function&& function) const {
    const_cast<one_of*>(this)->each([&]<class U>(U const& value) { function(value); });
  }

private:
  // From 1.
  template <class U>
  static constexpr unsigned char place() noexcept {
    unsigned char at = 0;
    static_cast<void>(((++at, std::same_as<U, T>) || ...));
    return at;
  }
  static constexpr std::size_t size() noexcept {
    std::size_t most = 0;
    ((most = sizeof(T) > most ? sizeof(T) : most), ...);
    return most;
  }
  template <class U>
  [[nodiscard]] U& as() noexcept {
    return *std::launder(reinterpret_cast<U*>(room_));
  }
  void take(one_of& other) {
    auto const at = other.held_;
    other.each([this]<class U>(U& value) { this->template emplace<U>(static_cast<U&&>(value)); });
    held_ = at;
    other.reset();
  }

  alignas(T...) unsigned char room_[size()];
  unsigned char held_ = 0;
};

}  // namespace countersign::inline v0::detail
