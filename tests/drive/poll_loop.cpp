// The same table over real sockets, by an event loop written by hand: non-blocking connections, poll(2), a self-pipe, timers.
#include <countersign/drive/async_send.hpp>

#include "drive/conversations.hpp"
#include "fake/server.hpp"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace cs = countersign;

class poll_loop {
public:
  explicit poll_loop(std::uint16_t port) : port_(port) {
    if (::pipe2(wake_, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("poll_loop: no pipe");
  }
  ~poll_loop() {
    for (auto& one : open_) ::close(one->socket);
    ::close(wake_[0]);
    ::close(wake_[1]);
  }
  poll_loop(poll_loop const&) = delete;
  poll_loop& operator=(poll_loop const&) = delete;

  template <class F>
  void fetch(cs::request const& what, F f) {
    start(what, f);
  }
  template <class F>
  void call(cs::request what, F f) {
    start(what, f);
  }
  template <class Job, class F>
  void offload(Job job, F f) {
    post([job, f]() mutable {
      job();
      f();
    });
  }
  template <class F>
  void at(cs::boot_time when, F f) {
    timers_.emplace_back(when, f);
  }
  template <class F>
  void post(F f) {
    {
      std::lock_guard const guard(lock_);
      posted_.emplace_back(f);
    }
    static_cast<void>(::write(wake_[1], "x", 1) == 1);
  }
  template <class F>
  void ask(cs::question const&, F f) {
    post([f]() mutable { f(cs::result<cs::secret>(cs::error{cs::errc::needs_person, "nobody"})); });
  }

  /// Whose clock the timers go by: it is moved to the first where nothing else is left to wait for.
  void keep_time_by(fake::world& world) { world_ = &world; }

  /// Until `stop` says so.
  template <class Stop>
  void run(Stop stop) {
    while (!stop()) {
      run_posted();
      if (stop()) return;
      if (open_.empty() && world_ != nullptr && !timers_.empty()) {
        auto const first = std::exchange(timers_, {}).front();
        auto const now = world_->now().boot;
        if (first.first > now) world_->advance(cs::milliseconds(first.first.ms - now.ms));
        first.second();
        continue;
      }
      std::vector<pollfd> wanted{{wake_[0], POLLIN, 0}};
      for (auto const& one : open_) wanted.push_back({one->socket, static_cast<short>(one->sent < one->out.size() ? POLLOUT : POLLIN), 0});
      // No check of Boost's: those are not for several threads.
      if (::poll(wanted.data(), wanted.size(), 5000) <= 0) throw std::runtime_error("poll_loop: nothing to wait for");
      char drained[64];
      while (::read(wake_[0], drained, sizeof drained) > 0) {}
      auto const ready = open_;  // a continuation may open or close others
      for (std::size_t i = 0; i < ready.size(); ++i)
        if (wanted[i + 1].revents != 0) go_on(ready[i]);
    }
  }

private:
  struct connection {
    int socket = -1;
    std::string out, in;
    std::size_t sent = 0;
    std::function<void(cs::result<cs::response>)> done;
  };

  void start(cs::request const& what, std::function<void(cs::result<cs::response>)> done) {
    auto one = std::make_shared<connection>();
    one->done = std::move(done);
    one->out.append(what.method()).append(" ").append(what.target()).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n");
    what.fields([&](std::string_view name, std::string_view value) { one->out.append(name).append(": ").append(value).append("\r\n"); });
    one->out.append("Content-Length: ").append(std::to_string(what.body.size())).append("\r\n\r\n").append(what.body.reveal());
    one->socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port_);
    static_cast<void>(::connect(one->socket, reinterpret_cast<sockaddr*>(&address), sizeof address));  // its result comes with POLLOUT
    open_.push_back(std::move(one));
  }

  void go_on(std::shared_ptr<connection> const& one) {
    if (one->sent < one->out.size()) {
      auto const n = ::send(one->socket, one->out.data() + one->sent, one->out.size() - one->sent, MSG_NOSIGNAL);
      if (n <= 0) return finish(one, cs::error{one->sent == 0 ? cs::errc::not_sent : cs::errc::unanswered, "poll_loop: the connection broke"});
      one->sent += static_cast<std::size_t>(n);
      return;
    }
    char room[4096];
    auto const n = ::recv(one->socket, room, sizeof room, 0);
    if (n > 0) {
      one->in.append(room, static_cast<std::size_t>(n));
      if (auto answer = parsed(one->in)) finish(one, std::move(*answer));
      return;
    }
    finish(one, cs::error{cs::errc::unanswered, "poll_loop: closed without an answer"});
  }

  static std::optional<cs::response> parsed(std::string const& bytes) {
    auto const end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    cs::response made(std::stoi(bytes.substr(sizeof "HTTP/1.1")));
    for (auto at = bytes.find("\r\n"); at < end;) {
      auto const begin = at + 2;
      at = bytes.find("\r\n", begin);
      auto const colon = bytes.find(": ", begin);
      made.headers.append(bytes.substr(begin, colon - begin), bytes.substr(colon + 2, at - colon - 2));
    }
    auto const size = std::stoul(std::string(made.headers.get("Content-Length").value_or("0")));
    if (bytes.size() < end + 4 + size) return std::nullopt;
    made.body.append(std::string_view(bytes).substr(end + 4, size));
    return made;
  }

  void finish(std::shared_ptr<connection> const& one, cs::result<cs::response> answer) {
    ::close(one->socket);
    open_.erase(std::find(open_.begin(), open_.end(), one));
    one->done(std::move(answer));
  }

  void run_posted() {
    for (;;) {
      std::function<void()> next;
      {
        std::lock_guard const guard(lock_);
        if (posted_.empty()) return;
        next = std::move(posted_.front());
        posted_.pop_front();
      }
      next();
    }
  }

  std::uint16_t port_;
  int wake_[2] = {-1, -1};
  std::mutex lock_;
  std::deque<std::function<void()>> posted_;
  std::vector<std::shared_ptr<connection>> open_;
  std::vector<std::pair<cs::boot_time, std::function<void()>>> timers_;
  fake::world* world_ = nullptr;  // without it timers are kept and no more: a waker comes first
};

struct by_poll {
  explicit by_poll(fake::service& api) : server(api), loop(server.port()) {}
  void keep_time_by(fake::world& world) { loop.keep_time_by(world); }
  std::string origin() const { return server.origin(); }
  template <class Auth>
  cs::result<cs::response> send(Auth& auth, cs::request const& call) {
    std::optional<cs::result<cs::response>> got;
    cs::async_send<cs::response>(auth, call, loop, [&](cs::result<cs::response> answer) { got = std::move(answer); });
    loop.run([&] { return got.has_value(); });
    return *std::move(got);
  }
  fake::server server;
  poll_loop loop;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(drive_poll_loop)

BOOST_AUTO_TEST_CASE(every_conversation_of_the_table) { conversations::play_all<by_poll>(); }
BOOST_AUTO_TEST_CASE(a_conversation_may_be_left_after_any_event) { conversations::abandon_everywhere<by_poll>(); }

BOOST_AUTO_TEST_CASE(a_source_gets_all_that_it_may_want) { conversations::play_every_want<by_poll>(); }

BOOST_AUTO_TEST_CASE(two_loops_on_two_threads_share_one_renewal) {
  fake::world world;
  fake::service api;
  fake::server server(api);
  cs::authenticator auth(cs::oauth::client_credentials{.token_endpoint = std::string_view(server.url("/token")), .client = {.id = "c", .secret = cs::secret("s")}},
                         cs::bearer{}, cs::renewal{}, cs::only{server.origin()}, world.context());
  cs::request const call("GET", server.url("/things"));
  std::atomic<int> good{0};
  auto const work = [&] {
    poll_loop loop(server.port());
    int done = 0;
    for (int i = 0; i < 16; ++i)
      cs::async_send<cs::response>(auth, call, loop, [&](cs::result<cs::response> answer) {
        good += answer && answer->status() == 200;
        ++done;
      });
    loop.run([&] { return done == 16; });
  };
  std::thread one(work), two(work);
  one.join();
  two.join();
  BOOST_TEST(good == 32);
  BOOST_TEST(api.token_posts() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
