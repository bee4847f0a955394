#pragma once
// An authenticator whose credential is there from the start and never changes: nothing is locked or shared.

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>

#include <cstddef>
#include <iterator>
#include <string_view>
#include <type_traits>
#include <utility>

namespace countersign::inline v0::detail {

template <class F>
inline constexpr std::size_t fixed_names = 0;
template <class F>
  requires requires { std::size(F::names); }
inline constexpr std::size_t fixed_names<F> = std::size(F::names);

// The finished fields of a constant formatter.
template <class F>
class finished_fields {
public:
  result<void> keep(draft const& out) noexcept {
    bytes_ = secret(out.bytes());
    if (!bytes_.ok()) return error{errc::no_memory, "authenticator: out of memory"};
    std::size_t i = 0;
    if constexpr (fixed_names<F> > 0)
      each_field(bytes_.reveal(), [&](std::string_view, std::string_view value) {
        if (i < fixed_names<F>) values_[i] = value;
        ++i;
      });
    if (fixed_names<F> > 0 && i != fixed_names<F>) return error{errc::fatal, "authenticator: the formatter declares other names than it writes"};
    return {};
  }

  template <header_sink Sink>
  [[nodiscard]] result<void> pour(Sink& sink) const {
    if constexpr (fixed_names<F> == 0) {
      return pour_fields(bytes_.reveal(), sink);
    } else {
      for (std::size_t i = 0; i < fixed_names<F>; ++i)
        if (!sink(F::names[i], values_[i])) return error{errc::no_memory, "header ", F::names[i], ": the request had no room for it"};
      return {};
    }
  }

private:
  secret bytes_;  // on the heap, so `values_` stay right when this is moved
  std::string_view values_[fixed_names<F> == 0 ? 1 : fixed_names<F>];
};

template <class S, class F, class R, class B>
class settled {
public:
  using credential = typename S::credential;
  using binding = B;

  settled(S source, F formatter, R strategy, B origins, context const& outside)
      : formatter_(std::move(formatter)), strategy_(std::move(strategy)), origins_(std::move(origins)), outside_(outside), ready_(prepare(source)) {}
  settled(S source, F formatter, R strategy, context const& outside)
      : settled(source, std::move(formatter), std::move(strategy), B(source.origin()), outside) {}

  template <request_view V, header_sink Sink>
  [[nodiscard]] result<void> authorize(V const& view, Sink& sink) {
    if (auto ok = origins_.allows(view); !ok) [[unlikely]] return ok;
    stamp sent;
    return write(view, sink, sent);
  }

  template <request_view V, header_sink Sink>
  [[nodiscard]] result<void> write(V const& view, Sink& sink, stamp& sent) {
    if (!ready_) [[unlikely]] return ready_;
    sent = 0;
    if constexpr (is_constant<F>) {
      return kept_.pour(sink);
    } else {
      draft out;
      auto const made = detail::format(formatter_, *kept_, view, out, moment(outside_), memory_);
      if (!made) return made.error();
      sent = *made;
      return out.commit(sink);
    }
  }
  template <request_view V>
  [[nodiscard]] heard learn(V const& view, response_head const& head, stamp sent) {
    if constexpr (is_constant<F>) return heard::nothing;
    else return ready_ ? detail::learn(formatter_, *kept_, view, head, sent, memory_) : heard::nothing;
  }

  [[nodiscard]] B const& origins() const noexcept { return origins_; }
  [[nodiscard]] R const& strategy() const noexcept { return strategy_; }
  [[nodiscard]] context const& outside() const noexcept { return outside_; }

private:
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

  F formatter_;
  R strategy_;
  B origins_;
  context outside_;
  std::conditional_t<is_constant<F>, finished_fields<F>, std::optional<credential>> kept_;
  [[no_unique_address]] memory_of<F> memory_;
  result<void> ready_;
};

}  // namespace countersign::inline v0::detail
