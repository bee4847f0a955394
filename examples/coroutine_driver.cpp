// A coroutine as driver: the library contains none, an exchange is awaited from outside. A real loop would suspend where
// this one answers at once.
#include <countersign/countersign.hpp>

#include <coroutine>
#include <exception>
#include <optional>

namespace cs = countersign;

// [use]
struct task {  // the smallest one: starts at once, its result is kept until it is asked for
  struct promise_type {
    std::optional<cs::result<cs::response>> value;
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(cs::result<cs::response> result) { value = std::move(result); }
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

template <class Authenticator, class Network>
task send(Authenticator& auth, cs::request call, Network& net) {
  auto talk = auth.begin(call);
  talk.wake_with(net);
  cs::result<cs::response> last = cs::error{cs::errc::abandoned, "nothing was sent"};
  for (;;) switch (talk.wants()) {
      case cs::want::call: {
        cs::request attempt = call;
        auto written = talk.write(attempt);
        if (!written) co_return written.error();
        auto sending = net.fetch(attempt);  // named: g++ 12 destroys a temporary beside co_await twice
        last = co_await sending;
        if (last) talk.heard(*last, net.now());
        else talk.fail(cs::lost::unanswered, net.now());
        break;
      }
      case cs::want::send: {
        auto sending = net.fetch(talk.pending());
        auto answer = co_await sending;
        if (answer) talk.supply(std::move(*answer), net.now());
        else talk.fail(cs::lost::unanswered, net.now());
        break;
      }
      case cs::want::work:
        talk.perform();
        talk.resume(net.now());
        break;
      case cs::want::wait: {
        auto waiting = net.until(talk.until());  // or until the waker posts
        co_await waiting;
        talk.resume(net.now());
        break;
      }
      case cs::want::person: talk.arrive("", net.now()); break;  // nobody here to ask
      case cs::want::done: {
        auto ended = std::move(talk).outcome();
        if (!ended) co_return ended.error();
        co_return last;
      }
    }
}
// [/use]

struct network : cs::waker {
  int suspended = 0;
  std::coroutine_handle<> waiting;
  network() { post = [](cs::waker*) noexcept {}; }
  cs::clocks now() const { return cs::system_context.now(); }
  struct fetching {
    network& net;
    cs::request const& what;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> who) { net.waiting = who, ++net.suspended; }
    cs::result<cs::response> await_resume() {
      if (what.url() == "https://id.example/token") return cs::response(200, cs::secret(R"({"access_token":"t","token_type":"Bearer"})"));
      return cs::response(what.get("Authorization") == "Bearer t" ? 200 : 401);
    }
  };
  fetching fetch(cs::request const& what) { return {*this, what}; }
  std::suspend_never until(cs::boot_time) { return {}; }
};

int main() {
  cs::authenticator api{cs::oauth::client_credentials{.token_endpoint = "https://id.example/token", .client = {.id = "c", .secret = cs::secret("s")}},
                        cs::bearer{}, cs::only{"https://api.example"}};
  network net;
  auto running = send(api, cs::request("GET", "https://api.example/"), net);
  while (!running.handle.done()) net.waiting.resume();
  bool const ok = running.handle.promise().value.value() && (*running.handle.promise().value)->status() == 200 && net.suspended == 2;
  running.handle.destroy();
  return ok ? 0 : 1;
}
