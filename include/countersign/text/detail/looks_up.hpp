#pragma once
// What gives a variable its value.

#include <countersign/core/detail/made_from.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <string_view>

namespace countersign::inline v0::detail {

template <class Lookup>
concept looks_up = requires(Lookup& lookup, std::string_view name) {
  { lookup(name) } -> converts_to<result<secret>>;
};

}  // namespace countersign::inline v0::detail
