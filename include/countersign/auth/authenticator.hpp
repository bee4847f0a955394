#pragma once
// Where a credential comes from, how it is written, when it is renewed: composed.

#include <countersign/auth/conversation.hpp>
#include <countersign/auth/detail/live.hpp>
#include <countersign/auth/detail/settled.hpp>
#include <countersign/auth/detail/viewed.hpp>
#include <countersign/auth/only.hpp>
#include <countersign/auth/origin_binding.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/held.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/refresh_strategy.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/os/parking.hpp>
#include <countersign/os/system.hpp>
#include <countersign/refresh/never.hpp>
#include <countersign/refresh/renewal.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

/// Whether the three compose, for SFINAE. `authenticator` itself says in a sentence what is wrong.
template <class S, class F, class R>
concept composable = credential_source<S> && requires { requires header_formatter<F, typename S::credential>; } && refresh_strategy<R>;

namespace detail {
struct no_origin {};

template <class S>
struct defaults {
  using strategy = never;
  using binding = no_origin;
};
template <credential_source S>
struct defaults<S> {
  using strategy = std::conditional_t<is_renewable<S>, renewal, never>;
  using binding = std::conditional_t<knows_origin<S>, only<1>, no_origin>;
};

template <class S, class F>
inline constexpr bool can_format = false;
template <class S, class F>
  requires requires { typename S::credential; }
inline constexpr bool can_format<S, F> = header_formatter<F, typename S::credential>;

// For a source that may answer anew, but sends nothing: there is its own work, and another thread to wait for.
template <class State, class V, class Sink>
[[gnu::noinline]] result<void> authorize_slowly(State& state, V const& view, Sink& sink) {
  detail::held<parking> place;  // the conversation may refer to it to its very end
  conversation<State, V> talk(state, view);
  while (talk.wants() == want::wait || talk.wants() == want::work) {
    if (talk.wants() == want::work) {
      talk.perform();
    } else if (!place) {
      talk.wake_with(place.emplace());
      continue;
    } else {
      place->wait_until(talk.until(), state.outside());
    }
    talk.resume(state.outside().now());
  }
  if (talk.wants() == want::call) return talk.write(sink);
  return std::move(talk).outcome();
}

template <class State, class V, class Sink>
[[gnu::always_inline]] inline result<void> authorize_now(State& state, V const& view, Sink& sink) {
  typename State::keeper::handle held;
  std::uint64_t generation = 0;
  stamp sent = 0;
  if (state.take_at_once(view, held, generation)) [[likely]] return state.write(view, held, sink, generation, sent);
  return authorize_slowly(state, view, sink);
}

// What an authenticator holds: nothing at all if a policy is wrong, so that the sentence about it stays the only error.
struct nothing_held {};
template <class S, class F, class R, class B>
struct state_of {
  using type = nothing_held;
};
template <class S, class F, class R, class B>
  requires composable<S, F, R>
struct state_of<S, F, R, B> {
  using type = std::conditional_t<immediate_source<S> && !is_renewable<S>, settled<S, F, R, B>, live<S, F, R, B>>;
};
}  // namespace detail

/// Composes a source, a formatter, a refresh strategy and the origins the credential may go to:
/// `authenticator github{env{"GITHUB_TOKEN"}, bearer{}, only{"https://api.github.com"}};`
/// Strategy and origins may be left out where the source knows them. A context may stand last.
///
/// Shared among threads by reference once built. A source that is immediate and not renewable is asked once, when this
/// is built; then nothing is ever locked, and a failure to get a credential is told by each `authorize`. Movable only
/// while nobody uses it. A `begin()` of it must end before it does.
template <class S, class F, class R = typename detail::defaults<S>::strategy, class B = typename detail::defaults<S>::binding>
class authenticator {
  static_assert(credential_source<S>, "countersign: the first policy is no credential source: it needs a `credential` type and a const `acquire(occasion, context)` that gives a result or an exchange");
  static_assert(detail::can_format<S, F> || !credential_source<S>, "countersign: this formatter cannot write the credential that this source yields: it needs a const `format(credential, request_view auto const&, draft&, moment const&)` for that type, giving result<stamp>");
  static_assert(refresh_strategy<R>, "countersign: the third policy is no refresh strategy: it needs const `due`, `judge` and `back_off`");
  static_assert(!std::same_as<B, detail::no_origin>, "countersign: this source does not know where its credential belongs, so name the origin: only{\"https://api.example.com\"}");
  static_assert(origin_binding<B> || std::same_as<B, detail::no_origin>, "countersign: the last policy does not say where the credential may go: it needs const `allows(request_view)` that gives result<void>, and `shown()`");

  using state = typename detail::state_of<S, F, R, B>::type;

public:
  using source_type = S;
  using formatter_type = F;
  using strategy_type = R;

  /// Whether the credential can be had on this machine, so that `authorize` needs no transport.
  static constexpr bool local = [] {
    if constexpr (credential_source<S>) return is_offline<S>;
    else return false;
  }();

