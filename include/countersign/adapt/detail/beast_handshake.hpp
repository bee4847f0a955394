#pragma once
// The opening handshake of a WebSocket (RFC 6455 §4.1) as the user's own call of an exchange.

#include <countersign/adapt/beast.hpp>
#include <countersign/adapt/detail/beast_http.hpp>
#include <countersign/adapt/detail/beast_wire.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/origin.hpp>

#include <boost/beast/websocket/stream.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

/// A request of its own type, so that a transport can tell it from what a source sends.
class beast_handshake {
public:
  explicit beast_handshake(std::string_view url) noexcept : inner_("GET", url) {}

  [[nodiscard]] std::string_view method() const noexcept { return inner_.method(); }
  [[nodiscard]] std::string_view url() const noexcept { return inner_.url(); }
  [[nodiscard]] std::string_view origin() const noexcept { return inner_.origin(); }
  [[nodiscard]] std::string_view target() const noexcept { return inner_.target(); }
  [[nodiscard]] std::optional<std::string_view> body() const noexcept { return std::string_view(); }
  template <class Function>
  void fields(Function&& function) const {
    inner_.fields(function);
  }
  bool operator()(std::string_view name, std::string_view value) noexcept { return inner_.set(name, value); }
  [[nodiscard]] bool ok() const noexcept { return inner_.ok(); }
  [[nodiscard]] request const& inner() const noexcept { return inner_; }

private:
  request inner_;
};

/// What is kept as long as a WebSocket is open.
struct beast_socket {
  explicit beast_socket(std::shared_ptr<boost::asio::ssl::context> with)
      : tls(std::move(with)), socket(loop) {}

  boost::asio::io_context loop{1};
  std::shared_ptr<boost::asio::ssl::context> tls;
  boost::beast::websocket::stream<beast_wire, false> socket;
};

/// A response's head; behind a 101, the socket.
struct beast_answer {
  response head;
  std::unique_ptr<beast_socket> socket;

  [[nodiscard]] int status() const noexcept { return head.status(); }
  template <class Function>
  void fields(Function&& function) const {
    head.fields(function);
  }
};

// Beast makes the key and judges what comes back for it. The request itself is written here, since what Beast
// copies for it would not be wiped, and its answer is read here, under the caps of any other.
class beast_upgrader final : public beast_upgrade {
public:
  beast_upgrader(beast_wire& wire, request const& call, origin const& to, beast_limits most) noexcept
      : wire_(wire), call_(call), to_(to), most_(most) {}

  void answer() override {
    request sent = call_;
    sent.set("Connection", "Upgrade");
    sent.set("Upgrade", "websocket");
    sent.set("Sec-WebSocket-Version", "13");
    sent.set("Sec-WebSocket-Key", field_in(asked.reveal(), "Sec-WebSocket-Key"));
    if (auto ok = check_sendable(sent); !ok) {
      told = ok.error();
      return;
    }
    told = converse(wire_, sent, to_, most_, rest);
    if (!told || told->status() != 101) return;
    heard.append("HTTP/1.1 101 Switching Protocols\r\n");
    told->fields([&](std::string_view name, std::string_view value) {
      heard.append(name).append(": ").append(value).append("\r\n");
    });
    heard.append("\r\n");
  }

  result<response> told = error{errc::not_sent, "nothing was sent"};
  secret rest;  ///< frames that came at once

private:
  static std::string_view field_in(std::string_view head, std::string_view name) noexcept {
    while (!head.empty()) {
      auto const end = head.find("\r\n");
      auto const line = head.substr(0, end);
      head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
      auto const colon = line.find(':');
      if (colon == std::string_view::npos || !equal_without_case(line.substr(0, colon), name)) continue;
      return line.substr(line[colon + 1] == ' ' ? colon + 2 : colon + 1);
    }
    return {};
  }

  beast_wire& wire_;
  request const& call_;
  origin const& to_;
  beast_limits most_;
};

/// The transport of a handshake: a connection for each attempt. Its source's requests go by another.
template <class Http>
class beast_connector {
public:
  /// @param http borrowed
  beast_connector(beast_options options, std::size_t max_message, Http& http)
      : http_(http), dialer_(std::move(options)), max_message_(max_message) {}

  [[nodiscard]] result<response> operator()(request const& what) { return http_(what); }

  [[nodiscard]] result<beast_answer> operator()(beast_handshake const& what) {
    auto const to = origin_of(what.url());
    if (!to) return to.error().within("websocket: ");
    auto made = without_throwing<result<beast_answer>>([&] { return upgrade(what.inner(), *to); });
    if (!made) return made.error().within("websocket: ", to->view(), ": ");
    return made;
  }

private:
  result<beast_answer> upgrade(request const& call, origin const& to) {
    if (auto ok = check_sendable(call); !ok) return ok.error();
    auto const& options = dialer_.options();
    if (to.encrypted())
      if (auto ok = dialer_.make_tls(); !ok) return ok.error();
    auto made = std::make_unique<beast_socket>(dialer_.tls());
    auto& wire = made->socket.next_layer();
    if (auto ok = dialer_.connect(wire, call, to); !ok) return ok.error();

    beast_upgrader by(wire, call, to, {options.max_headers, options.max_body});
    wire.intercept(&by);
    made->socket.read_message_max(max_message_);
    beast_error why;
    made->socket.handshake("-", "/", why);  // neither is sent
    wire.intercept(nullptr);
    if (!by.told) return by.told.error();
    beast_answer answer{std::move(*by.told), nullptr};
    if (answer.status() != 101) return answer;
    if (why) return error(errc::unanswered, "the handshake was answered wrongly: ", why.message());
    if (auto ok = check_agreed(call, answer.head); !ok) return ok.error();
    wire.read_first(std::move(by.rest));
    answer.socket = std::move(made);
    return answer;
  }
  // RFC 6455 §4.1: what was not asked for must not be agreed to, and we ask for no extension.
  static result<void> check_agreed(request const& call, response const& answer) {
    if (answer.headers.get("Sec-WebSocket-Extensions"))
      return error(errc::unanswered, "the server wants an extension that was not asked for");
    if (call.get("Sec-WebSocket-Protocol") != answer.headers.get("Sec-WebSocket-Protocol"))
      return error(errc::unanswered, "the server does not agree to the subprotocol");
    return {};
  }

  Http& http_;
  beast_dialer dialer_;
  std::size_t max_message_;
};

}  // namespace countersign::inline v0::detail
