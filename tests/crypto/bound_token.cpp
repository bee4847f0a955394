#include <countersign/crypto/bound_token.hpp>

#include <countersign/core/credential_source.hpp>
#include <countersign/source/fixed.hpp>

#include <type_traits>

namespace cs = countersign;

static_assert(std::copy_constructible<cs::bound_token> &&
              std::is_nothrow_move_constructible_v<cs::bound_token>);
static_assert(std::is_aggregate_v<cs::bound_token> && cs::immediate_source<cs::fixed<cs::bound_token>>);
