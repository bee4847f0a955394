#include <countersign/crypto/bound_token.hpp>

#include <countersign/core/credential_source.hpp>
#include <countersign/source/fixed.hpp>

#include <type_traits>

namespace cs = countersign;

static_assert(std::copy_constructible<cs::bound_token> &&
              std::is_nothrow_move_constructible_v<cs::bound_token>);
// Formatters of tokens take it, those of other credentials do not.
static_assert(std::convertible_to<cs::bound_token const&, cs::token const&>);
static_assert(!std::convertible_to<cs::bound_token const&, cs::secret const&>);
static_assert(std::is_aggregate_v<cs::bound_token> && cs::immediate_source<cs::fixed<cs::bound_token>>);
