#pragma once
// What an HTTP message signature of a config is made with.

#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_signer.hpp>

namespace countersign::inline v0::mcp {

/// A key that both sides know, or one of our own, and the id that the server knows it by.
struct http_signature_key {
  secret id = {};
  secret shared = {};
  any_signer own = {};  ///< where there is one, it signs
};

}  // namespace countersign::inline v0::mcp
