#pragma once
// WebSocket connections whose handshake carries a credential, on Boost.Beast.

#include <countersign/adapt/beast.hpp>
#include <countersign/adapt/detail/beast_handshake.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/transport.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How a WebSocket is connected and used. Each field has a default.
struct websocket_options {
  /// Of the handshake, and of the requests that a source sends for its credential, which show no certificate of ours.
  beast_options http = {};
  /// For each message that is written, read, or for the goodbye.
  duration patience = seconds(30);
  /// Bytes of a message that is read; one more is errc::too_large.
  std::size_t max_message = std::size_t{1} << 20;
  /// A subprotocol (RFC 6455 §1.9) that the server must agree to; empty: none.
  owned_text subprotocol = {};
  /// More header fields of the handshake, such as Origin.
  class fields headers = {};
};

class websocket_connection;

/// Connects to a ws:// or wss:// URL. The handshake is a request like any other: it carries what `auth`
/// writes, a 401 renews the credential and a new connection tries again, and the origin must be one that
/// `auth` is for
/// (`only{"wss://host"}`; ws beyond loopback only where that is allowed). Anything but 101 in the end is
/// errc::rejected (401, 403), transient (408, 429, 5xx) or fatal, and `refused`, if given, receives the
/// response; other errors are as `send` and `beast_transport` tell them. Blocks. No redirect is followed.
/// @param http sends what the source asks servers for, as in `send`
template <class Authenticator, transport Http>
[[nodiscard]] result<websocket_connection> connect_websocket(Authenticator& auth, std::string_view url,
                                                             websocket_options options, response* refused,
                                                             Http&& http);
/// The source's requests go by a `beast_transport`.
template <class Authenticator>
[[nodiscard]] result<websocket_connection> connect_websocket(Authenticator& auth, std::string_view url,
                                                             websocket_options options = {},
                                                             response* refused = nullptr);

/// An open WebSocket, for text. One thread at a time. Its end closes the connection without a goodbye.
class websocket_connection {
public:
  /// Sends one text message. errc::bad_input: not UTF-8; unanswered: it may not have arrived, and the
  /// connection is over.
  [[nodiscard]] result<void> write(std::string_view text) noexcept {
    if (!valid_utf8(text)) return failed(error(errc::bad_input, "a text message must be UTF-8"));
    return work<result<void>>([&]() -> result<void> {
      detail::beast_error why;
      open_->socket.text(true);
      open_->socket.write(boost::asio::buffer(text.data(), text.size()), why);
      if (why) return lost("the message was not taken", why);
      return {};
    });
  }
  /// The next text message; pings are answered meanwhile. errc::bad_input: it was a binary one, and the
  /// connection goes on. After any other error it is over; too_large: beyond the cap; unanswered: none came
  /// in time, or the server closed.
  [[nodiscard]] result<secret> read() noexcept {
    return work<result<secret>>([&]() -> result<secret> {
      detail::beast_error why;
      detail::beast_buffer message;
      open_->socket.read(message, why);
      if (why == boost::beast::websocket::error::message_too_big)
        return failed(error(errc::too_large, "a message is larger than the limit"));
      if (why == boost::beast::websocket::error::closed) return closed();
      if (why) return lost("no message came", why);
      if (open_->socket.got_binary()) return failed(error(errc::bad_input, "a binary message came"));
      secret text(std::string_view(static_cast<char const*>(message.data().data()), message.size()));
      if (!text.ok()) return failed(error(errc::no_memory, "out of memory"));
      return text;
    });
  }
  /// From now on, instead of the options' patience.
  void wait_at_most(duration patience) noexcept { patience_ = patience; }
  /// Says goodbye and waits for the server's.
  [[nodiscard]] result<void> close() noexcept {
    return work<result<void>>([&]() -> result<void> {
      detail::beast_error why;
      open_->socket.close(boost::beast::websocket::close_code::normal, why);
      if (why) return lost("the goodbye was not answered", why);
      return {};
    });
  }

