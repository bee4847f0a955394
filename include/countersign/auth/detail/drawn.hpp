#pragma once
// The moments of one authenticator: where the context is the system, their randomness comes from a pool.

#include <countersign/core/context.hpp>
#include <countersign/os/entropy_pool.hpp>
#include <countersign/os/system.hpp>

#include <cstddef>

namespace countersign::inline v0::detail {

class drawn_moments {
public:
  [[nodiscard]] moment now(context const& outside) noexcept {
    if (outside.read_entropy != system_context.read_entropy) return moment(outside);
    return moment(outside, {&pool_, draw});
  }

private:
  static bool draw(void* pool, void* to, std::size_t size) noexcept {
    return static_cast<os::entropy_pool*>(pool)->read(to, size);
  }

  os::entropy_pool pool_;
};

}  // namespace countersign::inline v0::detail
