#pragma once
// The conversation about a request whose credential is there from the start.

#include <countersign/auth/detail/call_state.hpp>
#include <countersign/auth/detail/settled.hpp>

#include <string_view>

namespace countersign::inline v0 {

/// It wants nothing but the user's call.
template <class S, class F, class R, class B, class Request>
class conversation<detail::settled<S, F, R, B>, Request> : public detail::call_state<Request> {
  using base = detail::call_state<Request>;
  using state = detail::settled<S, F, R, B>;

public:
  conversation(state& about, Request const& request) : base(request), state_(&about) {
    if (about.allows(this->view())) this->call();
    else this->give_up(about.refusal(this->view()));
  }

  [[nodiscard]] want wants() const noexcept { return this->want_; }
  [[nodiscard]] request const& pending() const noexcept { detail::not_wanted(); }
  [[nodiscard]] question const& asks() const noexcept { detail::not_wanted(); }
  [[nodiscard]] boot_time until() const noexcept { return no_deadline; }
  void supply(response, clocks) noexcept {}
  void fail(lost how, clocks) noexcept {
    if (this->want_ == want::call) this->lost_call(how);
  }
  void perform() noexcept {}
  void resume(clocks) noexcept {}
  void arrive(std::string_view, clocks) noexcept {}
  void wake_with(waker&) noexcept {}

  template <header_sink Sink>
  [[nodiscard]] result<void> write(Sink&& sink) {
    auto done = state_->write(this->view(), sink, this->sent_);
    if (!done) this->give_up(done.error());
    return done;
  }
  void heard(response_head const& head, clocks) {
    if (this->want_ != want::call) return;
    if (auto const told = state_->learn(this->view(), head, this->sent_); told != heard::nothing) {
      bool const once_more = told == heard::try_again && this->learned_++ < max_learned_of<F>;
      if (once_more && this->replayable()) return;
      if (once_more) return this->give_up(detail::refused(state_->origins(), detail::not_replayable));
      return this->give_up(detail::learned_no_more(told, state_->formatter(), head, state_->origins()));
    }
    switch (state_->strategy().judge(head, this->tries_)) {
      case verdict::accept:
      case verdict::step_up: return this->finish();
      case verdict::renew:
      case verdict::give_up: return this->give_up(detail::refused(state_->origins(), detail::not_renewable));
    }
  }

private:
  state* state_;
};

}  // namespace countersign::inline v0
