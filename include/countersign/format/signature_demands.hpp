#pragma once
// What a verifier of HTTP message signatures wants, and what it learns.

#include <countersign/core/credential.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>

#include <cstddef>

namespace countersign::inline v0 {

/// How many signatures of one message are tried.
inline constexpr std::size_t max_signatures_tried = 8;

struct signature_demands {
  /// Which components must be covered, written as `http_signature_options` has them; more may be. `@method, @target-uri,
  /// content-digest` suits a request, `@status, content-digest` a response. Empty is refused, unless `uncovered` is set.
  owned_text components = {};
  bool uncovered = false;           ///< a signature that covers nothing will do
  owned_text label = {};            ///< only the signature of that label; empty: any
  owned_text tag = {};              ///< only signatures with that tag; empty: any
  bool created = true;              ///< it must say when it was made
  duration max_age = seconds(300);  ///< since `created`; zero: any age
  duration tolerance = seconds(5);  ///< by which clocks may differ, before `created` and behind `expires`
  bool nonce = false;               ///< it must have one
  /// The types of structured fields that are not in the IANA registry, for `;sf`: a name with "item", "list" or "dictionary".
  header_list structured = {};
};

/// A signature that was found good.
struct verified_signature {
  secret label = {}, key_id = {}, nonce = {}, tag = {};
  secret components = {};  ///< what it covers, as Signature-Input lists it
  wall_time created = {};  ///< 0 where it does not say
  wall_time expires = never_expires;
};

}  // namespace countersign::inline v0
