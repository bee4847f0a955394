#pragma once
// The conversation about a request whose credential comes and goes: the cached one, another caller's renewal, or our own.

#include <countersign/auth/detail/call_state.hpp>
#include <countersign/auth/detail/live.hpp>
#include <countersign/auth/flight.hpp>
#include <countersign/core/detail/held.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

namespace detail {
template <class R>
duration patience_of(R const& strategy) noexcept {
  if constexpr (requires { { strategy.patience } -> std::convertible_to<duration>; }) return strategy.patience;
  else return default_patience;
}
}  // namespace detail

template <class S, class F, class R, class B, class Request>
class conversation<detail::live<S, F, R, B>, Request> : public detail::call_state<Request> {
  using base = detail::call_state<Request>;
  using state = detail::live<S, F, R, B>;
  using renewal_exchange = decltype(std::declval<state&>().start(occasion()));

public:
  [[gnu::always_inline]] inline conversation(state& about, Request const& request) : base(request), state_(&about) {
    if (state_->take_at_once(this->view(), held_, carried_)) [[likely]] this->call();
    else begin_slowly();
  }

  [[nodiscard]] want wants() const noexcept { return this->want_; }
  [[nodiscard]] request const& pending() const noexcept { return renewing() ? slow_->renewing->pending() : (detail::not_wanted(), slow_->renewing->pending()); }
  [[nodiscard]] question const& asks() const noexcept { return renewing() ? slow_->renewing->asks() : (detail::not_wanted(), slow_->renewing->asks()); }
  [[nodiscard]] boot_time until() const noexcept { return renewing() ? slow_->renewing->until() : slow_ ? slow_->until : no_deadline; }

  void supply(response answer, clocks now) {
    if (!renewing()) return;
    slow_->renewing->supply(std::move(answer), now);
    settle(now);
  }
  void fail(lost how, clocks now) {
    if (this->want_ == want::call) return this->lost_call(how);
    if (!renewing()) return;
    slow_->renewing->fail(how, now);
    settle(now);
  }
  void perform() {
    if (renewing()) slow_->renewing->perform();
  }
  void resume(clocks now) {
    if (this->want_ != want::wait && this->want_ != want::work) return;
    if (!renewing()) return seek(now);
    slow_->renewing->resume(now);
    settle(now);
  }
  void arrive(std::string_view said, clocks now) {
    if (!renewing()) return;
    slow_->renewing->arrive(said, now);
    settle(now);
  }
  void wake_with(waker& who) {
    waker_ = &who;
    if (renewing()) slow_->renewing->wake_with(who);
    else if (this->want_ == want::wait) seek(slow_->now);  // whom we wait for may have ended before we could be woken
  }

  /// Writes the credential on a fresh copy of the request; nothing where the request goes bare.
  template <header_sink Sink>
  [[nodiscard, gnu::always_inline]] inline result<void> write(Sink&& sink) {
    if (bare_) [[unlikely]] return {};
    auto done = state_->write(this->view(), held_, sink, carried_, this->sent_);
    if (!done) this->give_up(done.error());
    return done;
  }

  void heard(response_head const& head, clocks now) {
    if (this->want_ != want::call) return;
    if (auto const told = bare_ ? heard::nothing : state_->learn(this->view(), held_, head, this->sent_); told != heard::nothing) {
      bool const once_more = told == heard::try_again && this->learned_++ < max_learned_of<F>;
      if (!once_more) return this->give_up(detail::learned_no_more(told, state_->formatter(), head, state_->origins()));
      if (this->replayable()) return;
      return refuse_to_replay();
    }
    auto const judged = bare_ && head.status() == 401 ? verdict::renew : state_->strategy().judge(head, this->tries_);
    switch (judged) {
      case verdict::accept:
        if (refused_again(head)) state_->renewed_in_vain(carried_, now.boot);
        return this->finish();
      case verdict::give_up:
        if (overtaken()) return again(why::refused, head, now);
        if (refused_again(head)) state_->renewed_in_vain(carried_, now.boot);
        return this->give_up(detail::refused(state_->origins(), this->tries_.renewals > 0 ? "also after it was renewed: check what the server wants" : detail::not_renewable));
      case verdict::renew:
        if (!bare_ && !overtaken()) {
          if (state_->was_in_vain(carried_, now.boot)) return in_vain(head);
          state_->kept().refuse(carried_);
          ++this->tries_.renewals;
          refused_with_ = head.status();
        }
        trace_refusal(head);
        return again(why::refused, head, now);
      case verdict::step_up:
        if (bare_ || !overtaken()) ++this->tries_.step_ups;
        trace_refusal(head);
        return again(why::insufficient_scope, head, now);
    }
  }

private:
  [[gnu::noinline]] void begin_slowly() {
    if (!state_->allows(this->view())) this->give_up(state_->refusal(this->view()));
    else seek(state_->outside().now());
  }

