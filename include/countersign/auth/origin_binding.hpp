#pragma once
// The role of what says where a credential may go.

#include <countersign/core/detail/made_from.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>

#include <concepts>
#include <string_view>

namespace countersign::inline v0 {

/// Where a credential may go: `only{…}`, or a type of one's own with
/// - `result<void> allows(request_view auto const&) const`: an error (errc::wrong_origin, errc::insecure) refuses, and then
///   nothing is written. It is on the hot path of every request.
/// - `std::string_view shown() const`: the origin for messages and traces; no secret.
template <class B>
concept origin_binding = detail::move_constructible<B> && requires(B const& binding, blank_request const& view) {
  { binding.allows(view) } -> std::same_as<result<void>>;
  { binding.shown() } -> std::convertible_to<std::string_view>;
};

}  // namespace countersign::inline v0
