#pragma once
// The base of the built-in exchanges: "say what you want, and name the function that hears the answer".

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/detail/held.hpp>
#include <countersign/core/exchange.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// `Self` derives from it and writes one member function per step; each ends in one of the protected verbs, so that a
/// protocol reads in order and no table of states is needed. `Outcome` is what it is all for.
///
///     struct probe : steps<probe, int> {
///       explicit probe(request first) { send(std::move(first), &probe::answered); }
///       void answered() { if (answer()) finish(answer()->status()); else give_up(error{errc::unanswered, "probe"}); }
///     };
template <class Self, class Outcome>
class steps {
public:
  steps(steps&&) = default;
  steps& operator=(steps&&) = default;  // and no copy: a request must not be answered twice

  [[nodiscard]] want wants() const noexcept { return want_; }
  [[nodiscard]] request const& pending() const noexcept { return out_; }
  [[nodiscard]] question const& asks() const noexcept { return question_; }
  [[nodiscard]] boot_time until() const noexcept { return until_; }

  void supply(response answer, clocks now) {
    if (want_ != want::send) return;
    answer_.emplace(std::move(answer));
    go(now);
  }
  void fail(lost how, clocks now) {
    if (want_ != want::send) return;
    answer_.reset();
    lost_ = how;
    go(now);
  }
  void perform() {
    if (job_ != nullptr) (self().*detail::exchanged(job_, nullptr))();
  }
  void resume(clocks now) {
    if (want_ == want::wait || (want_ == want::work && job_ == nullptr)) go(now);
  }
  void arrive(std::string_view said, clocks now) {
    if (want_ != want::person) return;
    said_.assign(said);
    go(now);
  }
  void wake_with(waker& who) noexcept { waker_ = &who; }
  [[nodiscard]] result<Outcome> outcome() && { return std::move(outcome_); }

protected:
  using step = void (Self::*)();

  steps() = default;

  void send(request what, step next) {
    out_ = std::move(what);
    want_next(want::send, next);
  }
  void work(step job, step next) {
    job_ = job;
    want_next(want::work, next);
  }
  void wait(boot_time until, step next) {
    until_ = until;
    want_next(want::wait, next);
  }
  void ask(question what, step next) {
    question_ = std::move(what);
    want_next(want::person, next);
  }
  void finish(Outcome value) {
    outcome_ = result<Outcome>(std::move(value));
    want_next(want::done, nullptr);
  }
  void give_up(error const& why) {
    outcome_ = why;
    want_next(want::done, nullptr);
  }

  /// The last answer; nullptr if the request was lost. Free to be consumed.
  [[nodiscard]] response* answer() noexcept { return answer_ ? &*answer_ : nullptr; }
  [[nodiscard]] lost how_lost() const noexcept { return lost_; }
  [[nodiscard]] secret const& said() const noexcept { return said_; }
  [[nodiscard]] clocks now() const noexcept { return now_; }
  [[nodiscard]] waker* who_waits() const noexcept { return waker_; }
  /// What time it is as long as no event has told. For constructors.
  void begin_at(clocks now) noexcept { now_ = now; }

  // For `nested_steps`: no event of our own is heard while a part runs, and then `next` is due.
  void rest(step next) noexcept { want_next(want::done, next); }
  void go_on(clocks now) { go(now); }

private:
  Self& self() noexcept { return static_cast<Self&>(*this); }
  void want_next(want what, step next) noexcept {
    want_ = what;
    next_ = next;
  }
  // An event that is not wanted now is ignored: a driver's mistake must not run a step twice, nor as if it had failed.
  void go(clocks now) {
    now_ = now;
    if (auto const next = detail::exchanged(next_, nullptr)) (self().*next)();
  }

  want want_ = want::done;
  step next_ = nullptr, job_ = nullptr;
  request out_;
  detail::held<response> answer_;
  lost lost_ = lost::unanswered;
  secret said_;
  question question_;
  boot_time until_;
  clocks now_;
  waker* waker_ = nullptr;
  result<Outcome> outcome_{error{errc::abandoned, "the exchange was left before its end"}};
};

}  // namespace countersign::inline v0
