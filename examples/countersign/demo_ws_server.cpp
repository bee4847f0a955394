#include "demo_ws_server.hpp"

#include "demo_answers.hpp"
#include "demo_checks.hpp"

#include <countersign/core/secret.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <atomic>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace cs = countersign;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

namespace program {

namespace {

using tcp = boost::asio::ip::tcp;

std::string refused_message(std::string_view id, std::string_view why) {
  cs::secret text;
  cs::json_writer out(text);
  out.open_object().member("jsonrpc", "2.0").name("id").raw(id.empty() ? std::string_view("null") : id);
  out.name("error").open_object().member("code", -32601).member("message", why).close().close();
  return std::string(text.reveal());
}

}  // namespace

class demo_ws_server::state {
public:
  state(demo_credentials wanted, std::function<void(std::string_view)> log)
      : wanted_(std::move(wanted)), log_(std::move(log)), acceptor_(loop_) {
    boost::system::error_code failed;
    tcp::endpoint const anywhere(boost::asio::ip::address_v4::loopback(), 0);
    acceptor_.open(anywhere.protocol(), failed);
    if (!failed) acceptor_.bind(anywhere, failed);
    if (!failed) acceptor_.listen(boost::asio::socket_base::max_listen_connections, failed);
    if (failed) return;
    port_ = acceptor_.local_endpoint(failed).port();
    thread_ = std::thread([this] { accept_all(); });
  }
  ~state() {
    if (!thread_.joinable()) return;
    stop_ = true;
    boost::system::error_code ignored;
    {
      std::lock_guard const guard(lock_);
      if (current_ != nullptr) current_->shutdown(tcp::socket::shutdown_both, ignored);
    }
    // Wakes who waits for a connection.
    boost::asio::io_context loop;
    tcp::socket(loop).connect({boost::asio::ip::address_v4::loopback(), port_}, ignored);
    thread_.join();
  }

  [[nodiscard]] int port() const { return port_; }

private:
  void accept_all() {
    while (!stop_) {
      tcp::socket socket(loop_);
      boost::system::error_code failed;
      acceptor_.accept(socket, failed);
      if (failed || stop_) continue;
      set_current(&socket);
      try {
        serve(socket);
      } catch (std::exception const&) {
        // The client hung up, or spoke something else: the next one is served.
      }
      set_current(nullptr);
    }
  }
  void set_current(tcp::socket* socket) {
    std::lock_guard const guard(lock_);
    current_ = socket;
    boost::system::error_code ignored;
    if (socket != nullptr && stop_) socket->shutdown(tcp::socket::shutdown_both, ignored);
  }

  void serve(tcp::socket& socket) {
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> asked;
    http::read(socket, buffer, asked);
    std::string const target(asked.target());
    auto const name = target.substr(1, target.find('/', 1) - 1);
    auto const reason = target.ends_with("/mcp")
                            ? refusal(name,
                                      {std::string(asked.method_string()), target, asked.body(),
                                       [&](std::string const& field) { return std::string(asked[field]); }},
                                      wanted_)
                            : "nobody is served here";
    log_("handshake " + name + " " + (reason.empty() ? "accepted" : "refused: " + reason));
    if (!reason.empty()) {
      http::response<http::string_body> answer(http::status::unauthorized, 11, "refused");
      answer.set(http::field::www_authenticate, "Bearer realm=\"demo\", error=\"invalid_token\"");
      answer.set(http::field::connection, "close");
      answer.prepare_payload();
      http::write(socket, answer);
      return;
    }
    websocket::stream<tcp::socket&> stream(socket);
    if (asked[http::field::sec_websocket_protocol] == "mcp")
      stream.set_option(websocket::stream_base::decorator(
          [](websocket::response_type& answer) { answer.set(http::field::sec_websocket_protocol, "mcp"); }));
    stream.accept(asked);
    for (;;) {
      boost::beast::flat_buffer message;
      stream.read(message);  // the goodbye ends it, as an exception
      auto const answer = answer_to(boost::beast::buffers_to_string(message.data()), name);
      if (!answer.empty()) stream.write(boost::asio::buffer(answer));
    }
  }

  // Empty where nothing is to be answered.
  std::string answer_to(std::string const& text, std::string const& name) {
    auto const message = cs::json_document::parse(cs::secret(text));
    if (!message) return refused_message("", "no JSON");
    std::string const method((*message)["method"].string());
    log_(method + " " + name + " accepted");
    auto const id = (*message)["id"];
    if (!id) return {};
    if (!knows(method)) return refused_message(id.number(), "there is no method " + method);
    cs::secret answer;
    cs::json_writer out(answer);
    out.open_object().member("jsonrpc", "2.0").name("id").value(id).name("result");
    write_result(out, method, name, false);
    out.close();
    return std::string(answer.reveal());
  }

  demo_credentials const wanted_;
  std::function<void(std::string_view)> const log_;
  boost::asio::io_context loop_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex lock_;
  tcp::socket* current_ = nullptr;
  std::thread thread_;
};

demo_ws_server::demo_ws_server(demo_credentials wanted, std::function<void(std::string_view)> log)
    : state_(std::make_unique<state>(std::move(wanted), std::move(log))) {}
demo_ws_server::~demo_ws_server() = default;
int demo_ws_server::port() const { return state_->port(); }

}  // namespace program
