#include "authorization_server.hpp"

#include "mcp.hpp"
#include "state.hpp"

#include <httplib.h>

#include <sys/resource.h>

#include <condition_variable>
#include <thread>
#include <utility>

namespace provider {

namespace {

// A thread for each connection: clients keep many open, and none may wait for another's end.
class thread_each : public httplib::TaskQueue {
public:
  void enqueue(std::function<void()> serve) override {
    std::lock_guard const guard(lock_);
    ++running_;
    std::thread([this, serve = std::move(serve)] {
      serve();
      std::lock_guard const done(lock_);
      --running_;
      changed_.notify_all();
    }).detach();
  }
  void shutdown() override {
    std::unique_lock guard(lock_);
    changed_.wait(guard, [this] { return running_ == 0; });
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  int running_ = 0;
};

int port_of(int (*ask)(int, sockaddr*, socklen_t*), int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (ask(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sin_family != AF_INET)
    return -1;
  return ntohs(address.sin_port);
}

// Ends the connection between two ports, or all of the first: the HTTP library gives no way to.
void hang_up(int own_port, int other_port = 0) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  int const end = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 65536));
  for (int socket = 3; socket < end; ++socket) {
    auto const other = port_of(::getpeername, socket);
    if (other > 0 && (other_port == 0 || other == other_port) && port_of(::getsockname, socket) == own_port)
      ::shutdown(socket, SHUT_RDWR);
  }
}

request read(httplib::Request const& asked) {
  request read;
  read.method = asked.method;
  read.path = asked.path;
  auto const mark = asked.target.find('?');
  if (mark != std::string::npos) read.query = parameters(std::string_view(asked.target).substr(mark + 1));
  read.body = asked.body;
  if (asked.get_header_value("Content-Type").rfind("application/x-www-form-urlencoded", 0) == 0)
    read.form = parameters(asked.body);
  read.header = [&asked](std::string const& name) { return asked.get_header_value(name.c_str()); };
  read.headers = [&asked](std::string const& name) { return asked.get_header_value_count(name.c_str()); };
  return read;
}

bool is_control(std::string_view path) {
  return path.starts_with("/control/") || path == "/events" || path == "/counters";
}

}  // namespace

// One of the two, on a port of its own.
class authorization_server::part {
public:
  using handler = std::function<answer(request const&)>;

  part(state& all, std::string const& host, int port, bool controlled, handler respond)
      : state_(all), controlled_(controlled), respond_(std::move(respond)) {
    auto const serve = [this](httplib::Request const& asked, httplib::Response& to) { handle(asked, to); };
    http_.Get(".*", serve).Post(".*", serve).Delete(".*", serve);
    http_.set_tcp_nodelay(true);
    http_.set_keep_alive_max_count(100'000);
    http_.new_task_queue = [] { return new thread_each; };
    port_ = port == 0                                ? http_.bind_to_any_port(host.c_str())
            : http_.bind_to_port(host.c_str(), port) ? port
                                                     : 0;
    if (port_ < 0) port_ = 0;
  }
  ~part() {
    if (!thread_.joinable()) return;
    while (!http_.is_running()) std::this_thread::yield();
    http_.stop();
    hang_up(port_);
    thread_.join();
  }
  void start() {
    if (port_ > 0) thread_ = std::thread([this] { http_.listen_after_bind(); });
  }
  [[nodiscard]] int port() const { return port_; }

private:
  // The next fault of a path, if there is one.
  bool take_fault(std::string const& path, fault& to) {
    for (auto one = state_.faults.begin(); one != state_.faults.end(); ++one) {
      if (one->path != path) continue;
      to = *one;
      if (one->times > 0 && --one->times == 0) state_.faults.erase(one);
      auto const did = to.passes ? "late" : to.instead.hang_up ? "closed" : std::to_string(to.instead.status);
      state_.log.add("fault", {{"path", path}, {"status", did}});
      return true;
    }
    return false;
  }

  answer answer_to(request const& asked) {
    fault wrong;
    bool hit = false;
    if (controlled_ && is_control(asked.path)) {
      std::lock_guard const guard(state_.lock);
      return provider::control(state_, asked);
    }
    {
      std::lock_guard const guard(state_.lock);
      state_.log.add("request", {{"path", asked.path}, {"method", asked.method}});
      hit = take_fault(asked.path, wrong);
    }
    if (hit) std::this_thread::sleep_for(wrong.latency);
    std::lock_guard const guard(state_.lock);
    if (hit && !wrong.passes && !wrong.handled) return wrong.instead;
    auto real = respond_(asked);
    return hit && !wrong.passes ? wrong.instead : real;
  }

  void handle(httplib::Request const& asked, httplib::Response& to) {
    auto const made = answer_to(read(asked));
    if (made.hang_up) return hang_up(port_, asked.remote_port);
    to.status = made.status;
    for (auto const& [name, value] : made.headers) to.set_header(name.c_str(), value);
    if (!made.type.empty()) to.set_content(made.body, made.type.c_str());
  }

  state& state_;
  bool const controlled_;
  handler const respond_;
  httplib::Server http_;
  int port_ = 0;
  std::thread thread_;
};

authorization_server::authorization_server(settings how, std::function<void(std::string_view)> listener,
                                           bool controlled)
    : state_(std::make_unique<state>(std::move(how), std::move(listener))) {
  auto& all = *state_;
  issuer_ = std::make_unique<part>(all, all.set.host, all.set.port, controlled,
                                   [&all](request const& asked) { return answer_at_issuer(all, asked); });
  resource_ = std::make_unique<part>(
      all, all.set.host, all.set.mcp_port, false,
      [tools = std::make_shared<mcp_server>(all)](request const& asked) { return tools->respond(asked); });
  if (issuer_->port() == 0 || resource_->port() == 0) return;
  auto const at = [&](int port) { return "http://" + all.set.host + ":" + std::to_string(port); };
  all.resource_origin = at(resource_->port());
  all.resource = all.resource_origin + (all.set.resource_metadata == "root" ? "" : "/mcp");
  all.issuer =
      (all.set.resource_metadata == "none" ? all.resource_origin : at(issuer_->port())) + all.set.issuer_path;
  issuer_->start();
  resource_->start();
}
authorization_server::~authorization_server() = default;

std::string authorization_server::issuer() const { return state_->issuer; }
std::string authorization_server::mcp_url() const {
  return state_->resource_origin.empty() ? "" : state_->resource_origin + "/mcp";
}
int authorization_server::mcp_port() const { return resource_->port(); }
std::string authorization_server::control_url() const {
  return "http://" + state_->set.host + ":" + std::to_string(issuer_->port());
}

std::string authorization_server::control(std::string_view target, std::string body) {
  auto const mark = std::min(target.find('?'), target.size());
  request asked;
  asked.path = "/" + std::string(target.substr(0, mark));
  asked.query = parameters(target.substr(std::min(mark + 1, target.size())));
  asked.body = std::move(body);
  std::lock_guard const guard(state_->lock);
  return provider::control(*state_, asked).body;
}

int authorization_server::count(std::string const& event) const {
  std::lock_guard const guard(state_->lock);
  return state_->log.count(event);
}

}  // namespace provider
