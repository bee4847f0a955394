#pragma once
// Any source as an exchange, so that whoever asks for a credential has one way to.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/exchange.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

// The answer of an immediate source, in the shape of an exchange that is done.
template <class C>
class answered {
public:
  explicit answered(result<issued<C>>&& answer) noexcept : answer_(std::move(answer)) {}
  [[nodiscard]] want wants() const noexcept { return want::done; }
  [[nodiscard]] request const& pending() const noexcept { not_wanted(); }
  [[nodiscard]] question const& asks() const noexcept { not_wanted(); }
  [[nodiscard]] boot_time until() const noexcept { return no_deadline; }
  void supply(response, clocks) noexcept {}
  void fail(lost, clocks) noexcept {}
  void perform() noexcept {}
  void resume(clocks) noexcept {}
  void arrive(std::string_view, clocks) noexcept {}
  void wake_with(waker&) noexcept {}
  [[nodiscard]] result<issued<C>> outcome() && { return std::move(answer_); }

private:
  result<issued<C>> answer_;
};

// Starts any source as an exchange.
template <credential_source S>
auto start(S const& source, occasion const& why, context const& outside, memory_of<S>& memory) {
  if constexpr (remote_source<S>) return detail::acquire(source, why, outside, memory);
  else return answered<typename S::credential>(as_issued<typename S::credential>(detail::acquire(source, why, outside, memory)));
}
template <class S>
using exchange_for = decltype(detail::start(std::declval<S const&>(), std::declval<occasion const&>(), std::declval<context const&>(), std::declval<memory_of<S>&>()));

}  // namespace countersign::inline v0::detail
