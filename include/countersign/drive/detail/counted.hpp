#pragma once
// A value on the heap that lives as long as somebody holds it. As std::shared_ptr and std::weak_ptr, whose header costs
// the compiler a fifth of all that a client includes of this toolkit.

#include <cstddef>
#include <utility>

namespace countersign::inline v0::detail {

/// The value and who holds it. It is made with one strong reference, which `strong(counted*)` takes over. All strong
/// references hold the memory together as one weak reference, so that the counts outlive the value.
template <class T>
class counted {
public:
  /// The value is made of its own block, in which it can tell others to hold it, and of the arguments.
  template <class... Arguments>
  explicit counted(Arguments&&... arguments) : value_(*this, std::forward<Arguments>(arguments)...) {}
  counted(counted const&) = delete;
  counted& operator=(counted const&) = delete;
  ~counted() {}  // the value has ended before

  [[nodiscard]] T& value() noexcept { return value_; }

  void hold() noexcept { __atomic_add_fetch(&strong_, 1, __ATOMIC_RELAXED); }
  /// False: the value has ended or is about to.
  [[nodiscard]] bool hold_if_held() noexcept {
    auto strong = __atomic_load_n(&strong_, __ATOMIC_RELAXED);
    while (strong != 0)
      if (__atomic_compare_exchange_n(&strong_, &strong, strong + 1, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) return true;
    return false;
  }
  void release() noexcept {
    if (__atomic_sub_fetch(&strong_, 1, __ATOMIC_ACQ_REL) != 0) return;
    value_.~T();
    release_weakly();
  }
  void hold_weakly() noexcept { __atomic_add_fetch(&weak_, 1, __ATOMIC_RELAXED); }
  void release_weakly() noexcept {
    if (__atomic_sub_fetch(&weak_, 1, __ATOMIC_ACQ_REL) == 0) delete this;
  }

private:
  std::size_t strong_ = 1, weak_ = 1;
  union {
    T value_;
  };
};

/// Holds the value, or nothing. Copies may be used by different threads at once.
template <class T>
class strong {
public:
  strong() = default;
  /// Takes over one reference that is already counted.
  explicit strong(counted<T>* held) noexcept : held_(held) {}
  strong(strong const& other) noexcept : held_(other.held_) {
    if (held_ != nullptr) held_->hold();
  }
  strong(strong&& other) noexcept : held_(other.held_) { other.held_ = nullptr; }
  strong& operator=(strong other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~strong() {
    if (held_ != nullptr) held_->release();
  }

  [[nodiscard]] explicit operator bool() const noexcept { return held_ != nullptr; }
  [[nodiscard]] T* operator->() const noexcept { return &held_->value(); }

private:
  counted<T>* held_ = nullptr;
};

/// Holds the memory alone, and so can tell whether the value still lives.
template <class T>
class weak {
public:
  explicit weak(counted<T>& known) noexcept : known_(&known) { known.hold_weakly(); }
  weak(weak const& other) noexcept : weak(*other.known_) {}
  weak& operator=(weak const&) = delete;
  ~weak() { known_->release_weakly(); }

  /// Nothing where the value has ended.
  [[nodiscard]] strong<T> lock() const noexcept { return strong<T>(known_->hold_if_held() ? known_ : nullptr); }

private:
  counted<T>* known_;
};

}  // namespace countersign::inline v0::detail
