#pragma once
// <windows.h> without its rarer parts and its min and max, and text in its UTF-16. Not verified on a Windows
// machine.

#if !defined(WIN32_LEAN_AND_MEAN)
#define WIN32_LEAN_AND_MEAN
#endif
#if !defined(NOMINMAX)
#define NOMINMAX
#endif
#include <windows.h>

#include <countersign/core/secret.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::os::detail {

/// UTF-16 text with its final zero, in wiped memory. Empty where the UTF-8 is malformed or there is no
/// memory.
class wide_text {
public:
  explicit wide_text(std::string_view utf8) noexcept {
    if (utf8.size() > 0x3fffffff) return;
    auto const size = static_cast<int>(utf8.size());
    auto const units =
        size == 0 ? 0 : MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8.data(), size, nullptr, 0);
    if ((size > 0 && units <= 0) || !bytes_.resize((static_cast<std::size_t>(units) + 1) * sizeof(wchar_t)))
      return;
    if (size > 0) MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8.data(), size, data(), units);
  }
  [[nodiscard]] bool ok() const noexcept { return bytes_.size() > 0; }
  [[nodiscard]] wchar_t* data() noexcept { return static_cast<wchar_t*>(static_cast<void*>(bytes_.data())); }

private:
  secret bytes_;
};

/// A kernel handle that is closed.
class handle {
public:
  handle() = default;
  explicit handle(HANDLE h) noexcept : handle_(h == INVALID_HANDLE_VALUE ? nullptr : h) {}
  handle(handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  handle& operator=(handle&& other) noexcept {
    if (this != &other) {
      close();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~handle() { close(); }
  void close() noexcept {
    if (handle_ != nullptr) CloseHandle(std::exchange(handle_, nullptr));
  }
  [[nodiscard]] HANDLE get() const noexcept { return handle_; }
  [[nodiscard]] explicit operator bool() const noexcept { return handle_ != nullptr; }

private:
  HANDLE handle_ = nullptr;
};

}  // namespace countersign::inline v0::os::detail
