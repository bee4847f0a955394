#include "archetypes/origin_binding.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/fixed.hpp>

namespace {

namespace cs = countersign;

static_assert(cs::origin_binding<archetypes::one_host>);
static_assert(cs::origin_binding<cs::only<1>> && cs::origin_binding<cs::only<3>>);

struct without_shown {
  cs::result<void> allows(cs::request_view auto const&) const { return {}; }
};
static_assert(!cs::origin_binding<without_shown>);
struct without_allows {
  std::string_view shown() const { return {}; }
};
static_assert(!cs::origin_binding<without_allows>);
struct allows_by_bool : without_allows {
  bool allows(cs::request_view auto const&) const { return true; }
};
static_assert(!cs::origin_binding<allows_by_bool>);

using bound = cs::authenticator<cs::fixed<cs::secret>, cs::bearer, cs::never, archetypes::one_host>;
static_assert(std::constructible_from<bound, cs::fixed<cs::secret>, cs::bearer, archetypes::one_host>);

}  // namespace
