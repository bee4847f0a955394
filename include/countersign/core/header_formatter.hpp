#pragma once
// The role of a policy that writes a credential into a request's headers.

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/made_from.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/result.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign::inline v0 {

/// What an attempt knew when it was written (the number of a nonce, say): a verdict is about that, never about what is
/// known by now. 0: nothing that matters.
using stamp = std::uint64_t;

/// What a formatter makes of a response.
enum class heard : std::uint8_t {
  nothing,    ///< not its business
  try_again,  ///< it learned what the next attempt needs (a nonce); the credential is not to blame
  give_up,    ///< refused, and neither another attempt nor another credential would help
};

/// A request of which nothing is known: constant formatters are asked once, with this.
struct blank_request {
  [[nodiscard]] std::string_view method() const noexcept { return {}; }
  [[nodiscard]] std::string_view origin() const noexcept { return {}; }
  [[nodiscard]] std::string_view target() const noexcept { return {}; }
  [[nodiscard]] std::optional<std::string_view> body() const noexcept { return std::nullopt; }
  template <class Function>
  void fields(Function&&) const noexcept {}
};

namespace detail {
template <class F, class C, class V>
concept formats_plainly = requires(F const& f, C const& c, V const& v, draft& d, moment const& t) {
  { f.format(c, v, d, t) } -> std::same_as<result<stamp>>;
};
template <class F, class C, class V>
concept formats_with_memory = requires(F const& f, C const& c, V const& v, draft& d, moment const& t, memory_of<F>& m) {
  { f.format(c, v, d, t, m) } -> std::same_as<result<stamp>>;
};

template <class F, class C, class V>
result<stamp> format(F const& formatter, C const& credential, V const& view, draft& out, moment const& when, memory_of<F>& memory) {
  if constexpr (formats_plainly<F, C, V>) return formatter.format(credential, view, out, when);
  else return formatter.format(credential, view, out, when, memory);
}

template <class F, class C, class V, class Sink>
concept writes_straight = requires(F const& f, C const& c, V const& v, Sink& s, moment const& t, memory_of<F>& m) {
  { f.write(c, v, s, t, m) } -> std::same_as<result<stamp>>;
};
// For an authenticator whose only formatter it is.
template <class F, class C, class V, class Sink>
[[gnu::always_inline]] inline result<void> write(F const& formatter, C const& credential, V const& view, Sink& sink, moment const& when, memory_of<F>& memory, stamp& sent) {
  if constexpr (writes_straight<F, C, V, Sink>) {
    auto const made = formatter.write(credential, view, sink, when, memory);
    if (!made) return made.error();
    sent = *made;
    return {};
  } else {
    draft out;
    auto const made = detail::format(formatter, credential, view, out, when, memory);
    if (!made) return made.error();
    sent = *made;
    return out.commit(sink);
  }
}

template <class F, class C, class V>
heard learn(F const& formatter, C const& credential, V const& view, response_head const& head, stamp sent, memory_of<F>& memory) {
  if constexpr (requires { formatter.learn(credential, view, head, sent, memory); }) return formatter.learn(credential, view, head, sent, memory);
  else if constexpr (requires { formatter.learn(credential, view, head, sent); }) return formatter.learn(credential, view, head, sent);
  else return heard::nothing;
}

template <class F>
concept explains_refusals = requires(F const& f, response_head const& head) {
  { f.refusal(head) } -> std::same_as<error>;
};
// Why a formatter gave up: in its own words, behind what shows the origin, or in the usual ones.
template <class F>
error refusal(F const& formatter, response_head const& head, std::string_view origin, error const& usual) {
  if constexpr (explains_refusals<F>)
    if (error const own = formatter.refusal(head); own.code() != errc::none)
      return error{head.status() == 401 ? errc::rejected : own.code(), origin, ": ", own.message()};
  return usual;
}
}  // namespace detail

/// How a credential is written: a value with
/// `result<stamp> format(credential const&, request_view auto const&, draft&, moment const&) const`.
/// It writes with `draft.set(name, pieces…)`, may write nothing, and fails with an error that names it. It may have
/// - `memory`, thread-safe, owned by the authenticator: then it is given as a fifth argument;
/// - `heard learn(credential, view, response_head, stamp[, memory]) const`: hears every response before the refresh
///   strategy does, also a 200 (nonces arrive there too);
/// - `error refusal(response_head) const`: why `learn` gave up on that response, asked right after. The authenticator puts
///   the origin in front, and of a 401 says errc::rejected; errc::none: it has no words of its own;
/// - `result<stamp> write(credential, view, sink, moment, memory) const`: the same as `format`, straight to the sink, for an
///   authenticator whose only formatter it is. The sink must be touched only when nothing else can fail, with fields that
///   may be sent (`draft::check`). It saves a copy of each field;
/// - `static constexpr bool constant = true`: its output depends on the credential alone, so it is made and checked
///   once and kept as bytes;
/// - `static constexpr std::string_view names[]`: a constant formatter's field names, where they are fixed; or, where only
///   their number is, `static constexpr std::size_t field_count`. Either saves the hot path a loop;
/// - `static constexpr unsigned max_learned`: how often one request may be tried again because of what it learned, if not
///   `default_max_learned` times; one more is given up;
/// - `static constexpr bool signs_body = true`: it reads the body, so only views that have one are taken.
template <class F, class C>
concept header_formatter = detail::move_constructible<F> && (detail::formats_plainly<F, C, blank_request> || detail::formats_with_memory<F, C, blank_request>);

template <class F>
inline constexpr bool is_constant = [] {
  if constexpr (requires { { F::constant } -> std::convertible_to<bool>; }) return bool(F::constant);
  else return false;
}();
/// How many fields a constant formatter writes, where it says so; else 0.
template <class F>
inline constexpr std::size_t fields_written = [] {
  if constexpr (requires { std::size(F::names); }) return std::size_t{std::size(F::names)};
  else if constexpr (requires { { F::field_count } -> std::convertible_to<std::size_t>; }) return std::size_t{F::field_count};
  else return std::size_t{0};
}();
/// How often one request is written anew because its formatter learned something (a nonce).
inline constexpr unsigned default_max_learned = 2;
template <class F>
inline constexpr unsigned max_learned_of = [] {
  if constexpr (requires { { F::max_learned } -> std::convertible_to<unsigned>; }) return unsigned(F::max_learned);
  else return default_max_learned;
}();
template <class F>
inline constexpr bool signs_body = [] {
  if constexpr (requires { { F::signs_body } -> std::convertible_to<bool>; }) return bool(F::signs_body);
  else return false;
}();

}  // namespace countersign::inline v0