  // Finds a credential newer than the one that was refused: the cached one, another caller's, or by asking for one.
  void seek(clocks now) {
    auto& slow = slowly(now);
    auto found = state_->kept().look();
    bool valid = serves(found, now), changed = has_changed(found);
    if (valid && !changed && !due(found, now)) [[likely]] return go(found);
    error reason;
    switch (state_->renewals().join(slow.lease, slow.place, valid && !changed ? nullptr : waker_, reason, now.boot)) {
      case flight::part::failed:
        if (valid) return go(found);
        return this->give_up(reason);
      case flight::part::follow:
        if (valid && !changed) return go(found);
        return follow(found, now);
      case flight::part::lead:
        found = state_->kept().look();  // the one who led before us may have renewed it after we looked
        valid = serves(found, now);
        changed = has_changed(found);
        if (valid && !changed && !due(found, now)) {
          slow.lease.done();
          return go(found);
        }
        return renew(found, valid, changed, now);
    }
  }

  [[nodiscard]] bool has_changed(standing const& found) const { return found.generation != 0 && state_->changed(); }
  [[nodiscard]] bool serves(standing const& found, clocks now) const noexcept {
    return found.generation > seen_ && (now.wall < found.expires || waited_for(found));
  }
  [[nodiscard]] bool due(standing const& found, clocks now) const noexcept { return now.wall >= found.due && !waited_for(found); }
  // Counts once even if it was issued for no time at all: else each who waited would ask again.
  [[nodiscard]] bool waited_for(standing const& found) const noexcept {
    return slow_->following && found.generation > slow_->followed && !found.refused();
  }

  void go(standing const& found) {
    slow_->place.reset();
    slow_->following = false;
    held_ = state_->kept().take(found, carried_);
    this->call();
  }

  void follow(standing const& found, clocks now) {
    auto& slow = *slow_;
    if (!slow.following) {
      slow.following = true;
      slow.followed = found.generation;
      slow.give_up_at = now.boot + detail::patience_of(state_->strategy());
    }
    if (now.boot >= slow.give_up_at) return this->give_up(error{errc::transient, "waited too long for another caller's renewal of the credential for ", state_->origins().shown()});
    auto const look_again = now.boot + milliseconds(20);
    slow.until = waker_ != nullptr || slow.give_up_at < look_again ? slow.give_up_at : look_again;
    this->want_ = want::wait;
  }

  [[nodiscard]] why reason_now(standing const& found, bool valid, bool changed) const noexcept {
    if (slow_->asked_for) return slow_->reason;
    if (found.generation == 0) return why::first;
    if (changed) return why::changed;
    return valid ? why::due : found.refused() ? why::refused : why::expired;
  }

  void renew(standing const& found, bool valid, bool changed, clocks now) {
    auto const reason = reason_now(found, valid, changed);
    trace("acquire", name(reason));
    slow_->renewing.emplace(state_->start(occasion{reason, slow_->challenge.reveal(), now}));
    if (waker_ != nullptr) slow_->renewing->wake_with(*waker_);
    settle(now);
  }

