#pragma once
// The role of a policy that decides when a credential is stale and what a refusal means.

#include <countersign/core/detail/made_from.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/time.hpp>

#include <concepts>
#include <cstdint>

namespace countersign::inline v0 {

/// What has been tried for this one request so far.
struct tries {
  unsigned renewals = 0;
  unsigned step_ups = 0;
};

/// What a response means for the credential that its request carried.
enum class verdict : std::uint8_t {
  accept,   ///< hand the response to the user
  renew,    ///< refused: acquire another and try again
  step_up,  ///< it lacks scope: acquire a wider one and try again
  give_up,  ///< refused, and asking again would not help
};

/// When a credential is renewed: a value with
/// - `wall_time due(wall_time obtained, wall_time expires, std::uint32_t random) const`: from when on one caller renews
///   while the others go on with what they have; never later than `expires`. `random` spreads callers over machines;
/// - `verdict judge(response_head const&, tries) const`;
/// - `duration back_off(unsigned failures) const`: how long after the n-th failed renewal (1 is the first) nobody tries.
template <class R>
concept refresh_strategy = detail::move_constructible<R> && requires(R const& r, wall_time t, std::uint32_t random, response_head const& head, tries so_far, unsigned failures) {
  { r.due(t, t, random) } -> std::same_as<wall_time>;
  { r.judge(head, so_far) } -> std::same_as<verdict>;
  { r.back_off(failures) } -> std::same_as<duration>;
};

}  // namespace countersign::inline v0
