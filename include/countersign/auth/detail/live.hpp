#pragma once
// An authenticator whose credential comes and goes.

#include <countersign/auth/detail/drawn.hpp>
#include <countersign/auth/detail/kept.hpp>
#include <countersign/auth/flight.hpp>
#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/start.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>
#include <countersign/os/clock.hpp>
#include <countersign/os/system.hpp>

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace countersign::inline v0::detail {

template <class S, class F, class R, class B>
class live {
public:
  using source_type = S;
  using credential = typename S::credential;
  using binding = B;
  using keeper = std::conditional_t<is_constant<F>, kept_bytes<credential, F>, kept_credential<credential>>;

  live(S&& source, F&& formatter, R&& strategy, B&& origins, context const& outside)
      : source_(std::move(source)), formatter_(std::move(formatter)), strategy_(std::move(strategy)), origins_(std::move(origins)), outside_(outside) {}
  live(S&& source, F&& formatter, R&& strategy, context const& outside)
      : live(static_cast<S&&>(source), std::move(formatter), std::move(strategy), B(source.origin()), outside) {}

  /// Keeps what a renewal brought. By the flight's leader only.
  [[nodiscard]] result<void> publish(issued<credential>&& got, clocks now) {
    std::uint32_t random = 0;  // without entropy nothing is spread, but the credential is not lost
    static_cast<void>(outside_.entropy(&random, sizeof random));
    auto due = strategy_.due(now.wall, got.expires, random);
    // The hot path reads a clock that may lag, so it must begin to look that much earlier.
    if (due != never_expires) due = due - context::coarse_lag;
    auto kept = kept_.publish(formatter_, std::move(got.credential), moment(outside_), due, got.expires);
    // Behind the credential: whoever sees this version sees what goes with it, or something newer.
    if constexpr (versioned_source<S>)
      if (kept) __atomic_store_n(&version_, asked_version_, __ATOMIC_RELEASE);
    return kept;
  }

  /// Whether the source would give something else than what is kept.
  [[nodiscard]] bool changed() const {
    if constexpr (!versioned_source<S>) return false;
    else return __atomic_load_n(&version_, __ATOMIC_ACQUIRE) != detail::version_of(source_, outside_, source_memory_);
  }

  template <request_view V, header_sink Sink>
  [[nodiscard, gnu::always_inline]] inline result<void> write(V const& view, typename keeper::handle const& held, Sink& sink, std::uint64_t& generation, stamp& sent) {
    sent = 0;
    if constexpr (is_constant<F>) {
      return kept_.pour(sink, held, generation);
    } else {
      return detail::write(formatter_, *held, view, sink, moments_.now(outside_), memory_, sent);
    }
  }
  template <request_view V>
  [[nodiscard]] heard learn(V const& view, typename keeper::handle const& held, response_head const& head, stamp sent) {
    if constexpr (is_constant<F>) return heard::nothing;
    else return held ? detail::learn(formatter_, *held, view, head, sent, memory_) : heard::nothing;
  }

  /// Whether a request may carry the credential. The usual spelling is told inline; the rest, and the reason, are calls.
  template <request_view V>
  [[nodiscard, gnu::always_inline]] inline bool allows(V const& view) const noexcept {
    if constexpr (requires { { origins_.allows_at_once(view) } -> std::same_as<bool>; })
      if (origins_.allows_at_once(view)) [[likely]] return true;
    return allows_after_all(view);
  }
  template <request_view V>
  [[nodiscard, gnu::noinline, gnu::cold]] error refusal(V const& view) const noexcept {
    return origins_.allows(view).error();
  }

  /// A server refused a credential that had just been renewed. One that refuses whatever it is shown (a wrong audience,
  /// one bad endpoint) must cost a renewal now and then, not one for each request; the credential itself stays, because
  /// other endpoints may well take it.
  void renewed_in_vain(std::uint64_t generation, boot_time now) noexcept {
    __atomic_store_n(&vain_until_, (now + strategy_.back_off(1)).ms, __ATOMIC_RELAXED);
    __atomic_store_n(&vain_generation_, generation, __ATOMIC_RELEASE);
  }
  [[nodiscard]] bool was_in_vain(std::uint64_t generation, boot_time now) const noexcept {
    return __atomic_load_n(&vain_generation_, __ATOMIC_ACQUIRE) == generation && now.ms < __atomic_load_n(&vain_until_, __ATOMIC_RELAXED);
  }

  /// The hot path: a cached credential that is not due, by a clock that may lag, for a request that may carry it.
  template <request_view V>
  [[nodiscard, gnu::always_inline]] inline bool take_at_once(V const& view, typename keeper::handle& held, std::uint64_t& generation) noexcept {
    if (!allows(view)) [[unlikely]] return false;
    auto const found = kept_.look();
    if (found.generation == 0 || coarse_now() >= found.due) [[unlikely]] return false;
    if constexpr (versioned_source<S>)
      if (changed()) [[unlikely]] return false;
    held = kept_.take(found, generation);
    return true;
  }

  /// By the flight's leader only. The version is read first: what changes from here on is then another one.
  [[nodiscard]] auto start(occasion const& why) {
    if constexpr (versioned_source<S>) asked_version_ = detail::version_of(source_, outside_, source_memory_);
    return detail::start(source_, why, outside_, source_memory_);
  }
  [[nodiscard]] keeper& kept() noexcept { return kept_; }
  [[nodiscard]] flight& renewals() noexcept { return flight_; }
  [[nodiscard]] B const& origins() const noexcept { return origins_; }
  [[nodiscard]] F const& formatter() const noexcept { return formatter_; }
  [[nodiscard]] R const& strategy() const noexcept { return strategy_; }
  [[nodiscard]] context const& outside() const noexcept { return outside_; }
  /// What the context's coarse clock says; the system's own is read without the detour.
  [[nodiscard]] wall_time coarse_now() const noexcept {
    return outside_.read_coarse == system_context.read_coarse ? os::read_coarse_clock() : outside_.coarse_now();
  }

private:
  template <request_view V>
  [[nodiscard, gnu::noinline, gnu::cold]] bool allows_after_all(V const& view) const noexcept {
    return origins_.allows(view).has_value();
  }

  keeper kept_;
  flight flight_;
  S source_;
  F formatter_;
  R strategy_;
  B origins_;
  context outside_;
  std::uint64_t version_ = 0, asked_version_ = 0;
  std::uint64_t vain_generation_ = 0;
  std::int64_t vain_until_ = 0;
  [[no_unique_address]] memory_of<S> source_memory_;
  [[no_unique_address]] memory_of<F> memory_;
  drawn_moments moments_;
};

}  // namespace countersign::inline v0::detail
