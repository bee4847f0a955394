#pragma once
// TCP sockets of POSIX, as os/loopback_socket.hpp wants them: never inherited, never blocking, and no signal
// where the other side has gone.

#include <countersign/core/error.hpp>
#include <countersign/os/detail/system_text.hpp>

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace countersign::inline v0::os::detail {

using socket_number = int;
inline constexpr socket_number no_socket = -1;
using socket_poll_entry = pollfd;

inline bool start_sockets() noexcept { return true; }
inline int socket_error() noexcept { return errno; }
inline bool is_taken(int why) noexcept { return why == EADDRINUSE; }
inline bool is_missing_family(int why) noexcept {
  return why == EAFNOSUPPORT || why == EADDRNOTAVAIL || why == EPROTONOSUPPORT;
}
inline bool is_out_of_room(int why) noexcept {
  return why == EMFILE || why == ENFILE || why == ENOBUFS || why == ENOMEM;
}
inline bool is_not_yet(int why) noexcept { return why == EAGAIN || why == EWOULDBLOCK || why == EINTR; }

inline error socket_failure(std::string_view what, int why) noexcept {
  return {kind_of(why), "loopback: ", what, ": ", system_text(why)};
}

inline void close_socket(socket_number number) noexcept { ::close(number); }

inline void tame(socket_number number) noexcept {
#if !defined(__linux__)
  ::fcntl(number, F_SETFD, FD_CLOEXEC);
  ::fcntl(number, F_SETFL, O_NONBLOCK);
#endif
#if defined(SO_NOSIGPIPE)
  int const yes = 1;
  ::setsockopt(number, SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
#endif
  static_cast<void>(number);
}

inline socket_number open_tcp(int family) noexcept {
#if defined(__linux__)
  return ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
#else
  auto const made = ::socket(family, SOCK_STREAM, 0);
  if (made >= 0) tame(made);
  return made;
#endif
}

inline socket_number accept_tcp(socket_number from) noexcept {
#if defined(__linux__)
  return ::accept4(from, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
#else
  auto const made = ::accept(from, nullptr, nullptr);
  if (made >= 0) tame(made);
  return made;
#endif
}

/// A port that was closed a moment ago still counts as taken for minutes without this. Two listeners never
/// share one by it.
inline void allow_again(socket_number number) noexcept {
  int const yes = 1;
  ::setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}
inline void forbid_sharing(socket_number) noexcept {}

/// How many bytes came or went; 0 at the end, -1 with socket_error().
inline std::ptrdiff_t receive_from(socket_number from, char* to, std::size_t size) noexcept {
  return ::recv(from, to, size, 0);
}
inline std::ptrdiff_t send_to(socket_number to, char const* from, std::size_t size) noexcept {
#if defined(MSG_NOSIGNAL)
  return ::send(to, from, size, MSG_NOSIGNAL);
#else
  return ::send(to, from, size, 0);
#endif
}
inline void end_sending(socket_number number) noexcept { ::shutdown(number, SHUT_WR); }

inline int poll_all(socket_poll_entry* entries, std::size_t count, int ms) noexcept {
  return ::poll(entries, static_cast<nfds_t>(count), ms);
}

}  // namespace countersign::inline v0::os::detail
