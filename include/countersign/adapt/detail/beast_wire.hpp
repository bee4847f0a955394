#pragma once
// One connection under a deadline: TCP, and TLS above it where the origin wants that. All of it is error
// codes.

#include <countersign/adapt/detail/beast_tls.hpp>
#include <countersign/adapt/detail/destination.hpp>
#include <countersign/adapt/detail/patient_socket.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/host_reach.hpp>
#include <countersign/text/origin.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace countersign::inline v0::detail {

/// A handshake that is carried out between what a WebSocket stream writes and what it reads.
struct beast_upgrade {
  secret asked;  ///< what the stream wrote
  secret heard;  ///< what it reads before the connection's own bytes
  bool answered = false;

  virtual void answer() = 0;

protected:
  ~beast_upgrade() = default;
};

/// The connection: a stream in Asio's sense, encrypted or not.
class beast_wire {
public:
  using executor_type = patient_socket::executor_type;
  using lowest_layer_type = beast_wire;

  explicit beast_wire(boost::asio::io_context& loop) : loop_(loop), socket_(loop) {}

  [[nodiscard]] executor_type get_executor() noexcept { return socket_.get_executor(); }
  [[nodiscard]] lowest_layer_type& lowest_layer() noexcept { return *this; }
  void give_up_at(beast_deadline when) noexcept { socket_.deadline = when; }
  void give_up_when(std::atomic<bool> const* called_off) noexcept { socket_.called_off = called_off; }
  void close() noexcept { socket_.close(); }

  /// Whatever fails here, no byte of a request has left. The text says why; it names no host.
  /// @param tls for encrypted origins; outlives this
  /// @param judge of the addresses that the host has
  [[nodiscard]] result<void> connect(origin const& to, boost::asio::ssl::context* tls, destination& judge) {
    auto const found = addresses(to);
    if (!found) return found.error();
    auto taken = those_taken(*found, judge);
    if (judge.refused() && judge.widen(reach_of_server(judge))) taken = those_taken(*found, judge);
    if (judge.refused()) return error(errc::insecure, destination::fault);
    beast_error why = boost::asio::error::host_not_found;
    for (auto const& one : taken) {
      socket_.connect(one, why);
      if (!why || why == boost::asio::error::timed_out) break;
    }
    if (why) return not_sent("can't connect: ", why);
    return tls == nullptr ? result<void>() : encrypt(to, *tls);
  }

  /// Until it is answered, nothing that is written leaves.
  void intercept(beast_upgrade* by) noexcept { upgrade_ = by; }

  template <class Buffers>
  std::size_t read_some(Buffers const& to, beast_error& why) {
    if (upgrade_ != nullptr) {
      if (!std::exchange(upgrade_->answered, true)) upgrade_->answer();
      auto const bytes = upgrade_->heard.reveal();
      auto const n = boost::asio::buffer_copy(to, boost::asio::buffer(bytes.data(), bytes.size()));
      secret rest(bytes.substr(n));
      upgrade_->heard = std::move(rest);
      why = n > 0 ? beast_error() : beast_error(boost::asio::error::eof);
      return n;
    }
    if (!kept_.empty()) return why = {}, take_kept(to);
    return raw_read(to, why);
  }
  template <class Buffers>
  std::size_t write_some(Buffers const& from, beast_error& why) {
    if (upgrade_ == nullptr) return raw_write(from, why);
    std::size_t taken = 0;
    for (auto one = boost::asio::buffer_sequence_begin(from); one != boost::asio::buffer_sequence_end(from);
         ++one) {
      boost::asio::const_buffer const piece = *one;
      upgrade_->asked.append({static_cast<char const*>(piece.data()), piece.size()});
      taken += piece.size();
    }
    why = upgrade_->asked.ok() ? beast_error() : beast_error(boost::asio::error::no_memory);
    return taken;
  }
  // One of each may be under way at a time.
  template <class Buffers, class Handler>
  void async_read_some(Buffers const& to, Handler&& done) {
    if (!kept_.empty()) {
      auto const n = take_kept(to);
      boost::asio::post(get_executor(),
                        boost::beast::bind_handler(std::forward<Handler>(done), beast_error(), n));
    } else if (tls_) {
      tls_->async_read_some(to, std::forward<Handler>(done));
    } else {
      socket_.async_read_some(to, std::forward<Handler>(done));
    }
  }
  template <class Buffers, class Handler>
  void async_write_some(Buffers const& from, Handler&& done) {
    if (tls_) tls_->async_write_some(from, std::forward<Handler>(done));
    else socket_.async_write_some(from, std::forward<Handler>(done));
  }
  // Beast asks for these as well; nothing calls them.
  template <class Buffers>
  std::size_t read_some(Buffers const& to) {
    beast_error why;
    auto const n = read_some(to, why);
    return why ? 0 : n;
  }
  template <class Buffers>
  std::size_t write_some(Buffers const& from) {
    beast_error why;
    auto const n = write_some(from, why);
    return why ? 0 : n;
  }

