#pragma once
// POSIX descriptors that are closed.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/secret.hpp>

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace countersign::inline v0::os::detail {

class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int number) noexcept : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(countersign::detail::exchanged(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = countersign::detail::exchanged(other.number_, -1);
    }
    return *this;
  }
  ~descriptor() { close(); }
  void close() noexcept {
    if (number_ >= 0) ::close(countersign::detail::exchanged(number_, -1));
  }
  [[nodiscard]] int get() const noexcept { return number_; }
  /// The caller closes it.
  [[nodiscard]] int release() noexcept { return countersign::detail::exchanged(number_, -1); }
  [[nodiscard]] explicit operator bool() const noexcept { return number_ >= 0; }

private:
  int number_ = -1;
};

/// Opens for reading; a child never inherits it, a FIFO never blocks it. -1 with errno.
inline int open_to_read(char const* path, int more = 0) noexcept {
  for (;;) {
    auto const got = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | more);
    if (got >= 0 || errno != EINTR) return got;
  }
}

enum class took { bytes, end, nothing_yet, too_much, failed, no_memory };

/// Reads one piece behind what is there, up to `limit` bytes in all. `failed` leaves errno.
inline took take(int from, secret& to, std::size_t limit) noexcept {
  char piece[8192];
  auto const got = ::read(from, piece, sizeof piece);
  if (got < 0)
    return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK ? took::nothing_yet : took::failed;
  if (got == 0) return took::end;
  auto const size = static_cast<std::size_t>(got);
  bool const fits = size <= limit - to.size();
  if (fits && size > to.capacity() - to.size()) {
    // No room that the limit leaves no use for.
    auto const wanted = to.size() + size, twice = 2 * to.capacity();
    to.reserve(twice < wanted ? wanted : twice > limit ? limit : twice);
  }
  if (fits) to.append(countersign::detail::text_at(piece, size));
  wipe(piece, size);
  return !fits ? took::too_much : to.ok() ? took::bytes : took::no_memory;
}

}  // namespace countersign::inline v0::os::detail
