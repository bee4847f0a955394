#pragma once
// The base of exchanges that are put together of others: a step may also say "run that one, then go on here".

#include <countersign/core/detail/one_of.hpp>
#include <countersign/core/steps.hpp>

#include <concepts>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// `steps` with one verb more, `run(part, next)`. While a part is under way its wants are this exchange's, and every event is
/// the part's. When it is done, the step `next` takes what came of it with `outcome_of<Part>()`. What the parts refer to must
/// stay where it is when this exchange is moved.
///
///     struct twice : nested_steps<twice, int, probe> {
///       explicit twice(request first) { run(probe(std::move(first)), &twice::probed); }
///       void probed() { auto got = outcome_of<probe>(); if (got) finish(*got * 2); else give_up(got.error()); }
///     };
template <class Self, class Outcome, class... Parts>
class nested_steps : public steps<Self, Outcome> {
  using base = steps<Self, Outcome>;

public:
  [[nodiscard]] want wants() const noexcept {
    auto found = base::wants();
    active_.each([&](auto const& part) { found = part.wants(); });
    return found;
  }
  [[nodiscard]] request const& pending() const noexcept {
    auto const* found = &base::pending();
    active_.each([&](auto const& part) { found = &part.pending(); });
    return *found;
  }
  [[nodiscard]] question const& asks() const noexcept {
    auto const* found = &base::asks();
    active_.each([&](auto const& part) { found = &part.asks(); });
    return *found;
  }
  [[nodiscard]] boot_time until() const noexcept {
    auto found = base::until();
    active_.each([&](auto const& part) { found = part.until(); });
    return found;
  }
  /// Whether the pending request may not be repeated if it stays unanswered: a part's to say.
  [[nodiscard]] bool commits() const noexcept {
    bool found = false;
    active_.each([&](auto const& part) {
      if constexpr (requires { { part.commits() } -> std::convertible_to<bool>; }) found = part.commits();
    });
    return found;
  }

  void supply(response answer, clocks now) {
    if (!nested()) return base::supply(std::move(answer), now);
    event(now, [&](auto& part) { part.supply(std::move(answer), now); });
  }
  void fail(lost how, clocks now) {
    if (!nested()) return base::fail(how, now);
    event(now, [&](auto& part) { part.fail(how, now); });
  }
  void perform() {
    if (!nested()) return base::perform();
    active_.each([](auto& part) { part.perform(); });
  }
  void resume(clocks now) {
    if (!nested()) return base::resume(now);
    event(now, [&](auto& part) { part.resume(now); });
  }
  void arrive(std::string_view said, clocks now) {
    if (!nested()) return base::arrive(said, now);
    event(now, [&](auto& part) { part.arrive(said, now); });
  }
  void wake_with(waker& who) noexcept {
    base::wake_with(who);
    active_.each([&](auto& part) { part.wake_with(who); });
  }

protected:
  using typename base::step;

  nested_steps() = default;

  /// A part that is done already goes to `next` at once.
  template <class Part>
  void run(Part part, step next) {
    base::rest(next);
    auto& started = active_.template emplace<Part>(std::move(part));
    if (auto* const who = this->who_waits()) started.wake_with(*who);
    if (started.wants() == want::done) base::go_on(this->now());
  }
  /// Of the part that ended last; once.
  template <class Part>
  [[nodiscard]] auto outcome_of() {
    auto got = std::move(active_.template get<Part>()).outcome();
    active_.reset();
    return got;
  }

private:
  [[nodiscard]] bool nested() const noexcept { return !active_.empty(); }
  template <class Function>
  void event(clocks now, Function&& function) {
    bool ended = false;
    active_.each([&](auto& part) {
      function(part);
      ended = part.wants() == want::done;
    });
    if (ended) base::go_on(now);
  }

  detail::one_of<Parts...> active_;
};

}  // namespace countersign::inline v0
