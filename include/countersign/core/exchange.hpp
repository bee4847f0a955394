#pragma once
// A conversation that does no I/O: it says what it wants next and is told what happened.

#include <countersign/core/detail/made_from.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/time.hpp>

#include <concepts>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// What an exchange wants of whoever drives it.
enum class want : std::uint8_t {
  send,    ///< the toolkit's own request `pending()`: no redirect, buffered under a cap; then `supply()` or `fail()`
  call,    ///< the user's own request: `write()` on a fresh copy, send it; then `heard()` or `fail()`
  work,    ///< `perform()`, bounded local I/O, on any thread that may block; then `resume()`
  wait,    ///< nothing until `until()` or until the waker posts; then `resume()`
  person,  ///< `asks()`: give a redirect address, open a page, show a code; then `arrive()`
  done,    ///< `outcome()`
};

/// What is known of a request that got no answer. `unanswered` unless the transport knows better: a request that may
/// have been received must not be repeated where repeating does harm. `refused`: it was not sent, and never will be, since its
/// URL leads where whoever named it may not send anybody (`request::named_by`).
enum class lost : std::uint8_t { not_sent, unanswered, refused };

/// Belongs to the driver and outlives the exchange. `post` may be called from any thread, under a lock of the
/// toolkit's: it may only set a flag or queue a `resume()`.
struct waker {
  void (*post)(waker*) noexcept = nullptr;
  waker* next = nullptr;  ///< the toolkit's, while it waits
};

/// What a person is asked for.
struct question {
  enum class kind : std::uint8_t {
    redirect_address,  ///< say where the browser can reach us: `arrive("http://127.0.0.1:PORT/…")`. `url` is where it did
                       ///< before, which is best again; `preferred_port`, where one is given, must be it
    page,  ///< open `url`; `arrive()` with the redirect that comes back
    code,  ///< show `url` and `user_code`; `arrive("shown")` when they are
  };
  kind what = kind::page;
  secret url = {};
  secret user_code = {};
  std::uint16_t preferred_port = 0;
  secret state = {};  ///< what a page's redirect carries; `url` need not show it
  secret url_of_code =
      {};  ///< of a code: `url` with the code in it, better to be opened than to be typed; empty: none
};

namespace detail {
/// `pending()` or `asks()` of an exchange that wants neither: a driver's mistake, and there is nothing to refer to.
[[noreturn]] inline void not_wanted() noexcept { std::abort(); }
}  // namespace detail

/// Movable at any step and droppable at any step: nothing is lost but the answer. Nothing in it blocks but `perform()`.
/// One thread at a time. Every event carries both clocks.
///
/// | call | when | then |
/// |---|---|---|
/// | `wants()` | always | |
/// | `pending()` | want::send | the request; valid until the next event |
/// | `asks()` | want::person | valid until the next event |
/// | `until()` | want::wait | boot time |
/// | `supply(response, clocks)` | want::send answered | |
/// | `fail(lost, clocks)` | want::send or want::call not answered | |
/// | `perform()`, then `resume(clocks)` | want::work | |
/// | `resume(clocks)` | want::wait over | |
/// | `arrive(text, clocks)` | want::person answered; empty: declined | |
/// | `wake_with(waker)` | before the first event, or never | |
/// | `outcome()` | want::done | once |
template <class E>
concept exchange = detail::movable<E> && requires(E& e, E const& same, response answer, waker& who, clocks now) {
  { same.wants() } -> std::same_as<want>;
  { same.pending() } -> std::same_as<request const&>;
  { same.asks() } -> std::same_as<question const&>;
  { same.until() } -> std::same_as<boot_time>;
  e.supply(std::move(answer), now);
  e.fail(lost::unanswered, now);
  e.perform();
  e.resume(now);
  e.arrive(std::string_view(), now);
  e.wake_with(who);
  std::move(e).outcome();
};

/// An exchange around the user's own request: it alone wants `want::call`.
template <class E>
concept call_exchange = exchange<E> && requires(E& e, response_head const& head, clocks now, request& sink) {
  { e.write(sink) } -> std::same_as<result<void>>;
  e.heard(head, now);
};

}  // namespace countersign::inline v0
