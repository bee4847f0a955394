#pragma once
// An exchange that consists of others, one at a time: what `chain` and `all_of` are made of.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/one_of.hpp>
#include <countersign/core/detail/start.hpp>
#include <countersign/core/exchange.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace countersign::inline v0::detail {

// Forwards every verb to the part that is under way. `Self` has `template <std::size_t I> void part_done()`, called
// when part I is done, and starts the next one with `run<I>()`, or ends with `finish()`.
template <class Self, class Outcome, class... S>
class relay {
public:
  [[nodiscard]] want wants() const noexcept { return done_ ? want::done : ask_active([](auto const& part) { return part.wants(); }); }
  [[nodiscard]] request const& pending() const noexcept {
    request const* found = nullptr;
    active_.each([&](auto const& part) { found = &part.pending(); });
    return found != nullptr ? *found : (not_wanted(), *found);
  }
  [[nodiscard]] question const& asks() const noexcept {
    question const* found = nullptr;
    active_.each([&](auto const& part) { found = &part.asks(); });
    return found != nullptr ? *found : (not_wanted(), *found);
  }
  [[nodiscard]] boot_time until() const noexcept { return ask_active([](auto const& part) { return part.until(); }); }

  void supply(response answer, clocks now) { event(now, [&](auto& part) { part.supply(std::move(answer), now); }); }
  void fail(lost how, clocks now) { event(now, [&](auto& part) { part.fail(how, now); }); }
  void perform() { active_.each([](auto& part) { part.perform(); }); }
  void resume(clocks now) { event(now, [&](auto& part) { part.resume(now); }); }
  void arrive(std::string_view said, clocks now) { event(now, [&](auto& part) { part.arrive(said, now); }); }
  void wake_with(waker& who) {
    waker_ = &who;
    active_.each([&](auto& part) { part.wake_with(who); });
  }
  /// Whether the pending request may not be repeated if it stays unanswered.
  [[nodiscard]] bool commits() const noexcept {
    bool found = false;
    active_.each([&](auto const& part) {
      if constexpr (requires { { part.commits() } -> std::convertible_to<bool>; }) found = part.commits();
    });
    return found;
  }
  [[nodiscard]] result<Outcome> outcome() && { return std::move(outcome_); }

protected:
  relay(occasion const& why, context const& outside) noexcept : outside_(&outside), reason_(why.reason), challenge_(why.challenge), now_(why.now) {}

  template <std::size_t I, class Source>
  void run(Source const& source, memory_of<Source>& memory) {
    if (!challenge_.ok()) return finish(error{errc::no_memory, "out of memory for the server's challenge"});
    auto& part = active_.template emplace_at<I, part_at<I>>(detail::start(source, why_now(), *outside_, memory));
    if (waker_ != nullptr) part.wake_with(*waker_);
    if (part.wants() == want::done) static_cast<Self&>(*this).template part_done<I>();
  }
  template <std::size_t I>
  auto outcome_of() {
    return std::move(active_.template get_at<I, part_at<I>>()).outcome();
  }
  void finish(result<Outcome> outcome) {
    outcome_ = std::move(outcome);
    done_ = true;
  }
  [[nodiscard]] occasion why_now() const noexcept { return {reason_, challenge_.reveal(), now_}; }

private:
  template <std::size_t I>
  using part_at = exchange_for<std::tuple_element_t<I, std::tuple<S...>>>;

  template <class Function>
  auto ask_active(Function&& function) const noexcept {
    decltype(function(std::declval<part_at<0> const&>())) found{};
    active_.each([&](auto const& part) { found = function(part); });
    return found;
  }
  template <class Function>
  void event(clocks now, Function&& function) {
    now_ = now;
    if (done_) return;
    active_.each(function);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      static_cast<void>(((active_.holds_at(I) ? (active_.template get_at<I, part_at<I>>().wants() == want::done ? static_cast<Self&>(*this).template part_done<I>() : void(), true) : false) || ...));
    }(std::index_sequence_for<S...>{});
  }

  one_of<exchange_for<S>...> active_;
  context const* outside_;
  why reason_;
  secret challenge_;
  clocks now_;
  waker* waker_ = nullptr;
  bool done_ = false;
  result<Outcome> outcome_{error{errc::abandoned, "the exchange was left before its end"}};
};

}  // namespace countersign::inline v0::detail