  authenticator(S source, F formatter, R strategy, B origins, context const& outside = system_context)
      : state_(std::move(source), std::move(formatter), std::move(strategy), std::move(origins), outside) {}
  authenticator(S source, F formatter, B origins, context const& outside = system_context)
    requires std::default_initializable<R>
      : state_(std::move(source), std::move(formatter), R(), std::move(origins), outside) {}
  authenticator(S source, F formatter, R strategy, context const& outside = system_context)
    requires knows_origin<S>
      : state_(std::move(source), std::move(formatter), std::move(strategy), outside) {}
  authenticator(S source, F formatter, context const& outside = system_context)
    requires(knows_origin<S> && std::default_initializable<R>)
      : state_(std::move(source), std::move(formatter), R(), outside) {}

  /// Writes the credential into `request`, or says why not and leaves it untouched. For local sources; where the
  /// credential must be renewed, it blocks for as long as that takes: a program to run, another thread to wait for.
  template <any_request Request>
  [[nodiscard, gnu::always_inline]] inline result<void> authorize(Request& request) {
    decltype(auto) sink = sink_of(request);
    return authorize(view_of(std::as_const(request)), sink);
  }
  /// What is no request is told in a sentence.
  template <class Request>
    requires(!any_request<Request>)
  [[nodiscard]] result<void> authorize(Request&) {
    static_assert(any_request<Request>, "countersign: this is no request that can be written: give it method(), origin(), target(), fields(f) and operator()(name, value), or specialise request_traits for it; a const one is only read");
    return {};
  }
  /// The same, reading `view` and writing to `sink`.
  template <request_view V, header_sink Sink>
  [[nodiscard, gnu::always_inline]] inline result<void> authorize(V const& view, Sink&& sink) {
    static_assert(local, "countersign: this source has to ask a server for its credential, so authorize() cannot serve it: use send(authenticator, request, transport), or begin(request) and drive the exchange");
    static_assert(body_view<V> || !signs_body<F>, "countersign: this formatter signs the body, and the request view has no body(): give the view a body() that shows the bytes");
    if constexpr (requires { state_.authorize(view, sink); }) return state_.authorize(view, sink);
    else return detail::authorize_now(state_, view, sink);
  }
  /// The same for a client that takes headers and sends to `url`: for formatters that read nothing of the request.
  template <header_sink Sink>
  [[nodiscard]] result<void> authorize(std::string_view url, Sink&& sink) {
    static_assert(is_constant<F>, "countersign: this formatter may read the request, so a URL is not enough: give authorize() the request, or a view of it");
    return authorize(detail::url_only(url), sink);
  }

  /// Starts the conversation about one request (or a view), which must stay unchanged and alive until it is over.
  template <class Request>
    requires any_request<Request> || request_view<Request>
  [[nodiscard, gnu::always_inline]] inline auto begin(Request const& request) {
    static_assert(body_view<std::remove_cvref_t<decltype(std::declval<detail::viewed<Request>&>().view())>> || !signs_body<F>, "countersign: this formatter signs the body, and the request view has no body(): give the view a body() that shows the bytes");
    return conversation<state, Request>(state_, request);
  }

  /// It would not live long enough.
  template <class Request>
  void begin(Request const&& request) = delete;

  [[nodiscard]] context const& outside() const noexcept { return state_.outside(); }

private:
  state state_;
};

template <class S, class F>
authenticator(S, F) -> authenticator<S, F>;
template <class S, class F>
authenticator(S, F, context) -> authenticator<S, F>;
template <class S, class F, class R>
authenticator(S, F, R) -> authenticator<S, F, R>;
template <class S, class F, class R>
authenticator(S, F, R, context) -> authenticator<S, F, R>;
// A binding of one's own.
template <class S, class F, origin_binding B>
  requires(!refresh_strategy<B>)
authenticator(S, F, B) -> authenticator<S, F, typename detail::defaults<S>::strategy, B>;
template <class S, class F, origin_binding B>
  requires(!refresh_strategy<B>)
authenticator(S, F, B, context) -> authenticator<S, F, typename detail::defaults<S>::strategy, B>;
template <class S, class F, class R, origin_binding B>
authenticator(S, F, R, B) -> authenticator<S, F, R, B>;
template <class S, class F, class R, origin_binding B>
authenticator(S, F, R, B, context) -> authenticator<S, F, R, B>;
template <class S, class F, std::size_t N>
authenticator(S, F, only<N>) -> authenticator<S, F, typename detail::defaults<S>::strategy, only<N>>;
template <class S, class F, std::size_t N>
authenticator(S, F, only<N>, context) -> authenticator<S, F, typename detail::defaults<S>::strategy, only<N>>;
template <class S, class F, class R, std::size_t N>
authenticator(S, F, R, only<N>) -> authenticator<S, F, R, only<N>>;
template <class S, class F, class R, std::size_t N>
authenticator(S, F, R, only<N>, context) -> authenticator<S, F, R, only<N>>;

}  // namespace countersign::inline v0
