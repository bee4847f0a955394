#pragma once
// The role of whatever sends a request.

#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

namespace detail {
template <class T>
struct result_value {};
template <class T>
struct result_value<result<T>> {
  using type = T;
};
}  // namespace detail

/// A callable `result<Response>(Request const&)` that follows no redirect and decodes nothing. Its errors are
/// errc::not_sent where it knows that no byte of the request left, bad_input or bad_field where it refuses to send such a
/// request, else errc::unanswered or what was wrong with the answer (too_large).
template <class T, class Request>
concept sends = requires(T& transport, Request const& what) {
  typename detail::result_value<std::remove_cvref_t<decltype(transport(what))>>::type;
};

/// What a transport answers to that request.
template <class T, class Request>
using response_of = typename detail::result_value<std::remove_cvref_t<decltype(std::declval<T&>()(std::declval<Request const&>()))>>::type;

/// Sends the toolkit's own requests; the body of an answer is buffered under a cap.
template <class T>
concept transport = sends<T, request> && std::same_as<response_of<T, request>, response>;

}  // namespace countersign::inline v0
