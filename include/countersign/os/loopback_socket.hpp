#pragma once
// TCP on this machine alone: a listening port that no other machine reaches, and the connections to it.
// Nothing blocks but `wait_ready`, no descriptor is inherited, no signal is raised.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#if defined(_WIN32)
#include <countersign/os/detail/windows_sockets.hpp>
#else
#include <countersign/os/detail/posix_sockets.hpp>
#endif

namespace countersign::inline v0::os {

/// What is waited for: `fd`, `events`, and afterwards `revents`, which is 0 where nothing has happened.
using poll_entry = detail::socket_poll_entry;

/// Waits until one of them is ready, or for `ms`, or until a signal comes. False if the system can't do that.
inline bool wait_ready(poll_entry* entries, std::size_t count, int ms) noexcept {
  if (detail::poll_all(entries, count, ms) >= 0) return true;
  for (std::size_t i = 0; i < count; ++i) entries[i].revents = 0;
  return detail::is_not_yet(detail::socket_error());
}

/// One connection. Movable, closed at its end. An empty one is closed.
class tcp_connection {
public:
  enum class got : std::uint8_t { bytes, nothing_yet, end };

  tcp_connection() = default;
  explicit tcp_connection(detail::socket_number number) noexcept : number_(number) {}
  tcp_connection(tcp_connection&& other) noexcept
      : number_(countersign::detail::exchanged(other.number_, detail::no_socket)) {}
  tcp_connection& operator=(tcp_connection&& other) noexcept {
    countersign::detail::swapped(number_, other.number_);
    return *this;
  }
  ~tcp_connection() {
    if (*this) detail::close_socket(number_);
  }

  [[nodiscard]] explicit operator bool() const noexcept { return number_ != detail::no_socket; }
  [[nodiscard]] detail::socket_number number() const noexcept { return number_; }
  [[nodiscard]] poll_entry reading() const noexcept { return {number_, POLLIN, 0}; }

  /// Appends what has come, but no more than `limit` bytes in all. `end`: the other side has ended, or there
  /// is no memory.
  got receive(secret& to, std::size_t limit) noexcept {
    char piece[4096];
    auto const room = limit - to.size();
    auto const size = detail::receive_from(number_, piece, room < sizeof piece ? room : sizeof piece);
    if (size < 0) return detail::is_not_yet(detail::socket_error()) ? got::nothing_yet : got::end;
    if (size == 0) return got::end;
    to.append(countersign::detail::text_at(piece, static_cast<std::size_t>(size)));
    wipe(piece, static_cast<std::size_t>(size));
    return to.ok() ? got::bytes : got::end;
  }
  /// All of it or nothing: for what fits into the system's buffer, which holds some hundred KiB.
  bool send(std::string_view bytes) noexcept {
    return detail::send_to(number_, bytes.data(), bytes.size()) == static_cast<std::ptrdiff_t>(bytes.size());
  }
  /// Says that nothing more will be sent; receiving goes on.
  void end_sending() noexcept { detail::end_sending(number_); }

private:
  detail::socket_number number_ = detail::no_socket;
};

/// Which of a machine's two addresses of its own.
enum class loopback : std::uint8_t {
  ipv4,  ///< 127.0.0.1
  ipv6,  ///< ::1
  both,  ///< the same port of both, as `localhost` may mean either; one is enough where there is no other
};

/// A listening port. It is ours from `open` until the object ends: nobody else can have it in between.
class loopback_socket {
public:
  /// Given a port 0, how many times another one is tried because `both` addresses must have it free.
  static constexpr int max_tries = 16;
  enum class accepted : std::uint8_t { one, none, no_room };

  /// @param port 0: one that is free. errc::fatal if it is taken.
  static result<loopback_socket> open(loopback where, std::uint16_t port) noexcept {
    if (!detail::start_sockets()) return detail::socket_failure("no sockets", detail::socket_error());
    for (int tries = 1;; ++tries) {
      loopback_socket made;
      made.port_ = port;
      auto why = where == loopback::ipv6 ? 0 : made.listen(AF_INET);
      bool const no_ipv4 = where == loopback::both && detail::is_missing_family(why);
      if (where != loopback::ipv4 && (why == 0 || no_ipv4)) {
        why = made.listen(AF_INET6);
        if (where == loopback::both && !no_ipv4 && detail::is_missing_family(why)) why = 0;
      }
      if (why == 0) return made;
      if (!detail::is_taken(why)) return detail::socket_failure("listening", why);
      if (port != 0)
        return error{errc::fatal, "loopback: port ", port,
                     " is taken by another program; end that one, or choose another port"};
      if (tries == max_tries) return error{errc::transient, "loopback: no port is free"};
    }
  }
  loopback_socket(loopback_socket&&) = default;
  loopback_socket& operator=(loopback_socket&&) = default;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// How many addresses are listened on: 1 or 2.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Ready when somebody has connected there.
  [[nodiscard]] poll_entry reading(std::size_t which) const noexcept { return listening_[which].reading(); }

  /// Takes one connection. `no_room`: this process has no descriptor left for it.
  accepted accept(std::size_t which, tcp_connection& to) noexcept {
    to = tcp_connection(detail::accept_tcp(listening_[which].number()));
    if (to) return accepted::one;
    return detail::is_out_of_room(detail::socket_error()) ? accepted::no_room : accepted::none;
  }

private:
  loopback_socket() = default;

  // Binds and listens at once: until then another program could do the same.
  int listen(int family) noexcept {
    tcp_connection made(detail::open_tcp(family));
    if (!made) return detail::socket_error();
    detail::forbid_sharing(made.number());
    if (port_ != 0) detail::allow_again(made.number());
    sockaddr_in ipv4 = {};
    sockaddr_in6 ipv6 = {};
    bool const four = family == AF_INET;
    if (four) {
      ipv4.sin_family = AF_INET;
      ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      ipv4.sin_port = htons(port_);
    } else {
      int const yes = 1;
      ::setsockopt(made.number(), IPPROTO_IPV6, IPV6_V6ONLY, reinterpret_cast<char const*>(&yes), sizeof yes);
      ipv6.sin6_family = AF_INET6;
      ipv6.sin6_addr = in6addr_loopback;
      ipv6.sin6_port = htons(port_);
    }
    auto* const at = four ? reinterpret_cast<sockaddr*>(&ipv4) : reinterpret_cast<sockaddr*>(&ipv6);
    auto size = static_cast<socklen_t>(four ? sizeof ipv4 : sizeof ipv6);
    if (::bind(made.number(), at, size) != 0) return detail::socket_error();
    // Its connections must not keep the port from who is registered with it and comes again.
    detail::allow_again(made.number());
    if (::listen(made.number(), SOMAXCONN) != 0 || ::getsockname(made.number(), at, &size) != 0)
      return detail::socket_error();
    port_ = ntohs(four ? ipv4.sin_port : ipv6.sin6_port);
    listening_[size_++] = std::move(made);
    return 0;
  }

  tcp_connection listening_[2];
  std::size_t size_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace countersign::inline v0::os
