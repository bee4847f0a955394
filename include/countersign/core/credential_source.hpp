#pragma once
// The role of a policy that acquires a credential.

#include <countersign/core/context.hpp>
#include <countersign/core/credential.hpp>
#include <countersign/core/exchange.hpp>
#include <countersign/core/result.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// Why a credential is wanted.
enum class why : std::uint8_t {
  first,               ///< there is none yet
  due,                 ///< it still works, but should be renewed early
  expired,             ///< by the clock
  refused,             ///< a server answered 401 to it
  insufficient_scope,  ///< a server answered 403 and asked for more
};

/// The occasion of one acquisition. `challenge` is the refusing response's WWW-Authenticate value, empty if there was
/// none; it is valid during `acquire` only, so an exchange that needs it keeps a copy.
struct occasion {
  why reason = why::first;
  std::string_view challenge = {};
  clocks now = {};
};

namespace detail {
struct no_memory_wanted {};
template <class T>
struct declared_memory {
  using type = no_memory_wanted;
};
template <class T>
  requires requires { typename T::memory; }
struct declared_memory<T> {
  using type = typename T::memory;
};
}  // namespace detail

/// What a policy keeps from one use to the next. It is declared as `P::memory` and owned by the authenticator, so that
/// policies stay values. A source's is touched by the one caller who renews; a formatter's must be safe for threads.
template <class Policy>
using memory_of = typename detail::declared_memory<Policy>::type;

namespace detail {
// `acquire(occasion, context)` or `acquire(occasion, context, memory)`, whichever the source has.
template <class S>
decltype(auto) acquire(S const& source, occasion const& why, context const& outside, memory_of<S>& memory) {
  if constexpr (requires { source.acquire(why, outside, memory); }) return source.acquire(why, outside, memory);
  else return source.acquire(why, outside);
}
template <class S>
using acquired = decltype(detail::acquire(std::declval<S const&>(), std::declval<occasion const&>(),
                                          std::declval<context const&>(), std::declval<memory_of<S>&>()));
template <class S>
concept has_acquire = requires(S const& s, occasion const& o, context const& c, memory_of<S>& m) {
  typename S::credential;
  requires requires { s.acquire(o, c); } || requires { s.acquire(o, c, m); };
};

template <class C>
result<issued<C>> as_issued(result<C>&& got) {
  if (!got) return got.error();
  return issued<C>{std::move(*got)};
}
template <class C>
result<issued<C>> as_issued(result<issued<C>>&& got) {
  return std::move(got);
}
}  // namespace detail

/// Answers at once: `acquire` gives `result<credential>` or, where it knows an expiry, `result<issued<credential>>`.
/// No I/O but reading the environment or a small local file.
template <class S>
concept immediate_source = std::move_constructible<S> && detail::has_acquire<S> && requires(S const& s, occasion const& o, context const& c, memory_of<S>& m) {
  { detail::as_issued<typename S::credential>(detail::acquire(s, o, c, m)) } -> std::same_as<result<issued<typename S::credential>>>;
};

/// Has to ask somebody: `acquire` gives an exchange whose outcome is `result<issued<credential>>`. The source and the
/// context outlive the exchange.
template <class S>
concept remote_source = std::move_constructible<S> && detail::has_acquire<S> && !immediate_source<S> && requires(S const& s, occasion const& o, context const& c, memory_of<S>& m) {
  { detail::acquire(s, o, c, m) } -> exchange;
  { detail::acquire(s, o, c, m).outcome() } -> std::same_as<result<issued<typename S::credential>>>;
};

/// Where a credential comes from: a value with `using credential = …;` and a const `acquire`. It may have
/// - `memory`: what it keeps between acquisitions, given as a third argument;
/// - `static constexpr bool renewable`: whether asking again can give something else. Immediate sources say false
///   unless they declare it; remote ones true;
/// - `origin() -> std::string_view`: it knows where its credential may go, and needs no `only`.
/// Failures: errc::not_mine (nothing here), transient, fatal, needs_challenge (let the request go bare first).
template <class S>
concept credential_source = immediate_source<S> || remote_source<S>;

/// Whether asking again can give another credential.
template <credential_source S>
inline constexpr bool is_renewable = [] {
  if constexpr (requires { { S::renewable } -> std::convertible_to<bool>; }) return bool(S::renewable);
  else return remote_source<S>;
}();

/// A source that knows the origin its credential belongs to.
template <class S>
concept knows_origin = requires(S const& s) {
  { s.origin() } -> std::convertible_to<std::string_view>;
};

}  // namespace countersign::inline v0
