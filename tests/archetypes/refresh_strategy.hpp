#pragma once
// A refresh strategy: when to renew, and what a refusal means.

#include <countersign/core/refresh_strategy.hpp>

#include <cstdint>

namespace archetypes {

namespace cs = countersign;

/// Renews a minute before the end, and once for a request that was refused.
struct once {
  cs::wall_time due(cs::wall_time obtained, cs::wall_time expires, std::uint32_t) const {
    auto const early = expires - cs::seconds(60);
    return early > obtained ? early : expires;
  }
  cs::verdict judge(cs::response_head const& head, cs::tries so_far) const {
    if (head.status() != 401) return cs::verdict::accept;
    return so_far.renewals == 0 ? cs::verdict::renew : cs::verdict::give_up;
  }
  cs::duration back_off(unsigned failures) const { return cs::seconds(failures < 60 ? failures : 60); }
};

}  // namespace archetypes
