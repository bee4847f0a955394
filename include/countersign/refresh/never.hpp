#pragma once
// For credentials that nobody renews.

#include <countersign/core/refresh_strategy.hpp>

namespace countersign::inline v0 {

/// Uses a credential until it expires; a 401 is final.
struct never {
  [[nodiscard]] constexpr wall_time due(wall_time, wall_time expires, std::uint32_t) const noexcept { return expires; }
  [[nodiscard]] verdict judge(response_head const& head, tries) const noexcept {
    return head.status() == 401 ? verdict::give_up : verdict::accept;
  }
  [[nodiscard]] constexpr duration back_off(unsigned) const noexcept { return duration(); }
};

}  // namespace countersign::inline v0
