// Measures `countersign bridge`: `driver PROGRAM CALLS`. Prints a table; ends with 1 at the first wrong answer.
//
// A server within this process echoes each JSON-RPC request, over HTTP and over WebSocket. Messages go to it straight, by
// curl_transport and connect_websocket, and through a bridge, by turns, so that noise meets both. What is told are medians, and
// the resident memory of the bridge.

#include <countersign/adapt/beast_websocket.hpp>
#include <countersign/adapt/curl.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace cs = countersign;
namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;

namespace {

constexpr std::string_view token = "bench-token";
constexpr std::size_t most = std::size_t{16} << 20;

std::string request_of(int id, std::size_t bytes) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":"echo","arguments":{"text":")" + std::string(bytes, 'x') +
         R"("}}})";
}
// The id, and the text that came.
std::string answer_to(std::string_view request) {
  auto const id_at = request.find("\"id\":") + 5;
  auto const id = request.substr(id_at, request.find_first_of(",}", id_at) - id_at);
  if (request.find("\"initialize\"") != request.npos)
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":{"protocolVersion":"2025-11-25"}})";
  auto const text_at = request.find("\"text\":\"") + 8;
  auto const text = request.substr(text_at, request.find('"', text_at) - text_at);
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":{"text":")" + std::string(text) +
         "\"}}";
}
bool is_notification(std::string_view body) { return body.find("\"id\":") == body.npos; }

class echo_server {
public:
  echo_server() : acceptor_(loop_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    // Detached: it ends with the process.
    std::thread([this] {
      for (;;) {
        auto socket = std::make_shared<tcp::socket>(loop_);
        acceptor_.accept(*socket);
        socket->set_option(tcp::no_delay(true));
        std::thread([socket] {
          try {
            serve(*socket);
          } catch (std::exception const&) {
            // The client has gone.
          }
        }).detach();
      }
    }).detach();
  }
  [[nodiscard]] std::string place() {
    return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }

private:
  static void serve(tcp::socket& socket) {
    boost::beast::flat_buffer buffer;
    for (;;) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(most + 1024);
      http::read(socket, buffer, parser);
      auto const asked = parser.release();
      if (websocket::is_upgrade(asked)) return talk(socket, asked);
      http::response<http::string_body> answer(http::status::ok, 11);
      if (asked.method() != http::verb::post) answer.result(http::status::method_not_allowed);
      else if (is_notification(asked.body())) answer.result(http::status::accepted);
      else answer.body() = answer_to(asked.body());
      answer.set(http::field::content_type, "application/json");
      answer.keep_alive(asked.keep_alive());
      answer.prepare_payload();
      http::write(socket, answer);
    }
  }
  static void talk(tcp::socket& socket, http::request<http::string_body> const& asked) {
    websocket::stream<tcp::socket&> stream(socket);
    stream.read_message_max(most + 1024);
    stream.set_option(websocket::stream_base::decorator([&](websocket::response_type& answer) {
      if (asked.count(http::field::sec_websocket_protocol))
        answer.set(http::field::sec_websocket_protocol, asked[http::field::sec_websocket_protocol]);
    }));
    stream.accept(asked);
    for (;;) {
      boost::beast::flat_buffer message;
      stream.read(message);
      auto const body = boost::beast::buffers_to_string(message.data());
      if (!is_notification(body)) stream.write(asio::buffer(answer_to(body)));
    }
  }

  asio::io_context loop_;
  tcp::acceptor acceptor_;
};

