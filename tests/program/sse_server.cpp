// A server of the older wire for the tests of `bridge`: `sse_server LOG`. GET /sse is the stream, whose endpoint is
// /messages; /full names it by its whole URL, /elsewhere names another origin, /refuse answers 401. The tool `drop` ends the
// stream, `broken` is answered with 500; any other is echoed over the stream. It ends with its standard input.

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
          auto const over = [&] { return stopped_ || dropped_ >= number || streams_ != number; };
          changed_.wait_for(held, 50ms, [&] { return !waiting_.empty() || over(); });
          if (over()) return out.done(), true;
          auto const text = waiting_.empty() ? ": here\n\n" : std::exchange(waiting_, "");
          return out.write(text.data(), text.size());
        });
  }

  void post(httplib::Request const& asked, httplib::Response& to) {
    auto const method = member(asked.body, "method"), id = member(asked.body, "id"),
               tool = member(asked.body, "name");
    note(asked, method + tool);
    to.status = tool == "\"broken\"" ? 500 : 202;
    std::lock_guard const guard(lock_);
    if (tool == "\"drop\"") dropped_ = streams_;
    else if (method == "\"initialize\"")
      waiting_ +=
          "data: {\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"protocolVersion\":\"2024-11-05\"}}\n\n";
    else if (!id.empty() && to.status == 202)
      waiting_ += "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + id +
                  ",\ndata: \"result\":{\"said\":" + tool + "}}\n\n";
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
  std::string waiting_;
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
