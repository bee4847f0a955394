#pragma once
// All connections of a listener at once, by one poll: whoever is slow, silent or hostile keeps nobody
// waiting.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/detail/callback_request.hpp>
#include <countersign/os/loopback_socket.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth::detail {

class callback_sockets {
public:
  static constexpr std::size_t max_request = std::size_t{8} * 1024;
  static constexpr duration patience = seconds(10);
  static constexpr std::size_t max_connections = 512;
  /// What is read and dropped behind a request that was answered, so that the answer is not lost to a reset.
  static constexpr std::size_t max_dropped = std::size_t{64} * 1024;

  explicit callback_sockets(os::loopback_socket&& listening) noexcept : listening_(std::move(listening)) {}
  callback_sockets(callback_sockets&& other) noexcept
      : listening_(std::move(other.listening_)), oldest_(countersign::detail::exchanged(other.oldest_, nullptr)),
        count_(countersign::detail::exchanged(other.count_, 0)), full_(other.full_) {}
  callback_sockets& operator=(callback_sockets&& other) noexcept {
    countersign::detail::swapped(listening_, other.listening_);
    countersign::detail::swapped(oldest_, other.oldest_);
    countersign::detail::swapped(count_, other.count_);
    countersign::detail::swapped(full_, other.full_);
    return *this;
  }
  ~callback_sockets() {
    while (oldest_ != nullptr) drop(oldest_);
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return listening_.port(); }

  /// @return the query of the genuine redirect, or nothing yet
  [[nodiscard]] result<secret> serve(expected_callback const& expected, int ms, context const& outside,
                                     os::poll_entry* also) {
    os::poll_entry entries[max_connections + 3];
    std::size_t used = 0;
    for (auto const* each = oldest_; each != nullptr; each = each->next)
      entries[used++] = each->socket.reading();
    auto const ports = used;
    // Without a descriptor to spare, a knock would only be heard again and again.
    if (!countersign::detail::exchanged(full_, false))
      for (std::size_t i = 0; i < listening_.size(); ++i) entries[used++] = listening_.reading(i);
    auto const listened = used - ports;
    if (also != nullptr) entries[used++] = *also;
    if (!os::wait_ready(entries, used, ms))
      return error{errc::transient, "oauth: the system can't wait for connections"};
    if (also != nullptr) also->revents = entries[used - 1].revents;

    auto const now = outside.now().boot;
    secret query;
    std::size_t at = 0;
    for (auto** each = &oldest_; at < ports; ++at) {
      bool const kept = (entries[at].revents == 0 || hear(**each, expected, query)) && now < (*each)->until;
      if (kept) each = &(*each)->next;
      else drop(*each);
    }
    for (std::size_t i = 0; i < listened; ++i)
      if (entries[ports + i].revents != 0) welcome(i, now);
    return query;
  }

private:
  struct connection {
    os::tcp_connection socket;
    boot_time until;
    secret request = {};
    std::size_t looked_at = 0, dropped = 0;
    bool answered = false;
    connection* next = nullptr;
  };

  void drop(connection*& one) noexcept {
    auto* const gone = countersign::detail::exchanged(one, one->next);
    delete gone;
    --count_;
  }

  // False where it is over.
  bool hear(connection& from, expected_callback const& expected, secret& query) {
    if (from.answered) {
      secret unread;
      if (from.socket.receive(unread, 4096) == os::tcp_connection::got::end) return false;
      return (from.dropped += unread.size()) <= max_dropped;
    }
    auto const got = from.socket.receive(from.request, max_request);
    if (got != os::tcp_connection::got::bytes) return got == os::tcp_connection::got::nothing_yet;
    auto const request = from.request.reveal();
    auto const end = request.find("\r\n\r\n", from.looked_at);
    if (end == std::string_view::npos) {
      from.looked_at = request.size() < 3 ? 0 : request.size() - 3;
      return request.size() < max_request || answer(from, callback::too_long);
    }
    std::string_view said;
    auto const what =
        query.empty() ? judge_callback(request.substr(0, end + 4), expected, said) : callback::other_state;
    query.append(said);
    return answer(from, what);
  }
  bool answer(connection& to, callback what) noexcept {
    auto const said = callback_answer(what);
    if (!said.ok() || !to.socket.send(said.reveal())) return false;
    to.socket.end_sending();
    to.answered = true;
    to.request = {};
    return true;
  }

  void welcome(std::size_t which, boot_time now) noexcept {
    auto** end = &oldest_;
    while (*end != nullptr) end = &(*end)->next;
    for (int taken = 0; taken < 64; ++taken) {  // then those that are here get their turn
      os::tcp_connection socket;
      auto const got = listening_.accept(which, socket);
      if (got == os::loopback_socket::accepted::none) return;
      auto* const made = got == os::loopback_socket::accepted::one
                             ? new (std::nothrow) connection{std::move(socket), now + patience}
                             : nullptr;
      if (made != nullptr) {
        *end = made;
        end = &made->next;
        ++count_;
      }
      if (made != nullptr && count_ <= max_connections) continue;
      // Whoever has been silent longest makes room.
      full_ = oldest_ == nullptr;
      if (full_) return;
      if (end == &oldest_->next) end = &oldest_;
      drop(oldest_);
    }
  }

  os::loopback_socket listening_;
  connection* oldest_ = nullptr;
  std::size_t count_ = 0;
  bool full_ = false;
};

}  // namespace countersign::inline v0::oauth::detail
