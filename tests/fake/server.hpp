#pragma once
// A small HTTP/1.1 server on loopback: a thread for each connection, and a function that answers with raw bytes, so that
// it can also answer badly. Linux and POSIX sockets only; for tests.
//
//     fake::server s([](fake::received const& r) { return fake::server::plain(200, "hello"); });
//     s.url("/path")

#include "fake/service.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fake {

/// A request as it came: names in lower case, the head verbatim beside them.
struct received {
  std::string method, target, head, body;
  std::map<std::string, std::string> fields;
};

class server {
public:
  /// Empty bytes: the connection is closed without an answer.
  using answering = std::function<std::string(received const&)>;

  explicit server(answering answer) : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 || ::pipe(stop_) != 0)
      throw std::runtime_error("fake::server: no socket on loopback");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  /// The same, answering as a service does.
  explicit server(service& asked) : server([&asked](received const& r) { return as_bytes(asked.answer(r.method, r.target, r.fields)); }) {}
  server(server const&) = delete;
  server& operator=(server const&) = delete;
  ~server() {
    static_cast<void>(::write(stop_[1], "x", 1) == 1);
    acceptor_.join();
    for (auto& one : connections_) one.join();
    ::close(listener_);
    ::close(stop_[0]);
    ::close(stop_[1]);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string url(std::string_view path) const { return origin() + std::string(path); }
  /// How many connections were made.
  [[nodiscard]] int connections() const { return accepted_; }
  [[nodiscard]] std::vector<received> requests() const {
    std::lock_guard const guard(lock_);
    return requests_;
  }

  static std::string plain(int status, std::string_view body) { return as_bytes({.status = status, .body = std::string(body)}); }
  static std::string as_bytes(reply const& said) {
    if (said.lost) return {};
    std::string bytes = "HTTP/1.1 " + std::to_string(said.status) + " Said\r\nContent-Length: " + std::to_string(said.body.size()) + "\r\n";
    for (auto const& [name, value] : said.fields) bytes += name + ": " + value + "\r\n";
    return bytes + "\r\n" + said.body;
  }

private:
  void accept_all() {
    for (;;) {
      pollfd wanted[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
      if (::poll(wanted, 2, -1) < 0) continue;
      if (wanted[1].revents != 0) return;
      int const connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      ++accepted_;
      connections_.emplace_back([this, connection] { serve(connection); });
    }
  }

  void serve(int connection) {
    std::string bytes;
    while (serve_one(connection, bytes)) {}
    ::close(connection);
  }

  // False when the connection is over.
  bool serve_one(int connection, std::string& bytes) {
    std::size_t end = 0;
    while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
      if (!more(connection, bytes)) return false;
      if (bytes[0] < 'A' || bytes[0] > 'Z') return false;  // no HTTP: a TLS handshake, say
    }
    auto asked = parse(bytes.substr(0, end + 4));
    bytes.erase(0, end + 4);
    std::size_t const size = asked.fields.contains("content-length") ? std::stoul(asked.fields["content-length"]) : 0;
    while (bytes.size() < size)
      if (!more(connection, bytes)) return false;
    asked.body = bytes.substr(0, size);
    bytes.erase(0, size);
    {
      std::lock_guard const guard(lock_);
      requests_.push_back(asked);
    }
    auto const answer = answer_(asked);
    for (std::size_t sent = 0; sent < answer.size();) {
      auto const n = ::send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<std::size_t>(n);
    }
    if (answer.find("\r\nConnection: close\r\n") != std::string::npos) return false;
    return answer.find("\r\nContent-Length: ") != std::string::npos;  // else its end is the connection's
  }

  bool more(int connection, std::string& bytes) {
    pollfd wanted[2] = {{connection, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    if (::poll(wanted, 2, -1) < 0 || wanted[1].revents != 0) return false;
    char room[16384];
    auto const n = ::recv(connection, room, sizeof room, 0);
    if (n <= 0) return false;
    bytes.append(room, static_cast<std::size_t>(n));
    return true;
  }

  static received parse(std::string const& head) {
    received made;
    made.head = head;
    auto line_end = head.find("\r\n");
    auto const line = head.substr(0, line_end);
    auto const first = line.find(' '), last = line.rfind(' ');
    made.method = line.substr(0, first);
    made.target = line.substr(first + 1, last - first - 1);
    while (line_end + 2 < head.size()) {
      auto const begin = line_end + 2;
      line_end = head.find("\r\n", begin);
      auto const field = head.substr(begin, line_end - begin);
      auto const colon = field.find(':');
      if (colon == std::string::npos) continue;
      auto name = field.substr(0, colon);
      for (char& c : name) c = cs::detail::ascii_lower(c);
      auto value = field.substr(colon + 1);
      made.fields[name] = value.substr(std::min(value.find_first_not_of(' '), value.size()));
    }
    return made;
  }

  answering answer_;
  int listener_;
  int stop_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_ = 0;
  std::thread acceptor_;
  std::vector<std::thread> connections_;
  mutable std::mutex lock_;
  std::vector<received> requests_;
};

}  // namespace fake
