#pragma once
// Whether a message carries a signature that is worth something (RFC 9421 §3.2).

#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/crypto/verifier.hpp>
#include <countersign/format/detail/signature_check.hpp>
#include <countersign/format/signature_demands.hpp>
#include <countersign/format/signed_message.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

/// Where keys come from: `keys(key_id)` gives a reference to a `verifier`, or a `verifier_ref` that is empty where no key of that id is trusted.
/// A signature that says no id is asked for with "".
template <class K>
concept verification_keys = requires(K const& keys, std::string_view key_id) {
  { keys(key_id) } -> std::convertible_to<verifier_ref>;
  // A key by value would be gone before it is used.
  requires std::is_lvalue_reference_v<decltype(keys(key_id))> ||
      std::same_as<decltype(keys(key_id)), verifier_ref>;
};

/// The first signature of the message that meets the demands. errc::rejected and a reason where none does; bad_input where the
/// message is malformed. The algorithm is the key's: a message that says another is rejected, and so is one whose Content-Digest
/// is covered and not its body's. Nothing keeps a signature from being sent twice: who must notice remembers `nonce`.
/// @param keys what it gives must live as long as this call
/// @param now a wall clock
template <verification_keys Keys>
[[nodiscard]] result<verified_signature> verify_signature(signed_message const& message,
                                                          signature_demands const& wanted, Keys const& keys,
                                                          wall_time now) {
  auto const ask = [&keys](std::string_view key_id) { return verifier_ref(keys(key_id)); };
  detail::key_lookup const look_up = [](void const* self, std::string_view key_id) {
    return (*static_cast<decltype(ask)*>(self))(key_id);
  };
  return detail::signature_check(message, wanted, {look_up, &ask}, now).run();
}

}  // namespace countersign::inline v0