  void settle(clocks now) {
    slow_->now = now;
    this->want_ = slow_->renewing->wants();
    if (this->want_ == want::send) {
      if constexpr (requires { { slow_->renewing->commits() } -> std::convertible_to<bool>; })
        if (slow_->renewing->commits()) slow_->lease.sent();
    }
    if (this->want_ != want::done) return;
    auto got = std::move(*slow_->renewing).outcome();
    slow_->renewing.reset();
    if (!got) return failed(got.error(), now);
    if (auto kept = state_->publish(std::move(*got), now); !kept) return failed(kept.error(), now);
    slow_->lease.done();
    auto const found = state_->kept().look();
    trace("acquired", error(errc::none, "generation ", found.generation).message());
    go(found);
  }

  void failed(error const& reason, clocks now) {
    trace("failed", name(reason.code()));
    if (reason.code() == errc::needs_challenge) {
      slow_->lease.done();
      if (slow_->asked_for) return this->give_up(reason);
      bare_ = true;
      return this->call();
    }
    // The next caller may have the person whom this one lacks.
    auto const pause = reason.code() == errc::needs_person ? duration() : state_->strategy().back_off(state_->renewals().failures() + 1);
    slow_->lease.failed(reason, now.boot + pause);
    auto const found = state_->kept().look();
    if (serves(found, now)) return go(found);
    this->give_up(reason);
  }

  [[nodiscard]] bool overtaken() noexcept {
    if (state_->kept().look().generation <= carried_ || overtaken_ >= max_overtaken) return false;
    ++overtaken_;
    return true;
  }

  void again(why reason, response_head const& head, clocks now) {
    if (!this->replayable()) return head.status() != 401 ? this->finish() : refuse_to_replay();
    auto& slow = slowly(now);
    slow.challenge.clear();
    head.fields([&](std::string_view n, std::string_view value) {
      if (!equal_without_case(n, "WWW-Authenticate")) return;
      if (!slow.challenge.empty()) slow.challenge.append(", ");
      slow.challenge.append(value);
    });
    if (!slow.challenge.ok()) return this->give_up(error{errc::no_memory, "authenticator: out of memory"});
    slow.asked_for = true;
    slow.reason = reason;
    seen_ = bare_ ? 0 : carried_;
    bare_ = false;
    held_ = {};
    slow.place.reset();
    slow.following = false;
    seek(now);
  }

  // The same refusal of what was renewed because of it.
  [[nodiscard]] bool refused_again(response_head const& head) const {
    return !bare_ && this->tries_.renewals > 0 && head.status() == refused_with_;
  }
  // What is no 401 is the user's to see.
  void in_vain(response_head const& head) {
    if (head.status() != 401) return this->finish();
    this->give_up(detail::refused(state_->origins(), "it was renewed a moment ago, in vain: check what the server wants"));
  }

  void refuse_to_replay() { this->give_up(detail::refused(state_->origins(), detail::not_replayable)); }

  // An error holds a short text without allocating.
  void trace_refusal(response_head const& head) const {
    trace("refused", error(errc::none, "generation ", carried_, ": the server answered ", head.status()).message());
  }
  void trace(std::string_view step, std::string_view detail) const noexcept {
    state_->outside().trace({step, state_->origins().shown(), detail});
  }

  // What is needed only where the cached credential does not do. It begins to exist then: a request that finds one pays
  // for nothing of it.
  struct slow_path {
    detail::held<renewal_exchange> renewing;
    flight::lease lease;
    flight::place place;
    std::uint64_t followed = 0;  // what was there when we began to wait for another caller
    boot_time until, give_up_at;
    clocks now;
    secret challenge;
    why reason = why::first;
    bool asked_for = false, following = false;
  };
  slow_path& slowly(clocks now) {
    if (!slow_) slow_.emplace();
    slow_->now = now;
    return *slow_;
  }
  [[nodiscard]] bool renewing() const noexcept { return slow_ && slow_->renewing; }

  state* state_;
  waker* waker_ = nullptr;
  typename state::keeper::handle held_;
  std::uint64_t carried_ = 0;  // the generation that this attempt carries
  std::uint64_t seen_ = 0;     // the newest generation that was refused to this request
  unsigned overtaken_ = 0;
  int refused_with_ = 0;  // the status for which the credential was renewed
  bool bare_ = false;
  detail::held<slow_path> slow_;
};

}  // namespace countersign::inline v0
