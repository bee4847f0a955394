#pragma once
// A socket of Asio's whose calls have a deadline.

#include <countersign/adapt/detail/beast_tls.hpp>
#include <countersign/core/time.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace countersign::inline v0::detail {

using beast_deadline = std::chrono::steady_clock::time_point;

/// From now on; a patience beyond ten years ends then.
inline beast_deadline beast_time_after(duration patience) noexcept {
  constexpr std::int64_t most = std::int64_t{10} * 365 * 86'400'000;
  auto const ms = patience.ms < 0 ? 0 : patience.ms > most ? most : patience.ms;
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
}

/// A socket whose calls return when they are done, when the deadline has come, or soon after they were called off. Those that
/// begin with `async_` are Asio's own, and know neither.
class patient_socket {
public:
  using executor_type = boost::asio::io_context::executor_type;
  using lowest_layer_type = patient_socket;

  explicit patient_socket(boost::asio::io_context& loop) : loop_(loop), socket_(loop) {}

  beast_deadline deadline = beast_deadline::max();
  std::atomic<bool> const* called_off = nullptr;  ///< by another thread

  [[nodiscard]] executor_type get_executor() noexcept { return loop_.get_executor(); }
  [[nodiscard]] lowest_layer_type& lowest_layer() noexcept { return *this; }

  void connect(boost::asio::ip::tcp::endpoint const& to, beast_error& why) {
    close();
    bool done = false;
    socket_.async_connect(to, [&](beast_error const& how) { why = how, done = true; });
    finish(done, why);
    if (!why) socket_.non_blocking(true, why);
    beast_error ignored;
    if (!why) socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  }
  void close() noexcept {
    beast_error ignored;
    socket_.close(ignored);
  }

  template <class Buffers>
  std::size_t read_some(Buffers const& to, beast_error& why) {
    for (;;) {
      auto const n = socket_.read_some(to, why);
      if (!waits(why)) return n;
      if (!wait(boost::asio::ip::tcp::socket::wait_read, why)) return 0;
    }
  }
  template <class Buffers>
  std::size_t write_some(Buffers const& from, beast_error& why) {
    for (;;) {
      auto const n = socket_.write_some(from, why);
      if (!waits(why)) return n;
      if (!wait(boost::asio::ip::tcp::socket::wait_write, why)) return 0;
    }
  }

  template <class Buffers, class Handler>
  auto async_read_some(Buffers const& to, Handler&& done) {
    return socket_.async_read_some(to, std::forward<Handler>(done));
  }
  template <class Buffers, class Handler>
  auto async_write_some(Buffers const& from, Handler&& done) {
    return socket_.async_write_some(from, std::forward<Handler>(done));
  }

private:
  static constexpr auto look_up_after = std::chrono::milliseconds(250);

  static bool waits(beast_error const& why) noexcept {
    return why == boost::asio::error::would_block || why == boost::asio::error::try_again;
  }
  bool wait(boost::asio::ip::tcp::socket::wait_type until, beast_error& why) {
    bool done = false;
    socket_.async_wait(until, [&](beast_error const& how) { why = how, done = true; });
    finish(done, why);
    return !why;
  }
  void finish(bool const& done, beast_error& why) {
    loop_.restart();
    for (;;) {
      auto const now = std::chrono::steady_clock::now();
      auto const look_up =
          called_off == nullptr || deadline - now < look_up_after ? deadline : now + look_up_after;
      loop_.run_until(look_up);
      if (done) return;
      if (look_up == deadline || (called_off != nullptr && *called_off)) break;
    }
    close();  // what was begun ends, and its handler, which refers to `done`, is called
    loop_.restart();
    loop_.run();
    why = boost::asio::error::timed_out;
  }

  boost::asio::io_context& loop_;
  boost::asio::ip::tcp::socket socket_;
};

}  // namespace countersign::inline v0::detail
