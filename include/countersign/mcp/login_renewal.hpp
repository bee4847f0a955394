#pragma once
// What a refusal means to a server of a config that one may sign in to.

#include <countersign/core/refresh_strategy.hpp>
#include <countersign/core/time.hpp>
#include <countersign/mcp/configured_renewal.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/sign_in_entry.hpp>
#include <countersign/refresh/renewal.hpp>

#include <cstdint>

namespace countersign::inline v0::mcp {

/// A 401 leads to a refresh or a sign-in, once; a 403 that asks for more scope to a wider one, once. Where the entry
/// configures the whole credential, `configured_renewal` judges.
class login_renewal {
public:
  login_renewal() = default;
  explicit login_renewal(server const& of) noexcept : entry_(of), signs_in_(may_sign_in(of)) {}

  [[nodiscard]] wall_time due(wall_time obtained, wall_time expires, std::uint32_t random) const noexcept {
    return usual_.due(obtained, expires, random);
  }
  [[nodiscard]] verdict judge(response_head const& head, tries so_far) const {
    return signs_in_ ? usual_.judge(head, so_far) : entry_.judge(head, so_far);
  }
  [[nodiscard]] duration back_off(unsigned failures) const noexcept { return usual_.back_off(failures); }

private:
  renewal usual_ = {.step_ups = 1};
  configured_renewal entry_;
  bool signs_in_ = true;
};

}  // namespace countersign::inline v0::mcp
