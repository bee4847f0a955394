#pragma once
// TCP sockets of Winsock, as os/loopback_socket.hpp wants them. Compiled, not verified on a Windows machine.

#include <countersign/core/error.hpp>
#include <winsock2.h>  // before windows.h
#include <ws2tcpip.h>

#include <countersign/os/detail/windows.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::os::detail {

using socket_number = SOCKET;
inline constexpr socket_number no_socket = INVALID_SOCKET;
using socket_poll_entry = WSAPOLLFD;

inline bool start_sockets() noexcept {
  WSADATA about;
  return WSAStartup(MAKEWORD(2, 2), &about) == 0;  // counted, and released when the process ends
}
inline int socket_error() noexcept { return WSAGetLastError(); }
inline bool is_taken(int why) noexcept { return why == WSAEADDRINUSE || why == WSAEACCES; }
inline bool is_missing_family(int why) noexcept {
  return why == WSAEAFNOSUPPORT || why == WSAEADDRNOTAVAIL || why == WSAEPROTONOSUPPORT;
}
inline bool is_out_of_room(int why) noexcept { return why == WSAEMFILE || why == WSAENOBUFS; }
inline bool is_not_yet(int why) noexcept { return why == WSAEWOULDBLOCK || why == WSAEINTR; }

inline error socket_failure(std::string_view what, int why) noexcept {
  return {errc::fatal, "loopback: ", what, ": Winsock error ", why};
}

inline void close_socket(socket_number number) noexcept { closesocket(number); }

inline socket_number tame(socket_number number) noexcept {
  u_long yes = 1;
  if (number != no_socket) {
    ioctlsocket(number, static_cast<long>(FIONBIO), &yes);
    SetHandleInformation(reinterpret_cast<HANDLE>(number), HANDLE_FLAG_INHERIT, 0);
  }
  return number;
}
inline socket_number open_tcp(int family) noexcept { return tame(::socket(family, SOCK_STREAM, 0)); }
inline socket_number accept_tcp(socket_number from) noexcept {
  return tame(::accept(from, nullptr, nullptr));
}

// SO_REUSEADDR would let others take the port here, and one that was closed can be bound again at once.
inline void allow_again(socket_number) noexcept {}
inline void forbid_sharing(socket_number number) noexcept {
  int const yes = 1;
  ::setsockopt(number, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<char const*>(&yes), sizeof yes);
}

inline std::ptrdiff_t receive_from(socket_number from, char* to, std::size_t size) noexcept {
  return ::recv(from, to, static_cast<int>(size), 0);
}
inline std::ptrdiff_t send_to(socket_number to, char const* from, std::size_t size) noexcept {
  return ::send(to, from, static_cast<int>(size), 0);
}
inline void end_sending(socket_number number) noexcept { ::shutdown(number, SD_SEND); }

inline int poll_all(socket_poll_entry* entries, std::size_t count, int ms) noexcept {
  if (count > 0) return WSAPoll(entries, static_cast<ULONG>(count), ms);
  Sleep(static_cast<DWORD>(ms));
  return 0;
}

}  // namespace countersign::inline v0::os::detail