  /// Beast's own stream, for whatever is not offered here. Its calls end at the time that was set last. The asynchronous ones
  /// know no such time, run on `loop()`, and must all have ended before this object does; one may read while one writes.
  [[nodiscard]] boost::beast::websocket::stream<detail::beast_wire, false>& stream() noexcept {
    return open_->socket;
  }
  /// Where what is asynchronous runs. Any thread may post to it; one runs it.
  [[nodiscard]] boost::asio::io_context& loop() noexcept { return open_->loop; }

private:
  template <class Authenticator, transport Http>
  friend result<websocket_connection> connect_websocket(Authenticator&, std::string_view, websocket_options,
                                                        response*, Http&&);

  websocket_connection(std::unique_ptr<detail::beast_socket> open, origin const& to,
                       duration patience) noexcept
      : open_(std::move(open)), to_(to), patience_(patience) {}

  error failed(error const& why) const noexcept { return why.within("websocket: ", to_.view(), ": "); }
  error lost(std::string_view what, detail::beast_error const& why) const {
    if (why == boost::asio::error::timed_out) return failed(error(errc::unanswered, what, " in time"));
    return failed(error(errc::unanswered, what, ": ", why.message()));
  }
  error closed() const {
    // What a server gives as its reason is its own text.
    return failed(error(errc::unanswered, "the server closed the connection, code ",
                        static_cast<unsigned>(open_->socket.reason().code)));
  }
  template <class Answer, class Job>
  Answer work(Job&& job) noexcept {
    open_->socket.next_layer().give_up_at(detail::beast_time_after(patience_));
    return detail::without_throwing<Answer>(std::forward<Job>(job));
  }

  std::unique_ptr<detail::beast_socket> open_;
  origin to_;
  duration patience_;
};

template <class Authenticator, transport Http>
[[nodiscard]] result<websocket_connection> connect_websocket(Authenticator& auth, std::string_view url,
                                                             websocket_options options, response* refused,
                                                             Http&& http) {
  auto const to = origin_of(url);
  if (!to) return to.error().within("websocket: ");
  auto const failed = [&](error const& why) { return why.within("websocket: ", to->view(), ": "); };
  if (to->scheme() != "ws" && to->scheme() != "wss")
    return failed(error(errc::bad_input, "expected a ws or wss URL"));

  detail::beast_handshake call(url);
  options.headers.each([&](std::string_view name, std::string_view value) { call(name, value); });
  if (!options.subprotocol.empty()) call("Sec-WebSocket-Protocol", options.subprotocol);
  if (!call.ok() || !options.headers.ok()) return failed(error(errc::no_memory, "out of memory"));

  detail::beast_connector connector(std::move(options.http), options.max_message, http);
  detail::beast_answer last_refused;
  auto answer = send(auth, call, connector, nobody(), &last_refused);
  if (!answer) {
    if (refused != nullptr && last_refused.status() != 0) *refused = std::move(last_refused.head);
    return answer.error();
  }
  if (answer->socket != nullptr)
    return websocket_connection(std::move(answer->socket), *to, options.patience);
  auto const status = answer->status();
  if (refused != nullptr) *refused = std::move(answer->head);
  auto const code = status == 401 || status == 403                    ? errc::rejected
                    : status == 408 || status == 429 || status >= 500 ? errc::transient
                                                                      : errc::fatal;
  return failed(error(code, "the server answered HTTP ", status, " to the handshake"));
}

template <class Authenticator>
[[nodiscard]] result<websocket_connection> connect_websocket(Authenticator& auth, std::string_view url,
                                                             websocket_options options, response* refused) {
  auto plain = options.http;
  plain.certificate = plain.key = {};  // it is for the server, and for nobody whom a source asks
  plain.passphrase = {};
  return connect_websocket(auth, url, std::move(options), refused, beast_transport(std::move(plain)));
}

}  // namespace countersign::inline v0
