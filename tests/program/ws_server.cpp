// A WebSocket server for the tests of `bridge`: `ws_server LOG [CERTIFICATE KEY AUTHORITY]`, with TLS if files are named, to
// clients who show a certificate of that authority. Prints its port, writes a line to LOG for every handshake and every
// message, and ends when its standard input does.
//
// Who asks for /open is let in; elsewhere the handshake must carry what stands in the file `accepted` beside LOG: /given says
// 401 and nothing else, /sign-in offers Bearer, /forbidden says 403 to all, /moved 302, /gone 404. What a session answers is up
// to the tool that is called:
//   echo, many (notifications), big, length, huge (17 MiB), ask (asks the client first), ping, hang, garbage, binary,
//   drop (no goodbye), bye (code 1008), half (half a frame and the end), stall (half a frame and silence), parts (in frames)

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;

std::string member(std::string const& body, std::string const& name) {
  auto at = body.find("\"" + name + "\":");
  if (at == std::string::npos) return "";
  at += name.size() + 3;
  auto const end = body[at] == '"' ? body.find('"', at + 1) + 1 : body.find_first_of(",}", at);
  return body.substr(at, end - at);
}
std::string bare(std::string const& text) {
  return text.size() > 1 && text[0] == '"' ? text.substr(1, text.size() - 2) : text;
}
std::string result(std::string const& id, std::string const& text) {
  return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"said\":\"" + text + "\"}}";
}

class ws_server {
public:
  explicit ws_server(std::string const& log)
      : log_(log, std::ios::app), accepted_(log.substr(0, log.rfind('/')) + "/accepted") {}

  template <class Stream>
  void serve(Stream& stream) {
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> asked;
    http::read(stream, buffer, asked);
    std::string const target(asked.target()), given(asked[http::field::authorization]);
    std::string words;
    std::ifstream(accepted_) >> words;
    auto const status = target == "/open"            ? 101
                        : target == "/forbidden"     ? 403
                        : target == "/moved"         ? 302
                        : target == "/gone"          ? 404
                        : given == "Bearer " + words ? 101
                                                     : 401;
    note("handshake " + target + " " + given + " " + std::to_string(status));
    if (status != 101) {
      http::response<http::string_body> answer(static_cast<http::status>(status), 11, "no");
      if (target == "/sign-in") answer.set(http::field::www_authenticate, "Bearer realm=\"here\"");
      if (target == "/moved") answer.set(http::field::location, "/open");
      answer.set(http::field::connection, "close");
      answer.prepare_payload();
      http::write(stream, answer);
      return;
    }
    websocket::stream<Stream&> socket(stream);
    socket.read_message_max(64 << 20);
    socket.set_option(websocket::stream_base::decorator([&](websocket::response_type& answer) {
      answer.set(http::field::sec_websocket_protocol, asked[http::field::sec_websocket_protocol]);
    }));
    socket.control_callback([this](websocket::frame_type kind, boost::beast::string_view) {
      if (kind == websocket::frame_type::pong) note("pong");
    });
    socket.accept(asked);
    std::string asking;  // the id of the call that waits for the client's answer
    for (;;) {
      boost::beast::flat_buffer message;
      socket.read(message);  // the goodbye ends it, as an exception
      if (!answer(socket, stream, boost::beast::buffers_to_string(message.data()), asking)) return;
    }
  }

  void note(std::string const& what) {
    std::lock_guard const guard(lock_);
    log_ << what << std::endl;
  }

private:
  template <class Stream>
  bool answer(websocket::stream<Stream&>& socket, Stream& below, std::string const& body,
              std::string& asking) {
    auto const say = [&](std::string const& text) { socket.write(asio::buffer(text)); };
    auto const raw = [&](std::string_view bytes) {
      asio::write(below, asio::buffer(bytes.data(), bytes.size()));
    };
    auto const method = bare(member(body, "method")), id = member(body, "id"),
               tool = bare(member(body, "name"));
    note(method.empty() ? "answers " + id : method + (method == "tools/call" ? " " + tool : ""));
    if (method == "initialize")
      return say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"protocolVersion\":\"2025-11-25\"}}"),
             true;
    if (method.empty()) return say(result(asking, bare(id))), true;
    if (id.empty() || method.starts_with("notifications/")) return true;
    if (tool == "big") return say(result(id, std::string(10'000'000, 'x'))), true;
    if (tool == "huge") return say(result(id, std::string(17 << 20, 'x'))), true;
    if (tool == "length") return say(result(id, std::to_string(body.size()))), true;
    if (tool == "ask") return asking = id, say(R"({"jsonrpc":"2.0","id":"q-1","method":"roots/list"})"), true;
    if (tool == "hang") return true;
    if (tool == "garbage") return say("{no json"), say(result(id, "after it")), true;
    if (tool == "drop") return false;
    if (tool == "bye")
      return socket.close(websocket::close_reason(websocket::policy_error, "canary-of-the-server")), true;
    if (tool == "half") return raw("\x81\x7e\x10"), false;
    if (tool == "stall") return raw(std::string_view("\x81\x7e\x01\x00{\"jsonrpc\":", 15)), true;
    if (tool == "ping") socket.ping("are you there");
    if (tool == "binary") {
      socket.binary(true);
      say("bytes");
      socket.binary(false);
    }
    if (tool == "many")
      for (char const n : std::string_view("123"))
        say(std::string(R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"n":)") + n + "}}");
    if (tool == "parts") {
      auto const whole = result(id, tool);
      for (std::size_t at = 0; at < whole.size(); ++at)
        socket.write_some(at + 1 == whole.size(), asio::buffer(whole.data() + at, 1));
      return true;
    }
    return say(result(id, tool)), true;
  }

  std::ofstream log_;
  std::string const accepted_;
  std::mutex lock_;
};

std::optional<asio::ssl::context> tls_of(int argc, char** argv) {
  if (argc != 5) return std::nullopt;
  std::optional<asio::ssl::context> made(asio::ssl::context::tls_server);
  made->use_certificate_chain_file(argv[2]);
  made->use_private_key_file(argv[3], asio::ssl::context::pem);
  made->load_verify_file(argv[4]);
  made->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  return made;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 5) return 2;
  ws_server one(argv[1]);
  auto tls = tls_of(argc, argv);
  asio::io_context loop;
  tcp::acceptor acceptor(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  std::cout << acceptor.local_endpoint().port() << std::endl;
  // A connection that hangs is left to the end of the process.
  std::thread([&] {
    for (;;) {
      auto socket = std::make_shared<tcp::socket>(loop);
      acceptor.accept(*socket);
      socket->set_option(tcp::no_delay(true));
      std::thread([&, socket] {
        try {
          if (!tls) return one.serve(*socket);
          asio::ssl::stream<tcp::socket&> over(*socket, *tls);
          over.handshake(asio::ssl::stream_base::server);
          one.serve(over);
        } catch (std::exception const&) {
          one.note("a connection ended");
        }
      }).detach();
    }
  }).detach();
  while (std::cin.get() != std::char_traits<char>::eof()) continue;
  std::cout.flush();
  std::_Exit(0);
}
