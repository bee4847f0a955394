#pragma once
// An authenticator whose credential is there from the start and never changes: nothing is locked or shared.

#include <countersign/auth/detail/drawn.hpp>
#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/held.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace countersign::inline v0::detail {

template <class F>
concept names_fields = requires { F::names[0]; };

// The finished fields of a constant formatter that does not say how many it writes.
template <class F>
class finished_fields {
public:
  result<void> keep(draft const& out) noexcept {
    bytes_ = secret(out.bytes());
    if (!bytes_.ok()) return error{errc::no_memory, "authenticator: out of memory"};
    return {};
  }
  template <header_sink Sink>
  [[nodiscard]] result<void> pour(Sink& sink) const {
    return pour_fields(bytes_.reveal(), sink);
  }

private:
  secret bytes_;
};

// Of one that does: each field stands ready, so that writing it is one call.
template <class F>
  requires(fields_written<F> > 0)
class finished_fields<F> {
public:
  result<void> keep(draft const& out) noexcept {
    bytes_ = secret(out.bytes());
    if (!bytes_.ok()) return error{errc::no_memory, "authenticator: out of memory"};
    std::size_t i = 0;
    bool as_declared = true;
    each_field(bytes_.reveal(), [&](std::string_view name, std::string_view value) {
      if (i < fields_written<F>) {
        fields_[i].value = value;
        if constexpr (names_fields<F>) as_declared &= name == F::names[i];
        else fields_[i].name = name;
      }
      ++i;
    });
    if (!as_declared || i != fields_written<F>) return error{errc::fatal, "authenticator: the formatter declares other fields than it writes"};
    return {};
  }
  template <header_sink Sink>
  [[nodiscard, gnu::always_inline]] inline result<void> pour(Sink& sink) const {
    return pour_from<0>(sink);
  }

private:
  struct unnamed {
    std::string_view value;
  };
  struct named {
    std::string_view name, value;
  };
  // One after the other in the instructions, too: no loop.
  template <std::size_t I, header_sink Sink>
  [[nodiscard, gnu::always_inline]] inline result<void> pour_from(Sink& sink) const {
    if (!sink(name(I), fields_[I].value)) [[unlikely]] return no_room_for(name(I));
    if constexpr (I + 1 < fields_written<F>) return pour_from<I + 1>(sink);
    else return {};
  }
  [[nodiscard]] std::string_view name(std::size_t i) const noexcept {
    if constexpr (names_fields<F>) return F::names[i];
    else return fields_[i].name;
  }

  secret bytes_;  // on the heap, so the views stay right when this is moved
  std::conditional_t<names_fields<F>, unnamed, named> fields_[fields_written<F>];
};

template <class S, class F, class R, class B>
class settled {
public:
  using credential = typename S::credential;
  using binding = B;

  settled(S const& source, F formatter, R strategy, B origins, context const& outside)
      : origins_(std::move(origins)), formatter_(std::move(formatter)), strategy_(std::move(strategy)), outside_(outside), ready_(prepare(source)) {
    // A quick answer then means that there is a credential, too.
    if constexpr (quick)
      if (!ready_) origins_.allow_nothing_at_once();
  }
  settled(S const& source, F formatter, R strategy, context const& outside)
      : settled(source, std::move(formatter), std::move(strategy), B(source.origin()), outside) {}

  /// Whether a request may carry the credential, and there is one. The usual spelling is told inline; the rest, and the
  /// reason, are calls, so that nothing of them weighs on the hot path.
  template <request_view V>
  [[nodiscard, gnu::always_inline]] inline bool allows(V const& view) const noexcept {
    if constexpr (quick)
      if (origins_.allows_at_once(view)) [[likely]] return true;
    return allows_after_all(view);
  }
  template <request_view V>
  [[nodiscard, gnu::noinline, gnu::cold]] error refusal(V const& view) const noexcept {
    auto const ok = origins_.allows(view);
    return ok ? ready_.error() : ok.error();
  }

  template <request_view V, header_sink Sink>
  [[nodiscard, gnu::always_inline]] inline result<void> authorize(V const& view, Sink& sink) {
    if (!allows(view)) [[unlikely]] return refusal(view);
    stamp sent;
    return write(view, sink, sent);
  }

  /// For a request that was allowed.
  template <request_view V, header_sink Sink>
  [[nodiscard, gnu::always_inline]] inline result<void> write(V const& view, Sink& sink, stamp& sent) {
    sent = 0;
    if constexpr (is_constant<F>) {
      return kept_.pour(sink);
    } else {
      return detail::write(formatter_, *kept_, view, sink, moments_.now(outside_), memory_, sent);
    }
  }
  template <request_view V>
  [[nodiscard]] heard learn(V const& view, response_head const& head, stamp sent) {
    if constexpr (is_constant<F>) return heard::nothing;
    else return kept_ ? detail::learn(formatter_, *kept_, view, head, sent, memory_) : heard::nothing;
  }

  [[nodiscard]] B const& origins() const noexcept { return origins_; }
  [[nodiscard]] F const& formatter() const noexcept { return formatter_; }
  [[nodiscard]] R const& strategy() const noexcept { return strategy_; }
  [[nodiscard]] context const& outside() const noexcept { return outside_; }

private:
  static constexpr bool quick = requires(B& origins) { origins.allow_nothing_at_once(); };

  template <request_view V>
  [[nodiscard, gnu::noinline, gnu::cold]] bool allows_after_all(V const& view) const noexcept {
    return ready_ && origins_.allows(view);
  }

  result<void> prepare(S const& source) {
    memory_of<S> memory;
    auto got = as_issued<credential>(detail::acquire(source, occasion{why::first, {}, outside_.now()}, outside_, memory));
    if (!got) return got.error();
    if constexpr (is_constant<F>) {
      draft out;
      no_memory_wanted none;
      if (auto made = detail::format(formatter_, got->credential, blank_request(), out, moment(outside_), none); !made) return made.error();
      if (auto ok = out.check(); !ok) return ok;
      return kept_.keep(out);
    } else {
      kept_.emplace(std::move(got->credential));
      return {};
    }
  }

  B origins_;
  std::conditional_t<is_constant<F>, finished_fields<F>, detail::held<credential>> kept_;
  F formatter_;
  R strategy_;
  context outside_;
  [[no_unique_address]] memory_of<F> memory_;
  drawn_moments moments_;
  result<void> ready_;
};

}  // namespace countersign::inline v0::detail
