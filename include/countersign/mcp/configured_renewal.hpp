#pragma once
// What a refusal means to a server of a config.

#include <countersign/core/refresh_strategy.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/refresh/renewal.hpp>

#include <cstdint>

namespace countersign::inline v0::mcp {

/// A program that prints headers is run again, once, after a 401 and after a 403, which may be about what it printed; a
/// token is minted anew, once, after a 401. What stands in the config or in a variable would be the same again, so
/// its refusal is final.
class configured_renewal {
public:
  configured_renewal() = default;
  explicit configured_renewal(server const& of) noexcept : runs_(of.headers_command()) {
    of.each_auth([this](json_value one) { mints_ = mints_ || one["type"].string() == "jwt"; });
  }

  [[nodiscard]] wall_time due(wall_time obtained, wall_time expires, std::uint32_t random) const noexcept {
    return usual_.due(obtained, expires, random);
  }
  [[nodiscard]] verdict judge(response_head const& head, tries so_far) const {
    bool const again = so_far.renewals < usual_.renewals;
    if (head.status() == 401) return again && (runs_ || mints_) ? verdict::renew : verdict::give_up;
    if (head.status() == 403) return again && runs_ ? verdict::renew : verdict::accept;
    return verdict::accept;
  }
  [[nodiscard]] duration back_off(unsigned failures) const noexcept { return usual_.back_off(failures); }

private:
  renewal usual_ = {};
  bool runs_ = false, mints_ = false;
};

}  // namespace countersign::inline v0::mcp
