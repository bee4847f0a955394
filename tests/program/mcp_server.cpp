// A Streamable HTTP server for the tests of `bridge`: `mcp_server LOG`. Prints its port, writes a line to LOG for every
// request, and ends when its standard input does. If there is a file `accepted` beside LOG, requests must carry the bearer token
// in it. What it answers is up to the tool that is called:
//   echo, slow, many (a stream), big (JSON), big_stream, ask (asks the client first), closes (and can be taken up again),
//   half (half an event), hang (a stream without an answer), silent,
//   forget (all sessions), broken (500), moved, refuse (400)

#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace {

constexpr char const *json = "application/json", *events = "text/event-stream";
using namespace std::chrono_literals;

// The text behind "NAME": in a body, a string or a number; found again in what the answer repeats.
std::string member(std::string const& body, std::string const& name) {
  auto at = body.find("\"" + name + "\":");
  if (at == std::string::npos) return "";
  at += name.size() + 3;
  auto const end = body[at] == '"' ? body.find('"', at + 1) + 1 : body.find_first_of(",}", at);
  return body.substr(at, end - at);
}
std::string bare(std::string text) {
  return text.size() > 1 && text[0] == '"' ? text.substr(1, text.size() - 2) : text;
}

std::string result(std::string const& id, std::string const& text) {
  return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"said\":\"" + text + "\"}}";
}
std::string event(std::string const& data) { return "event: message\r\ndata: " + data + "\r\n\r\n"; }

class mcp_server {
public:
  explicit mcp_server(std::string const& log)
      : log_(log, std::ios::app), accepted_(log.substr(0, log.rfind('/')) + "/accepted") {}

  void post(httplib::Request const& asked, httplib::Response& to) {
    auto const& body = asked.body;
    auto const method = bare(member(body, "method")), id = member(body, "id"),
               tool = bare(member(body, "name"));
    note(asked, method.empty() ? "answers " + id : method + (method == "tools/call" ? " " + tool : ""));
    if (!lets_in(asked)) return refuse(to);
    bool const alone = asked.get_header_value("MCP-Protocol-Version") == "2026-07-28";
    if (method == "initialize") return initialize(id, to);
    if (!alone && !knows(asked)) return void(to.status = 404);
    if (method.empty()) return hear(id, to);
    if (method == "notifications/slow") std::this_thread::sleep_for(100ms);
    if (id.empty() || method.starts_with("notifications/")) return void(to.status = 202);
    if (tool == "slow") std::this_thread::sleep_for(300ms);
    if (tool == "big") return to.set_content(result(id, std::string(10'000'000, 'x')), json);
    if (tool == "length") return to.set_content(result(id, std::to_string(body.size())), json);
    if (tool == "silent") be_silent();
    if (tool == "forget") forget();
    if (tool == "broken") return void(to.status = 500);
    if (tool == "moved") return to.status = 307, to.set_header("Location", "http://127.0.0.1:1/mcp");
    if (tool == "html") return to.set_content("<html>", "text/html");
    if (tool == "refuse") {
      to.status = 400;
      return to.set_content(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"so not"}})",
                            json);
    }
    if (!stream(tool, id, to))
      to.set_content("{\n  \"jsonrpc\": \"2.0\",\r\n" + result(id, tool + method).substr(17), json);
  }

  void get(httplib::Request const& asked, httplib::Response& to) {
    auto const last = asked.get_header_value("Last-Event-ID");
    note(asked, "listens after " + last);
    if (!lets_in(asked)) return refuse(to);
    if (!knows(asked)) return void(to.status = 404);
    if (last.starts_with("closed-")) return to.set_content(event(result(last.substr(7), "taken up")), events);
    // One message on each of two streams; the third stays open and is silent.
    int const number = last.empty() ? 1 : last == "get-1" ? 2 : 3;
    if (number == 3) return hang(to);
    auto const n = std::to_string(number);
    to.set_content(
        "retry: 10\nid: get-" + n + "\n" +
            event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"n\":" + n + "}}"),
        events);
  }

  void end(httplib::Request const& asked, httplib::Response& to) {
    note(asked, "ends");
    to.status = 204;
  }

  void stop() {
    std::lock_guard const guard(lock_);
    stopped_ = true;
    changed_.notify_all();
  }

