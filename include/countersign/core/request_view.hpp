#pragma once
// How a foreign request is read and written in place: nothing is converted, nothing is copied.

#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

namespace detail {
// A std::string that is returned by value would be gone before it is read.
template <class Shown>
concept outlives_the_call = std::is_reference_v<Shown> || std::is_trivially_destructible_v<Shown>;
template <class Shown>
concept shown_text = std::convertible_to<Shown, std::string_view> && outlives_the_call<Shown>;
template <class Shown>
concept shown_body = std::convertible_to<Shown, std::optional<std::string_view>> && outlives_the_call<Shown>;
}  // namespace detail

/// What a formatter may read of a request. All it shows is views (or references) that stay valid while the request is
/// unchanged; a view that returns a std::string by value is none.
///
/// - `method()`: as it will be sent, "GET".
/// - `origin()`: scheme "://" host [":" port] of where it will be sent. Best in the normal form of RFC 6454 §6.2
///   (lower case, no default port, no userinfo): that is compared in a few nanoseconds; any other spelling is parsed.
/// - `target()`: exactly the bytes that will follow the method on the wire: path and query.
/// - `fields(f)`: calls `f(name, value)` for every field that will be sent, in order.
/// - optional `url()`: the whole URL, where the request keeps one: it saves cutting out the origin.
/// - optional `body()`: the bytes, as std::optional<std::string_view>; nullopt where this body can't be read (a stream).
///   A formatter that signs the body takes only views that have it.
/// - optional `replayable()`: false where the body can be sent once only; then a 401 is reported, never retried.
template <class V>
concept request_view = requires(V const& view, void (*each)(std::string_view, std::string_view)) {
  { view.method() } -> detail::shown_text;
  { view.origin() } -> detail::shown_text;
  { view.target() } -> detail::shown_text;
  view.fields(each);
};

/// A view that can show the body's bytes (or say at run time that it can't).
template <class V>
concept body_view = request_view<V> && requires(V const& view) {
  { view.body() } -> detail::shown_body;
};

/// Where finished fields go. `sink(name, value)` replaces every field of that name; false says that it had no memory.
/// Called only when every formatter has succeeded.
template <class S>
concept header_sink = requires(S& sink, std::string_view bytes) {
  { sink(bytes, bytes) } -> std::convertible_to<bool>;
};

/// A sink that also lends the place where a value goes, so that a cached token is copied once and no copy has to be wiped:
/// `place(name, size)` gives room for `size` bytes (up to 64 more than will be needed), or nullptr if it has none;
/// `placed(size)` says how many were written: now they are a field, which replaces every field of that name. Until then
/// nothing is; `place` may be called again instead.
template <class S>
concept placing_sink = header_sink<S> && requires(S& sink, std::string_view name, std::size_t size) {
  { sink.place(name, size) } -> std::same_as<char*>;
  sink.placed(size);
};

/// Specialise for a request type of another library, so that it can be authorized as it is:
/// `static view_type view(R const&)` and `static sink_type sink(R&)`.
template <class R>
struct request_traits;

/// Either a type with `request_traits`, or one that is a view and a sink by itself.
template <class R>
concept foreign_request = requires(R& request, R const& same) {
  { request_traits<R>::view(same) } -> request_view;
  { request_traits<R>::sink(request) } -> header_sink;
};
template <class R>
concept native_request = request_view<R> && header_sink<R>;
template <class R>
concept any_request = foreign_request<R> || native_request<R>;

/// The view of a request; of a native one, the request itself.
template <any_request R>
[[nodiscard]] decltype(auto) view_of(R const& request) {
  if constexpr (foreign_request<R>) return request_traits<R>::view(request);
  else return (request);
}
template <any_request R>
[[nodiscard]] decltype(auto) sink_of(R& request) {
  if constexpr (foreign_request<R>) return request_traits<R>::sink(request);
  else return (request);
}

namespace detail {
template <class V>
bool is_replayable(V const& view) {
  if constexpr (requires { { view.replayable() } -> std::convertible_to<bool>; }) return view.replayable();
  else return true;
}
}  // namespace detail

}  // namespace countersign::inline v0
