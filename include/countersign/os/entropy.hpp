#pragma once
// Bytes that nobody can predict, from the system.

#include <cstddef>

#if defined(_WIN32)
#include <countersign/os/detail/windows.hpp>
#include <bcrypt.h>
#if defined(_MSC_VER)
#pragma comment(lib, "bcrypt")
#endif
#else
#include <countersign/os/detail/descriptor.hpp>
#if defined(__linux__)
#include <sys/random.h>
#else
#include <stdlib.h>
#endif
#endif

namespace countersign::inline v0::os {

#if defined(_WIN32)

/// Fills `size` bytes; false if the system has none to give.
inline bool read_entropy(void* to, std::size_t size) noexcept {
  constexpr std::size_t most = 1u << 30;
  for (auto* at = static_cast<unsigned char*>(to); size > 0;) {
    auto const piece = size < most ? size : most;
    if (BCryptGenRandom(nullptr, at, static_cast<ULONG>(piece), BCRYPT_USE_SYSTEM_PREFERRED_RNG) < 0)
      return false;
    at += piece;
    size -= piece;
  }
  return true;
}

#else

namespace detail {
/// For kernels and sandboxes without getrandom.
inline bool read_random_device(void* to, std::size_t size) noexcept {
  descriptor const device(open_to_read("/dev/urandom"));
  if (!device) return false;
  for (auto* at = static_cast<char*>(to); size > 0;) {
    auto const got = ::read(device.get(), at, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}
}  // namespace detail

/// Fills `size` bytes; false if the system has none to give. Waits only in the first moments of a machine's
/// life.
inline bool read_entropy(void* to, std::size_t size) noexcept {
#if defined(__linux__)
  for (auto* at = static_cast<char*>(to); size > 0;) {
    auto const got = ::getrandom(at, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return detail::read_random_device(at, size);
    at += got;
    size -= static_cast<std::size_t>(got);
  }
#else
  ::arc4random_buf(to, size);  // macOS and the BSDs; it can't fail
#endif
  return true;
}

#endif

}  // namespace countersign::inline v0::os