// A process whose standard input and output are ours.
class bridge {
public:
  bridge(std::string const& program, std::string const& config, std::string const& name) {
    int in[2], out[2];
    if (::pipe(in) != 0 || ::pipe(out) != 0) std::exit(1);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      for (int const one : {in[0], in[1], out[0], out[1]}) ::close(one);
      ::execl(program.c_str(), program.c_str(), "bridge", name.c_str(), "--config", config.c_str(),
              static_cast<char*>(nullptr));
      std::_Exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = ::fdopen(out[0], "r");
    static_cast<void>(ask(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{}})"));
    write_line(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  }
  ~bridge() {
    ::close(to_);
    ::waitpid(child_, nullptr, 0);
    std::fclose(from_);
    std::free(line_);
  }
  bridge(bridge const&) = delete;

  std::string_view ask(std::string const& line) {
    write_line(line);
    auto const size = ::getline(&line_, &room_, from_);
    return size > 0 ? std::string_view(line_, static_cast<std::size_t>(size - 1)) : std::string_view();
  }
  /// In MiB: "VmRSS" now, "VmHWM" at the most.
  [[nodiscard]] double memory(std::string const& which) const {
    std::ifstream status("/proc/" + std::to_string(child_) + "/status");
    for (std::string word; status >> word;)
      if (word == which + ":") {
        double kib = 0;
        status >> kib;
        return kib / 1024;
      }
    return 0;
  }

private:
  void write_line(std::string const& line) {
    auto const whole = line + "\n";
    for (std::size_t at = 0; at < whole.size();) {
      auto const n = ::write(to_, whole.data() + at, whole.size() - at);
      if (n <= 0) return;
      at += static_cast<std::size_t>(n);
    }
  }

  pid_t child_ = -1;
  int to_ = -1;
  std::FILE* from_ = nullptr;
  char* line_ = nullptr;
  std::size_t room_ = 0;
};

using clock_type = std::chrono::steady_clock;

double micros_of(auto&& job) {
  auto const begun = clock_type::now();
  job();
  return std::chrono::duration<double, std::micro>(clock_type::now() - begun).count();
}
double at_rank(std::vector<double>& all, double rank) {
  std::sort(all.begin(), all.end());
  return all[static_cast<std::size_t>(static_cast<double>(all.size() - 1) * rank)];
}

// What was wrong is not measured.
void want(bool right, std::string_view what) {
  if (right) return;
  std::fprintf(stderr, "bench/bridge: a wrong answer: %.*s\n",
               static_cast<int>(std::min<std::size_t>(what.size(), 300)), what.data());
  std::fflush(stdout);
  std::_Exit(1);
}

using direct = std::function<std::string(std::string const&)>;

void measure(std::string_view wire, bridge& through, direct const& straight, int calls) {
  int id = 1;
  for (std::size_t const bytes : {std::size_t{100}, std::size_t{10'000}, std::size_t{1'000'000}}) {
    auto const times = bytes < 100'000 ? calls : std::max(calls / 20, 10);
    std::vector<double> here, there;
    for (int i = -times / 10; i < times; ++i) {
      auto const request = request_of(++id, bytes), wanted = answer_to(request);
      std::string plain, bridged;
      auto const a = micros_of([&] { plain = straight(request); });
      auto const b = micros_of([&] { bridged = through.ask(request); });
      want(plain == wanted, plain);
      want(bridged == wanted, bridged);
      if (i < 0) continue;
      here.push_back(a);
      there.push_back(b);
    }
    std::printf("%-10.*s %9zu %12.0f %12.0f %12.0f %12.0f\n", static_cast<int>(wire.size()), wire.data(),
                bytes, at_rank(here, 0.5), at_rank(there, 0.5), at_rank(there, 0.5) - at_rank(here, 0.5),
                at_rank(there, 0.99));
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  std::signal(SIGPIPE, SIG_IGN);
  std::string const program = words[1];
  int const calls = std::max(20, std::atoi(words[2]));
  echo_server server;
  auto const folder =
      std::filesystem::temp_directory_path() / ("countersign-bench-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  auto const config = (folder / "mcp.json").string();
  std::ofstream(config) << R"({"mcpServers":{"http":{"type":"http","url":"http://)" << server.place()
                        << R"(/mcp","headers":{"Authorization":"Bearer )" << token
                        << R"("}},"ws":{"type":"ws","url":"ws://)" << server.place()
                        << R"(/mcp","headers":{"Authorization":"Bearer )" << token << R"("}}}})";

  std::printf("%-10s %9s %12s %12s %12s %12s\n", "wire", "bytes", "straight µs", "bridge µs", "added µs",
              "bridge 99 %");
  std::vector<std::string> memory;
  for (std::string const wire : {"http", "ws"}) {
    auto const url = wire + "://" + server.place() + "/mcp";
    cs::authenticator auth{cs::fixed{token}, cs::bearer{}, cs::only{url}};
    cs::curl_transport by(cs::curl_options{.max_body = most});
    std::unique_ptr<cs::websocket_connection> socket;
    if (wire == "ws") {
      auto opened = cs::connect_websocket(auth, url, {.max_message = most});
      if (!opened) return std::fprintf(stderr, "%s\n", opened.error().c_str()), 1;
      socket = std::make_unique<cs::websocket_connection>(std::move(*opened));
    }
    direct const straight = [&](std::string const& request) -> std::string {
      if (socket != nullptr) {
        if (!socket->write(request)) return "not sent";
        auto const got = socket->read();
        return got ? std::string(got->reveal()) : std::string(got.error().message());
      }
      cs::request asked("POST", url, cs::secret(request));
      asked.set("Content-Type", "application/json");
      auto const got = cs::send(auth, asked, by);
      return got ? std::string(got->body.reveal()) : std::string(got.error().message());
    };
    bridge through(program, config, wire);
    char text[200];
    auto const at_start = through.memory("VmRSS");
    measure(wire, through, straight, calls);
    auto const after = through.memory("VmRSS");
    auto const large = request_of(7, 10'000'000);
    for (int i = 0; i < 3; ++i) want(through.ask(large) == answer_to(large), "10 MB");
    std::snprintf(text, sizeof text, "%-10s %12.1f %12.1f %12.1f %12.1f\n", wire.c_str(), at_start, after,
                  through.memory("VmRSS"), through.memory("VmHWM"));
    memory.emplace_back(text);
  }
  std::printf("\n%-10s %12s %12s %12s %12s\n", "MiB", "after hello", "after these", "after 10 MB",
              "at the most");
  for (auto const& line : memory) std::fputs(line.c_str(), stdout);
  std::filesystem::remove_all(folder);
  std::fflush(stdout);
  std::_Exit(0);  // the server's threads wait for connections
}
