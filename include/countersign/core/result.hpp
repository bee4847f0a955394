#pragma once
// A value or an error. std::expected is C++23, and neither g++ 12 nor clang 14 offers it in C++20 mode.

#include <countersign/core/detail/made_from.hpp>
#include <countersign/core/error.hpp>

#include <concepts>
#include <cstdlib>
#include <exception>
#include <new>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

#if defined(__cpp_exceptions)
/// Thrown by `result::value()` alone, and only where exceptions are on. Nothing else here throws.
class bad_result : public std::exception {
public:
  explicit bad_result(error const& why) noexcept : why_(why) {}
  [[nodiscard]] char const* what() const noexcept override { return name(why_.code()).data(); }
  [[nodiscard]] error const& why() const noexcept { return why_; }

private:
  error why_;
};
#endif

namespace detail {
[[noreturn]] inline void no_value(error const& why) {
#if defined(__cpp_exceptions)
  throw bad_result(why);
#else
  static_cast<void>(why);
  std::abort();
#endif
}
}  // namespace detail

/// A `T`, or why there is none. Like std::expected<T, error>; moved when T is move-only.
/// `*r` and `r->` on a failure, and `error()` on a success, are undefined; `value()` throws or aborts instead.
template <class T>
class [[nodiscard]] result {
public:
  using value_type = T;

  constexpr result(T&& value) noexcept(detail::moves_without_throwing<T>) : value_(static_cast<T&&>(value)), ok_(true) {}
  // The same for whatever else T is made from: a template that is asked for a T too is dear to compile.
  template <class U>
    requires(!std::same_as<U, T> && !std::same_as<std::remove_cvref_t<U>, result> && !std::same_as<std::remove_cvref_t<U>, class error>) && detail::made_from<T, U>
  constexpr explicit(!detail::converts_to<U, T>) result(U&& value) : value_(static_cast<U&&>(value)), ok_(true) {}
  constexpr result(class error const& why) noexcept : error_(why), ok_(false) {}

  result(result const& other)
    requires detail::made_from<T, T const&>
      : ok_(other.ok_) {
    if (ok_) ::new (static_cast<void*>(&value_)) T(other.value_);
    else ::new (static_cast<void*>(&error_)) class error(other.error_);
  }
  result(result&& other) noexcept(detail::moves_without_throwing<T>) : ok_(other.ok_) {
    if (ok_) ::new (static_cast<void*>(&value_)) T(static_cast<T&&>(other.value_));
    else ::new (static_cast<void*>(&error_)) class error(other.error_);
  }
  result& operator=(result const& other)
    requires detail::made_from<T, T const&>
  {
    if (this != &other) *this = result(other);
    return *this;
  }
  result& operator=(result&& other) noexcept(detail::moves_without_throwing<T>) {
    static_assert(detail::moves_without_throwing<T>, "countersign: result<T> is assigned by rebuilding it, so T must move without throwing");
    if (this == &other) return *this;
    this->~result();
    ::new (static_cast<void*>(this)) result(std::move(other));
    return *this;
  }
  ~result() {
    if (ok_) value_.~T();
  }

  [[nodiscard]] constexpr bool has_value() const noexcept { return ok_; }
  [[nodiscard]] constexpr explicit operator bool() const noexcept { return ok_; }

  [[nodiscard]] constexpr T& operator*() & noexcept { return value_; }
  [[nodiscard]] constexpr T const& operator*() const& noexcept { return value_; }
  [[nodiscard]] constexpr T&& operator*() && noexcept { return static_cast<T&&>(value_); }
  [[nodiscard]] constexpr T* operator->() noexcept { return &value_; }
  [[nodiscard]] constexpr T const* operator->() const noexcept { return &value_; }

  [[nodiscard]] T& value() & { return check(), value_; }
  [[nodiscard]] T const& value() const& { return check(), value_; }
  [[nodiscard]] T&& value() && { return check(), std::move(value_); }

  [[nodiscard]] constexpr class error const& error() const noexcept { return error_; }

private:
  void check() const {
    if (!ok_) detail::no_value(error_);
  }

  union {
    T value_;
    class error error_;
  };
  bool ok_;
};

/// Success, or why not. A success writes a word and a byte, so that the hot path pays nothing for the text.
template <>
class [[nodiscard]] result<void> {
public:
  using value_type = void;

  constexpr result() noexcept : error_(detail::no_failure{}), ok_(true) {}
  // Inline even where it is cold: then the path of the failure is known to be one, and weighs nothing on the other.
  [[gnu::always_inline]] constexpr result(class error const& why) noexcept : error_(why), ok_(false) {}
  constexpr result(result const& other) noexcept : error_(detail::no_failure{}), ok_(other.ok_) {
    if (!ok_) error_ = other.error_;
  }
  constexpr result& operator=(result const& other) noexcept {
    if (this == &other) return *this;
    ok_ = other.ok_;
    if (ok_) error_.forget();
    else error_ = other.error_;
    return *this;
  }
  ~result() = default;

  [[nodiscard]] constexpr bool has_value() const noexcept { return ok_; }
  [[nodiscard]] constexpr explicit operator bool() const noexcept { return ok_; }
  void value() const {
    if (!ok_) detail::no_value(error_);
  }
  [[nodiscard]] constexpr class error const& error() const noexcept { return error_; }

private:
  class error error_;
  bool ok_;
};

}  // namespace countersign::inline v0
