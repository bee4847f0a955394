#pragma once
// Drives an exchange on an event loop: nothing here blocks, and there is no thread of ours.

#include <countersign/core/exchange.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/transport.hpp>
#include <countersign/drive/detail/counted.hpp>
#include <countersign/drive/send.hpp>

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

/// What `async_send` needs of the user's event loop. `f` is a copyable callable. Except for `post`, everything is called
/// on the loop's thread; every continuation is called on the loop's thread, once, or dropped if the loop ends.
/// - `loop.fetch(request const&, f)`: sends the toolkit's own request (valid until `f` is called), then
///   `f(result<response>)`;
/// - `loop.call(Request&&, f)`: sends the user's request, then `f(result<Response>)`;
/// - `loop.offload(job, f)`: runs `job()` on a thread that may block, then `f()`;
/// - `loop.at(boot_time, f)`: calls `f()` not before that time;
/// - `loop.post(f)`: from any thread, calls `f()` soon; must not call it at once;
/// - `loop.ask(question const&, f)`: then `f(result<secret>)`.
template <class L, class Request, class Response>
concept event_loop = requires(L& loop, request const& own, Request theirs, boot_time when, question const& what, void (*done)(), void (*fetched)(result<response>), void (*called)(result<Response>), void (*answered)(result<secret>)) {
  loop.fetch(own, fetched);
  loop.call(std::move(theirs), called);
  loop.offload(done, done);
  loop.at(when, done);
  loop.post(done);
  loop.ask(what, answered);
};

namespace detail {

// One conversation on a loop. Kept alive by whatever continues it: if the loop drops that, the conversation is left, and
// those who waited for it go on without it.
template <class Authenticator, class Request, class Response, class Loop, class Done>
class async_call : public waker {
public:
  async_call(counted<async_call>& life, Authenticator& auth, Request request, Loop& loop, Done done)
      : life_(life), loop_(loop), outside_(auth.outside()), request_(std::move(request)), done_(std::move(done)), talk_(auth.begin(request_)) {
    // Called under the flight's lock, from any thread: may only queue, and must not hold the last reference.
    this->waker::post = [](waker* me) noexcept {
      auto* const self = static_cast<async_call*>(me);
      self->loop_.post([known = weak<async_call>(self->life_)] {
        if (auto const woken = known.lock()) woken->resume(woken->waits_);
      });
    };
  }

  // By way of the loop: `done` must not be called before async_send has returned.
  void start() {
    talk_.wake_with(*this);
    loop_.post([self = itself()] { self->step(); });
  }

private:
  [[nodiscard]] strong<async_call> itself() noexcept {
    life_.hold();
    return strong<async_call>(&life_);
  }

  // Goes on until something has to be waited for.
  void step() {
    auto self = itself();
    switch (talk_.wants()) {
      case want::send:
        return loop_.fetch(talk_.pending(), [self](result<response> answer) {
          if (answer) self->talk_.supply(std::move(*answer), self->outside_.now());
          else self->talk_.fail(how_lost(answer.error()), self->outside_.now());
          self->step();
        });
      case want::call: {
        Request attempt = request_;
        if (!talk_.write(sink_of(attempt))) return finish();
        return loop_.call(std::move(attempt), [self](result<Response> answer) { self->heard(std::move(answer)); });
      }
      case want::work:
        return loop_.offload([self] { self->talk_.perform(); },
                             [self] {
                               self->talk_.resume(self->outside_.now());
                               self->step();
                             });
      case want::wait: {
        auto const number = ++waits_;
        return loop_.at(talk_.until(), [self, number] { self->resume(number); });
      }
      case want::person:
        return loop_.ask(talk_.asks(), [self](result<secret> said) {
          if (!said) self->unheard_ = said.error();
          self->talk_.arrive(said ? said->reveal() : std::string_view(), self->outside_.now());
          self->step();
        });
      case want::done: return finish();
    }
  }

  void heard(result<Response> answer) {
    last_ = std::move(answer);
    if (last_) talk_.heard(head_of(*last_), outside_.now());
    else talk_.fail(how_lost(last_.error()), outside_.now());
    step();
  }

  // Timer and waker may both come: the wait that is over is counted, so that the later one finds nothing to do.
  void resume(std::uint64_t number) {
    if (number != waits_ || talk_.wants() != want::wait) return;
    ++waits_;
    talk_.resume(outside_.now());
    step();
  }

  void finish() {
    auto const ended = std::move(talk_).outcome();
    done_(judge_ended(ended, std::move(last_), unheard_));
  }

  counted<async_call>& life_;
  Loop& loop_;
  context outside_;
  Request request_;
  Done done_;
  decltype(std::declval<Authenticator&>().begin(std::declval<Request const&>())) talk_;
  result<Response> last_{error{errc::abandoned, "nothing was sent"}};
  error unheard_;
  std::uint64_t waits_ = 0;
};

}  // namespace detail

/// Starts sending `request` with its credential and returns; `done(result<Response>)` is called once, on the loop's
/// thread, or never if the loop drops what continues it. The result is as `send`'s. The authenticator and the loop outlive it. Allocates
/// the conversation with `new`: std::bad_alloc may escape from here, before anything has begun.
template <class Response, class Authenticator, any_request Request, class Loop, class Done>
  requires event_loop<Loop, Request, Response>
void async_send(Authenticator& auth, Request request, Loop& loop, Done done) {
  using call = detail::async_call<Authenticator, Request, Response, Loop, Done>;
  detail::strong<call> const begun(new detail::counted<call>(auth, std::move(request), loop, std::move(done)));
  begun->start();
}

}  // namespace countersign::inline v0