  /// The connection itself, whatever stands before it.
  template <class Buffers>
  std::size_t raw_read(Buffers const& to, beast_error& why) {
    return tls_ ? tls_->read_some(to, why) : socket_.read_some(to, why);
  }
  template <class Buffers>
  std::size_t raw_write(Buffers const& from, beast_error& why) {
    return tls_ ? tls_->write_some(from, why) : socket_.write_some(from, why);
  }
  /// Bytes that came already are read before others.
  void read_first(secret bytes) noexcept { kept_ = std::move(bytes); }

private:
  using endpoint = boost::asio::ip::tcp::endpoint;

  template <class Buffers>
  std::size_t take_kept(Buffers const& to) {
    auto const n = boost::asio::buffer_copy(to, boost::asio::buffer(kept_.reveal().data(), kept_.size()));
    kept_ = secret(kept_.reveal().substr(n));
    return n;
  }

  static error not_sent(std::string_view what, beast_error const& why) {
    if (why == boost::asio::error::timed_out) return {errc::not_sent, what, "no answer in time"};
    return {errc::not_sent, what, why.message()};
  }
  // A name that is loopback is not left to a resolver: a credential may go there in the clear.
  result<std::vector<endpoint>> addresses(origin const& to) {
    auto host = to.host();
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    beast_error why;
    auto const address = boost::asio::ip::make_address(std::string(host), why);
    if (!why) return std::vector{endpoint(address, to.port())};
    if (to.loopback())
      return std::vector{endpoint(boost::asio::ip::address_v4::loopback(), to.port()),
                         endpoint(boost::asio::ip::address_v6::loopback(), to.port())};
    boost::asio::ip::tcp::resolver resolver(loop_);
    auto const found = resolver.resolve(std::string(host), std::to_string(to.port()), why);
    if (why) return not_sent("can't find the host: ", why);
    std::vector<endpoint> all;
    for (auto const& one : found) all.push_back(one.endpoint());
    return all;
  }
  static host_reach reach_of_endpoint(endpoint const& to) {
    auto const text = [](auto const& bytes) {
      return std::string_view(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    };
    auto const address = to.address();
    return address.is_v4() ? reach_of_address(text(address.to_v4().to_bytes()))
                           : reach_of_address(text(address.to_v6().to_bytes()));
  }
  static std::vector<endpoint> those_taken(std::vector<endpoint> const& all, destination& judge) {
    std::vector<endpoint> taken;
    for (auto const& one : all)
      if (judge.takes(reach_of_endpoint(one))) taken.push_back(one);
    return taken;
  }
  // Of who named a URL: a name says nothing of the network that it is in.
  host_reach reach_of_server(destination const& judge) {
    auto nearest = host_reach::unclear;
    if (judge.named_by().empty() || reach_of(judge.named_by().host()) != host_reach::everywhere)
      return nearest;
    auto const found = addresses(judge.named_by());
    if (!found) return nearest;
    for (auto const& one : *found)
      if (auto const reach = reach_of_endpoint(one); reach < nearest) nearest = reach;
    return nearest;
  }
  [[nodiscard]] result<void> encrypt(origin const& to, boost::asio::ssl::context& tls) {
    tls_.emplace(socket_, tls);
    auto* const handle = tls_->native_handle();
    auto host = to.host();
    bool const literal = host.starts_with('[');
    if (literal) host = host.substr(1, host.size() - 2);
    if (host.ends_with('.')) host.remove_suffix(1);  // no certificate names it so
    std::string const name(host);
    auto* const wanted = SSL_get0_param(handle);
    // RFC 6066 §3: an address is no server name.
    bool ok = X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str()) == 1;
    if (!ok) {
      X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      ok = !literal && !name.empty() && SSL_set1_host(handle, name.c_str()) == 1 &&
           SSL_set_tlsext_host_name(handle, name.c_str()) == 1;
    }
    if (!ok) return error(errc::not_sent, "TLS: no certificate can be for such a host");
    beast_error why;
    tls_->handshake(boost::asio::ssl::stream_base::client, why);
    if (!why) return {};
    if (auto const verdict = SSL_get_verify_result(handle); verdict != X509_V_OK)
      return error(errc::not_sent, "TLS: the server's certificate is not accepted: ",
                   std::string_view(X509_verify_cert_error_string(verdict)));
    return not_sent("TLS: ", why);
  }

  boost::asio::io_context& loop_;
  patient_socket socket_;
  std::optional<boost::asio::ssl::stream<patient_socket&>> tls_;
  beast_upgrade* upgrade_ = nullptr;
  secret kept_;
};

// How a WebSocket stream ends its connection: a goodbye was said, and nobody waits for TLS's own.
inline void teardown(boost::beast::role_type, beast_wire& wire, beast_error& why) {
  wire.close();
  why = {};
}
template <class Handler>
void async_teardown(boost::beast::role_type, beast_wire& wire, Handler&& done) {
  wire.close();
  boost::asio::post(wire.get_executor(),
                    boost::beast::bind_handler(std::forward<Handler>(done), beast_error()));
}
inline void beast_close_socket(beast_wire& wire) { wire.close(); }

}  // namespace countersign::inline v0::detail
