// A server of the older wire for the tests of `bridge`: `sse_server LOG`. GET /sse is the stream, whose endpoint is
// /messages; /full names it by its whole URL, /elsewhere names another origin, /refuse answers 401, /moved 302. The tool `drop`
// ends the stream, `half` within an event, `broken` is answered with 500, `sent-on` with 307, `ask` asks the client first, `many`
// sends notifications, `hang` is answered when it is called off; any other is echoed over the stream. It ends with its standard
// input.

#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace {

using namespace std::chrono_literals;

std::string member(std::string const& body, std::string const& name) {
  auto at = body.find("\"" + name + "\":");
  if (at == std::string::npos) return "";
  at += name.size() + 3;
  auto const end = body[at] == '"' ? body.find('"', at + 1) + 1 : body.find_first_of(",}", at);
  return body.substr(at, end - at);
}

class sse_server {
public:
  explicit sse_server(char const* log) : log_(log, std::ios::app) {}
  int port = 0;

  void stream(httplib::Request const& asked, httplib::Response& to) {
    note(asked, "");
    std::lock_guard const guard(lock_);
    std::string place = "/messages?of=" + std::to_string(++streams_);
    if (asked.path == "/full") place = "http://127.0.0.1:" + std::to_string(port) + place;
    if (asked.path == "/elsewhere") place = "http://localhost:" + std::to_string(port) + place;
    auto const number = streams_;
    bool told = false;
    to.set_chunked_content_provider(
        "text/event-stream", [=, this](std::size_t, httplib::DataSink& out) mutable {
          std::unique_lock held(lock_);
          if (!std::exchange(told, true)) waiting_ = "event: endpoint\ndata: " + place + "\n\n";
          // One that a client has left must not take what is for the next.
          auto const left = [&] { return stopped_ || streams_ != number; };
          changed_.wait_for(held, 50ms, [&] { return !waiting_.empty() || left() || dropped_ >= number; });
          if (left() || (dropped_ >= number && waiting_.empty())) return out.done(), true;
          auto const text = waiting_.empty() ? ": here\n\n" : std::exchange(waiting_, "");
          return out.write(text.data(), text.size());
        });
  }

  void post(httplib::Request const& asked, httplib::Response& to) {
    auto const method = member(asked.body, "method"), id = member(asked.body, "id"),
               tool = member(asked.body, "name");
    note(asked, method + tool);
    to.status = tool == "\"broken\"" ? 500 : tool == "\"sent-on\"" ? 307 : 202;
    if (to.status == 307) to.set_header("Location", "http://127.0.0.1:1/messages");
    std::lock_guard const guard(lock_);
    auto const result = [](std::string const& of, std::string const& said) {
      return "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + of +
             ",\ndata: \"result\":{\"said\":" + said + "}}\n\n";
    };
    if (tool == "\"drop\"") dropped_ = streams_;
    else if (tool == "\"half\"")
      waiting_ += "data: {\"jsonrpc\":\"2.0\",\"id\":" + id + "\n", dropped_ = streams_;
    else if (tool == "\"ask\"")
      asking_ = id, waiting_ += "data: {\"jsonrpc\":\"2.0\",\"id\":\"q-1\",\"method\":\"roots/list\"}\n\n";
    else if (tool == "\"hang\"") asking_ = id;
    else if (method.empty()) waiting_ += result(asking_, id);
    else if (method == "\"notifications/cancelled\"") waiting_ += result(asking_, "\"too late\"");
    else if (method == "\"initialize\"")
      waiting_ +=
          "data: {\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"protocolVersion\":\"2024-11-05\"}}\n\n";
    else if (!id.empty() && to.status == 202) {
      if (tool == "\"many\"")
        for (char const n : std::string("12"))
          waiting_ +=
              std::string("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":") + n +
              "}\n\n";
      waiting_ += result(id, tool);
    }
    changed_.notify_all();
  }

  void note(httplib::Request const& asked, std::string const& what) {
    std::lock_guard const guard(lock_);
    log_ << asked.method << " " << asked.target << " " << asked.get_header_value("Authorization") << " "
         << what << std::endl;
  }
  void stop() {
    std::lock_guard const guard(lock_);
    stopped_ = true;
    changed_.notify_all();
  }

private:
  std::ofstream log_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::string waiting_, asking_;
  int streams_ = 0, dropped_ = 0;
  bool stopped_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sse_server one(argv[1]);
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(16); };
  server.Get("/refuse", [&](auto const& asked, auto& to) { one.note(asked, ""), to.status = 401; });
  server.Get("/moved", [&](auto const& asked, auto& to) {
    one.note(asked, "");
    to.status = 302;
    to.set_header("Location", "/sse");
  });
  server.Get("/.*", [&](auto const& asked, auto& to) { one.stream(asked, to); });
  server.Post("/messages", [&](auto const& asked, auto& to) { one.post(asked, to); });
  server.set_tcp_nodelay(true);
  one.port = server.bind_to_any_port("127.0.0.1");
  if (one.port <= 0) return 1;
  std::thread serving([&] { server.listen_after_bind(); });
  std::cout << one.port << std::endl;
  while (std::cin.get() != std::char_traits<char>::eof()) continue;
  one.stop();
  while (!server.is_running()) std::this_thread::yield();
  server.stop();
  serving.join();
  return 0;
}
