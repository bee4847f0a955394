// The same table by a coroutine. The library has none inside; this one drives an exchange from outside.
#include <countersign/auth/authenticator.hpp>

#include "drive/conversations.hpp"
#include "fake/memory_loop.hpp"

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace {

namespace cs = countersign;

// Starts at once; whoever owns it may destroy it at any point where it is suspended.
class task {
public:
  struct promise_type {
    std::optional<cs::result<cs::response>> value;
    std::exception_ptr thrown;
    task get_return_object() { return task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(cs::result<cs::response> result) { value = std::move(result); }
    void unhandled_exception() { thrown = std::current_exception(); }
  };
  explicit task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  task(task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  ~task() {
    if (handle_) handle_.destroy();
  }
  std::optional<cs::result<cs::response>>& value() { return handle_.promise().value; }

private:
  std::coroutine_handle<promise_type> handle_;
};

// Awaitables over the loop in memory. Each is named where it is awaited: g++ 12 destroys a temporary beside co_await twice.
struct answer_of {
  fake::memory_loop& loop;
  cs::request const& what;
  std::optional<cs::result<cs::response>> got;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> who) {
    loop.fetch(what, [this, who](cs::result<cs::response> answer) {
      got = std::move(answer);
      who.resume();
    });
  }
  cs::result<cs::response> await_resume() { return *std::move(got); }
};
struct moment_at {
  fake::memory_loop& loop;
  cs::boot_time when;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> who) {
    loop.at(when, [who] { who.resume(); });
  }
  void await_resume() const noexcept {}
};

cs::lost lost_by(cs::error const& why) { return why.code() == cs::errc::not_sent ? cs::lost::not_sent : cs::lost::unanswered; }

template <class Auth>
task send(Auth& auth, cs::request const& call, fake::memory_loop& loop) {
  auto talk = auth.begin(call);
  cs::result<cs::response> last = cs::error{cs::errc::abandoned, "nothing was sent"};
  for (;;) {
    switch (talk.wants()) {
      case cs::want::call: {
        cs::request attempt = call;
        auto written = talk.write(attempt);
        if (!written) co_return written.error();
        answer_of sending{loop, attempt, {}};
        last = co_await sending;
        if (last) talk.heard(*last, auth.outside().now());
        else talk.fail(lost_by(last.error()), auth.outside().now());
        break;
      }
      case cs::want::send: {
        answer_of sending{loop, talk.pending(), {}};
        auto answer = co_await sending;
        if (answer) talk.supply(std::move(*answer), auth.outside().now());
        else talk.fail(lost_by(answer.error()), auth.outside().now());
        break;
      }
      case cs::want::work:
        talk.perform();
        talk.resume(auth.outside().now());
        break;
      case cs::want::wait: {
        moment_at waiting{loop, talk.until()};
        co_await waiting;
        talk.resume(auth.outside().now());
        break;
      }
      case cs::want::person: talk.arrive("", auth.outside().now()); break;
      case cs::want::done: {
        auto ended = std::move(talk).outcome();
        bool const never_sent = !last && last.error().code() == cs::errc::abandoned;
        if (!ended && (last || never_sent || (ended.error().code() != cs::errc::not_sent && ended.error().code() != cs::errc::unanswered))) co_return ended.error();
        co_return last;
      }
    }
  }
}

struct coroutine {
  explicit coroutine(fake::service& api) : loop(api) {}
  static std::string origin() { return "https://api.example"; }
  template <class Auth>
  cs::result<cs::response> send(Auth& auth, cs::request const& call) {
    auto running = ::send(auth, call, loop);
    loop.run();
    BOOST_REQUIRE(running.value().has_value());
    return *std::move(running.value());
  }
  fake::memory_loop loop;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(drive_coroutine)

BOOST_AUTO_TEST_CASE(every_conversation_of_the_table) { conversations::play_all<coroutine>(); }
BOOST_AUTO_TEST_CASE(a_conversation_may_be_left_after_any_event) { conversations::abandon_everywhere<coroutine>(); }

BOOST_AUTO_TEST_CASE(a_source_gets_all_that_it_may_want) { conversations::play_every_want<coroutine>(); }

BOOST_AUTO_TEST_CASE(eight_coroutines_on_one_thread_make_one_token_request) {
  fake::world world;
  fake::service api;
  cs::authenticator auth(cs::oauth::client_credentials{.token_endpoint = "https://api.example/token", .client = {.id = "c", .secret = cs::secret("s")}},
                         cs::bearer{}, cs::renewal{}, cs::only{"https://api.example"}, world.context());
  fake::memory_loop loop(api, &world);
  cs::request const call("GET", "https://api.example/things");
  std::vector<task> running;
  for (int i = 0; i < 8; ++i) running.push_back(::send(auth, call, loop));
  loop.run();
  for (auto& one : running) {
    BOOST_REQUIRE(one.value().has_value());
    BOOST_REQUIRE(one.value()->has_value());
    BOOST_TEST((*one.value())->status() == 200);
  }
  BOOST_TEST(api.token_posts() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
