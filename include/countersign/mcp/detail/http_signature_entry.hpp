#pragma once
// An entry under `auth` of type http_signature: what it signs, and how.

#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/format/http_signature_options.hpp>
#include <countersign/text/json_value.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp::detail {

// An entry whose shape was checked.
[[nodiscard]] inline http_signature_options signature_options_of(json_value entry) {
  http_signature_options made;
  if (auto const listed = entry["components"]) {
    secret all;
    for (auto const one : listed.elements()) all.append(all.empty() ? "" : ", ").append(one.string());
    made.components = owned_text(std::move(all));
  }
  if (auto const label = entry["label"]) made.label = label.string();
  if (auto const tag = entry["tag"]) made.tag = tag.string();
  if (auto const ttl = entry["ttl"]) made.lifetime = seconds(ttl.integer().value_or(0));
  made.created = entry["created"].boolean(true);
  made.nonce = entry["nonce"].boolean();
  made.algorithm = entry["alg"].boolean();
  if (entry["digest"].string() == "sha-512") made.digest = content_digest::sha_512;
  if (auto const form = entry["keyEncoding"].string(); form == "base64") made.key = key_form::base64;
  else if (form == "base64url") made.key = key_form::base64url;
  else if (form == "hex") made.key = key_form::hex;
  return made;
}

}  // namespace countersign::inline v0::mcp::detail
