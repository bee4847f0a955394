#pragma once
// Tokens that are nothing without a proof.

#include <countersign/core/credential.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>

namespace countersign::inline v0::detail {

// RFC 9449 §5: token_type is compared without case (RFC 6749 §5.1).
[[nodiscard]] inline bool is_dpop(token const& issued) noexcept {
  return equal_without_case(issued.type.reveal(), "DPoP");
}

template <class... Name>
[[nodiscard]] error needs_a_proof(Name const&... formatter) noexcept {
  return {errc::fatal, formatter...,
          ": the token is bound to a key (DPoP), and is worth nothing without a proof; write it with "
          "bearer_or_dpop"};
}

}  // namespace countersign::inline v0::detail
