#include "demo_server.hpp"

#include "demo_answers.hpp"
#include "demo_checks.hpp"
#include "demo_digest.hpp"

#include <countersign/core/secret.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

#include <httplib.h>

#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace cs = countersign;

namespace program {

class demo_server::state {
public:
  state(demo_credentials wanted, std::function<void(std::string_view)> log)
      : wanted_(std::move(wanted)), log_(std::move(log)) {
    http_.Post(R"(/([^/]+)/mcp)",
               [this](httplib::Request const& asked, httplib::Response& answer) { post(asked, answer); });
    http_.Delete(R"(/([^/]+)/mcp)", [this](httplib::Request const& asked, httplib::Response& answer) {
      end_session(asked, answer);
    });
    http_.Get(R"(/(database))", [this](httplib::Request const& asked, httplib::Response& answer) {
      if (lets_in(asked, "login", answer)) answer.set_content("welcome", "text/plain");
    });
    // Requests follow one another at once; waiting to fill packets would cost 40 ms each.
    http_.set_tcp_nodelay(true);
    http_.new_task_queue = [] { return new httplib::ThreadPool(4); };
    port_ = http_.bind_to_any_port("127.0.0.1");
    if (port_ > 0) thread_ = std::thread([this] { http_.listen_after_bind(); });
    else port_ = 0;
  }
  ~state() {
    while (thread_.joinable() && !http_.is_running()) std::this_thread::yield();
    http_.stop();
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] int port() const { return port_; }

private:
  void log(std::string_view method, std::string_view name, std::string_view verdict) {
    std::lock_guard const guard(lock_);
    log_(std::string(method) + " " + std::string(name) + " " + std::string(verdict));
  }

  bool lets_in(httplib::Request const& asked, std::string_view method, httplib::Response& answer) {
    std::string const name = asked.matches[1];
    demo_request const request{asked.method, asked.target, asked.body, [&](std::string const& field) {
                                 return asked.get_header_value(field.c_str());
                               }};
    auto const reason = name == "digest"
                            ? digest_.refusal(request, wanted_.digest_user, wanted_.digest_password)
                            : refusal(name, request, wanted_);
    log(method, name, reason.empty() ? "accepted" : "refused: " + reason);
    if (reason.empty()) return true;
    answer.status = 401;
    answer.set_header("WWW-Authenticate", name == "digest" ? digest_.challenge(reason)
                                          : name == "basic" || name == "database"
                                              ? "Basic realm=\"demo\""
                                              : "Bearer realm=\"demo\", error=\"invalid_token\"");
    answer.set_content("refused", "text/plain");
    return false;
  }

  void post(httplib::Request const& asked, httplib::Response& answer) {
    auto const message = cs::json_document::parse(cs::secret(asked.body));
    auto const method = message ? std::string((*message)["method"].string()) : "?";
    if (!lets_in(asked, method, answer)) return;
    if (!message || method.empty()) return refuse(answer, 400, -32700, "no JSON-RPC request", "null");

    bool const stateless = asked.get_header_value("MCP-Protocol-Version") == "2026-07-28";
    auto const wrong = stateless ? wrong_without_session(asked, *message) : wrong_in_session(asked, method);
    auto const id = (*message)["id"];
    std::string const number(id.number());
    if (!wrong.empty()) return refuse(answer, 400, -32600, wrong, number);
    if (!id) return void(answer.status = 202);
    if (!knows(method))
      return refuse(answer, stateless ? 404 : 200, -32601, "there is no method " + method, number);

    cs::secret text;
    cs::json_writer out(text);
    out.open_object().member("jsonrpc", "2.0").name("id").value(id).name("result");
    write_result(out, method, asked.matches[1].str(), stateless);
    out.close();
    if (method == "initialize") answer.set_header("Mcp-Session-Id", new_session());
    // Both ways in which a server may answer.
    if (stateless || method == "initialize")
      answer.set_content(std::string(text.reveal()), "application/json");
    else
      answer.set_content("event: message\ndata: " + std::string(text.reveal()) + "\n\n", "text/event-stream");
  }

  void end_session(httplib::Request const& asked, httplib::Response& answer) {
    if (!lets_in(asked, "DELETE", answer)) return;
    std::lock_guard const guard(lock_);
    answer.status = sessions_.erase(asked.get_header_value("Mcp-Session-Id")) > 0 ? 204 : 404;
  }

  std::string wrong_in_session(httplib::Request const& asked, std::string const& method) {
    if (method == "initialize") return "";
    std::lock_guard const guard(lock_);
    if (sessions_.count(asked.get_header_value("Mcp-Session-Id")) == 0) return "no such session";
    return asked.get_header_value("MCP-Protocol-Version") == "2025-11-25"
               ? ""
               : "another MCP-Protocol-Version than initialize agreed on";
  }

  static std::string wrong_without_session(httplib::Request const& asked, cs::json_document const& message) {
    auto const params = message["params"], meta = params["_meta"];
    if (meta["io.modelcontextprotocol/protocolVersion"].string() != "2026-07-28")
      return "_meta names another revision";
    if (!meta["io.modelcontextprotocol/clientCapabilities"].is_object()) return "_meta names no capabilities";
    if (asked.get_header_value("Mcp-Method") != message["method"].string())
      return "Mcp-Method is another one";
    if (message["method"].string() == "tools/call" &&
        asked.get_header_value("Mcp-Name") != params["name"].string())
      return "Mcp-Name is another one";
    return "";
  }

  static void refuse(httplib::Response& answer, int status, int code, std::string const& why,
                     std::string const& id) {
    cs::secret text;
    cs::json_writer out(text);
    out.open_object()
        .member("jsonrpc", "2.0")
        .name("id")
        .raw(id.empty() ? std::string_view("null") : std::string_view(id));
    out.name("error")
        .open_object()
        .member("code", code)
        .member("message", std::string_view(why))
        .close()
        .close();
    answer.status = status;
    answer.set_content(std::string(text.reveal()), "application/json");
  }

  std::string new_session() {
    std::lock_guard const guard(lock_);
    auto id = "session-" + std::to_string(++last_session_);
    sessions_.insert(id);
    return id;
  }

  demo_credentials const wanted_;
  std::function<void(std::string_view)> const log_;
  demo_digest digest_;
  httplib::Server http_;
  std::mutex lock_;
  std::set<std::string> sessions_;
  int last_session_ = 0;
  int port_ = 0;
  std::thread thread_;
};

demo_server::demo_server(demo_credentials wanted, std::function<void(std::string_view)> log)
    : state_(std::make_unique<state>(std::move(wanted), std::move(log))) {}
demo_server::~demo_server() = default;
int demo_server::port() const { return state_->port(); }

}  // namespace program