private:
  void note(httplib::Request const& asked, std::string const& what) {
    std::lock_guard const guard(lock_);
    log_ << asked.method << " session=" << asked.get_header_value("Mcp-Session-Id")
         << " version=" << asked.get_header_value("MCP-Protocol-Version")
         << " named=" << asked.get_header_value("Mcp-Method") << "," << asked.get_header_value("Mcp-Name")
         << " " << what << std::endl;
  }
  bool lets_in(httplib::Request const& asked) {
    std::ifstream file(accepted_);
    std::string token;
    return !(file >> token) || asked.get_header_value("Authorization") == "Bearer " + token;
  }
  static void refuse(httplib::Response& to) {
    to.status = 401;
    to.set_header("WWW-Authenticate", "Basic realm=\"here\"");
  }
  bool knows(httplib::Request const& asked) {
    std::lock_guard const guard(lock_);
    return sessions_.count(asked.get_header_value("Mcp-Session-Id")) > 0;
  }
  void initialize(std::string const& id, httplib::Response& to) {
    std::lock_guard const guard(lock_);
    auto const session = "s-" + std::to_string(++made_);
    sessions_.insert(session);
    to.set_header("Mcp-Session-Id", session);
    to.set_content("{\"jsonrpc\":\"2.0\",\"id\":" + id +
                       R"(,"result":{"protocolVersion":"2025-06-18","capabilities":{}}})",
                   json);
  }
  void forget() {
    std::lock_guard const guard(lock_);
    sessions_.clear();
  }
  void hear(std::string const& id, httplib::Response& to) {
    std::lock_guard const guard(lock_);
    answered_ = id;
    changed_.notify_all();
    to.status = 202;
  }
  void be_silent() {
    std::unique_lock guard(lock_);
    changed_.wait_for(guard, 10s, [&] { return stopped_; });
  }
  void hang(httplib::Response& to) {
    to.set_chunked_content_provider(events, [this](std::size_t, httplib::DataSink& out) {
      std::unique_lock guard(lock_);
      changed_.wait_for(guard, 50ms, [&] { return stopped_; });
      if (!stopped_ && out.write(": here\n\n", 8)) return true;
      log_ << "a client left a stream" << std::endl;
      return false;
    });
  }

  bool stream(std::string const& tool, std::string const& id, httplib::Response& to) {
    if (tool == "hang") return hang(to), true;
    if (tool == "half") return to.set_content("data: {\"jsonrpc\":\"2.0\",\"id\":" + id, events), true;
    if (tool == "garbage") return to.set_content("data: {no json\n\n", events), true;
    if (tool == "closes") return to.set_content("retry: 20\nid: closed-" + id + "\ndata:\n\n", events), true;
    if (tool == "big_stream")
      return to.set_content(event(result(id, std::string(10'000'000, 'y'))), events), true;
    if (tool != "many" && tool != "ask") return false;
    int sent = 0;
    to.set_chunked_content_provider(events, [this, tool, id, sent](std::size_t,
                                                                   httplib::DataSink& out) mutable {
      auto const write = [&](std::string const& text) { return out.write(text.data(), text.size()); };
      if (tool == "many" && sent++ < 3)
        return write(event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"n\":" +
                           std::to_string(sent) + "}}"));
      std::string said = "many";
      if (tool == "ask") {
        write(event("{\"jsonrpc\":\"2.0\",\"id\":\"q-1\",\"method\":\"roots/list\"}"));
        std::unique_lock guard(lock_);
        changed_.wait_for(guard, 5s, [&] { return !answered_.empty() || stopped_; });
        said = bare(answered_);
      }
      write(event(result(id, said)));
      out.done();
      return true;
    });
    return true;
  }

  std::ofstream log_;
  std::string const accepted_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::set<std::string> sessions_;
  std::string answered_;
  int made_ = 0;
  bool stopped_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  mcp_server one(argv[1]);
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };
  server.set_payload_max_length(32 << 20);
  server.Post("/mcp", [&](auto const& asked, auto& to) { one.post(asked, to); });
  server.Get("/mcp", [&](auto const& asked, auto& to) { one.get(asked, to); });
  server.Delete("/mcp", [&](auto const& asked, auto& to) { one.end(asked, to); });
  server.set_tcp_nodelay(true);
  int const port = server.bind_to_any_port("127.0.0.1");
  if (port <= 0) return 1;
  std::thread serving([&] { server.listen_after_bind(); });
  std::cout << port << std::endl;
  while (std::cin.get() != std::char_traits<char>::eof()) continue;
  one.stop();
  while (!server.is_running()) std::this_thread::yield();
  server.stop();
  serving.join();
  return 0;
}
