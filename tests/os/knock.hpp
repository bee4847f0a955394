#pragma once
// A connection to a port of this machine, as a browser makes it; it reads with a time limit.

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace {

enum class over : bool { ipv4, ipv6 };

class knock {
public:
  explicit knock(std::uint16_t port, over which = over::ipv4)
      : number_(::socket(which == over::ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    bool const ipv6 = which == over::ipv6;
    sockaddr_in four = {};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 six = {};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    six.sin6_addr = in6addr_loopback;
    connected_ =
        ::connect(number_, ipv6 ? reinterpret_cast<sockaddr*>(&six) : reinterpret_cast<sockaddr*>(&four),
                  ipv6 ? sizeof six : sizeof four) == 0;
  }
  knock(std::uint16_t port, std::string_view request) : knock(port) { say(request); }
  knock(knock&& other) noexcept : number_(std::exchange(other.number_, -1)), connected_(other.connected_) {}
  ~knock() { close(); }

  bool connected() const { return connected_; }
  bool say(std::string_view bytes) {
    return ::send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  /// Everything until the other side ends; "(nothing)" in front where it does not within `ms`.
  std::string hears(int ms = 2000) {
    std::string all;
    for (char piece[4096];;) {
      pollfd ready{number_, POLLIN, 0};
      if (::poll(&ready, 1, ms) <= 0) return "(nothing)" + all;
      auto const size = ::recv(number_, piece, sizeof piece, 0);
      if (size < 0) return "(reset)" + all;
      if (size == 0) return all;
      all.append(piece, static_cast<std::size_t>(size));
    }
  }
  /// Whether the other side has ended, or said something.
  bool heard_something() const {
    pollfd ready{number_, POLLIN, 0};
    return ::poll(&ready, 1, 0) > 0;
  }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }
  /// Ends without the courtesy of an end.
  void reset() {
    linger const at_once = {1, 0};
    ::setsockopt(number_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

private:
  int number_;
  bool connected_;
};

}  // namespace
