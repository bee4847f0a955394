#pragma once
// Renewing early, on a challenge, and not too often.

#include <countersign/core/field.hpp>
#include <countersign/core/refresh_strategy.hpp>
#include <countersign/text/challenge.hpp>

#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// Renews before expiry, once more on a 401, and asks for more scope on a 403 that says so.
/// `renewal{.early = 60s}`; every field has a default.
struct renewal {
  /// How long before expiry one caller renews while the others go on. A credential that lives shorter than twice that is
  /// renewed at half its life.
  duration early = seconds(60);
  /// The part of `early`, in percent, over which callers on many machines are spread.
  unsigned jitter_percent = 20;
  /// Renewals for one request that is answered 401.
  unsigned renewals = 1;
  /// Step-ups for one request that is answered 403 with `error="insufficient_scope"` (RFC 6750 §3.1). 0: the 403 is the
  /// user's to handle.
  unsigned step_ups = 0;
  /// After the n-th failed renewal nobody tries for `first_pause` · 2^(n−1), `longest_pause` at the most.
  duration first_pause = seconds(1);
  duration longest_pause = seconds(300);

  [[nodiscard]] constexpr wall_time due(wall_time obtained, wall_time expires, std::uint32_t random) const noexcept {
    if (expires == never_expires) return expires;
    auto const life = expires > obtained ? detail::saturating_subtract(expires.ms, obtained.ms) : 0;
    auto const ahead = early.ms < 0 ? 0 : early.ms < life / 2 ? early.ms : life / 2;
    // Multiplied in parts: even the longest span must not overflow.
    auto const times = [](std::int64_t span, std::int64_t factor, std::int64_t of) { return span / of * factor + span % of * factor / of; };
    auto const spread = times(ahead, jitter_percent < 100 ? jitter_percent : 100, 100);
    return expires - duration(ahead) - duration(times(spread, random % 1024, 1024));
  }

  [[nodiscard]] verdict judge(response_head const& head, tries so_far) const {
    if (head.status() == 401) return so_far.renewals < renewals ? verdict::renew : verdict::give_up;
    if (head.status() == 403 && so_far.step_ups < step_ups && lacks_scope(head)) return verdict::step_up;
    return verdict::accept;
  }

  [[nodiscard]] constexpr duration back_off(unsigned failures) const noexcept {
    auto const longest = longest_pause.ms > 0 ? longest_pause.ms : 0;
    auto pause = first_pause.ms > 0 ? first_pause.ms : 0;
    for (unsigned n = 1; n < failures && pause > 0 && pause < longest; ++n) pause = pause > longest / 2 ? longest : pause * 2;
    return duration(pause < longest ? pause : longest);
  }

private:
  // Of whatever scheme: DPoP says it as Bearer does (RFC 9449 §7.1). A field that can't be read says nothing.
  static bool lacks_scope(response_head const& head) {
    challenges all;
    head.fields([&](std::string_view name, std::string_view value) {
      if (equal_without_case(name, "WWW-Authenticate")) static_cast<void>(all.add(value));
    });
    for (challenge const one : all)
      if (one.parameter("error") == "insufficient_scope") return true;
    return false;
  }
};

}  // namespace countersign::inline v0
