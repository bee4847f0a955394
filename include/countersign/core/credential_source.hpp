#pragma once
// The role of a policy that acquires a credential.

#include <countersign/core/context.hpp>
#include <countersign/core/credential.hpp>
#include <countersign/core/detail/made_from.hpp>
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
  changed,             ///< the source's `version` is another than when it was asked last
  refused,             ///< a server answered 401 to it
  insufficient_scope,  ///< a server answered 403 and asked for more
};

[[nodiscard]] constexpr std::string_view name(why reason) noexcept {
  constexpr std::string_view names[] = {"first", "due", "expired", "changed", "refused", "insufficient_scope"};
  return names[static_cast<std::size_t>(reason)];
}

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
concept immediate_source = detail::move_constructible<S> && detail::has_acquire<S> && requires(S const& s, occasion const& o, context const& c, memory_of<S>& m) {
  { detail::as_issued<typename S::credential>(detail::acquire(s, o, c, m)) } -> std::same_as<result<issued<typename S::credential>>>;
};

/// Has to ask somebody: `acquire` gives an exchange whose outcome is `result<issued<credential>>`. The source and the
/// context outlive the exchange.
template <class S>
concept remote_source = detail::move_constructible<S> && detail::has_acquire<S> && !immediate_source<S> && requires(S const& s, occasion const& o, context const& c, memory_of<S>& m) {
  { detail::acquire(s, o, c, m) } -> exchange;
  { detail::acquire(s, o, c, m).outcome() } -> std::same_as<result<issued<typename S::credential>>>;
};

/// Where a credential comes from: a value with `using credential = …;` and a const `acquire`. It may have
/// - `memory`: what it keeps between acquisitions, given as a third argument;
/// - `static constexpr bool renewable`: whether asking again can give something else. Where it is not declared, a remote
///   source can, and so can an immediate one that gives an expiry or a `version`;
/// - `static constexpr bool offline = true`: an exchange that only wants work and waits, so that a thread that may block
///   needs neither a transport nor a person to get the credential;
/// - `version(context[, memory const&]) const -> std::uint64_t`: a number that is another one once asking again would give
///   something else. It is compared before every request, by many threads at once, so it must be cheap and read of the
///   memory only what is safe to. While it can't be told what changed, the credential that is there goes on serving;
/// - `origin() -> std::string_view`: it knows where its credential may go, and needs no `only`.
/// Failures: errc::not_mine (nothing here), transient, fatal, needs_challenge (let the request go bare first).
template <class S>
concept credential_source = immediate_source<S> || remote_source<S>;

namespace detail {
template <class S>
concept has_version = requires(S const& s, context const& c, memory_of<S> const& m) {
  requires requires { { s.version(c) } -> std::same_as<std::uint64_t>; } || requires { { s.version(c, m) } -> std::same_as<std::uint64_t>; };
};

// 0 where a source has no version: it never changes by itself.
template <class S>
std::uint64_t version_of(S const& source, context const& outside, memory_of<S> const& memory) {
  if constexpr (requires { source.version(outside, memory); }) return source.version(outside, memory);
  else if constexpr (requires { source.version(outside); }) return source.version(outside);
  else return 0;
}
}  // namespace detail

/// A source that can tell that asking again would give something else.
template <class S>
concept versioned_source = credential_source<S> && detail::has_version<S>;

/// Whether asking again can give another credential.
template <credential_source S>
inline constexpr bool is_renewable = [] {
  if constexpr (requires { { S::renewable } -> std::convertible_to<bool>; }) return bool(S::renewable);
  else if constexpr (remote_source<S> || versioned_source<S>) return true;
  else return std::same_as<detail::acquired<S>, result<issued<typename S::credential>>>;
}();

/// Whether a thread that may block can get the credential alone.
template <credential_source S>
inline constexpr bool is_offline = [] {
  if constexpr (requires { { S::offline } -> std::convertible_to<bool>; }) return bool(S::offline);
  else return immediate_source<S>;
}();

/// A source that knows the origin its credential belongs to.
template <class S>
concept knows_origin = requires(S const& s) {
  { s.origin() } -> std::convertible_to<std::string_view>;
};

}  // namespace countersign::inline v0
