#pragma once
// A token that is worth nothing without a key (RFC 9449 §6).

#include <countersign/core/credential.hpp>
#include <countersign/crypto/any_signer.hpp>

namespace countersign::inline v0 {

/// A token with the key that it was issued to. The key is the one that its token request was proved with, and goes on
/// to serve for its refresh; whoever keeps the token keeps it. Empty: the token is bound to none.
struct bound_token {
  token access = {};
  any_signer key = {};

  /// For formatters of tokens: its type says whether they can write it.
  operator token const&() const noexcept { return access; }
};

}  // namespace countersign::inline v0
