#pragma once
// Proofs at an authorization server's endpoints (RFC 9449 §5, §8): pure, over the toolkit's own requests and responses.

#include <countersign/core/context.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/format/dpop_proof.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/origin.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// The longest error response in which a demand for a nonce is looked for, in bytes.
inline constexpr std::size_t max_dpop_error = 64 * 1024;

/// Writes `DPoP` on a request to a token endpoint, with its newest nonce, in place of one that is there. The stamp says
/// which nonce that was, for `learn_dpop_nonce`.
template <public_key_signer Key>
[[nodiscard]] result<stamp> add_dpop_proof(request& to, Key const& key, dpop_nonces const& nonces,
                                           moment const& when) {
  auto const where = origin_of(to.url());
  if (!where) return where.error().within("oauth: ");
  auto const nonce = nonces.get(where->view());
  auto const proof = dpop_proof(
      key, {.method = to.method(), .origin = where->view(), .target = to.target(), .nonce = nonce.view()},
      when);
  if (!proof) return proof.error().within("oauth: ");
  if (!to("DPoP", proof->reveal())) return error{errc::no_memory, "oauth: out of memory"};
  return nonce.number();
}

/// Hears what the endpoint at `url` answered, also a 200. try_again: it wants a nonce (400 or 401, error "use_dpop_nonce",
/// RFC 9449 §8) that the request did not carry, so the same request with a new proof will do; do that once. give_up: it
/// wants one, and gave none.
/// @param sent what `add_dpop_proof` gave
[[nodiscard]] inline heard learn_dpop_nonce(dpop_nonces& nonces, std::string_view url, response const& answer,
                                            stamp sent) {
  auto const where = origin_of(url);
  if (!where) return heard::nothing;
  nonces.learn(where->view(), response_head(answer));
  if ((answer.status() != 400 && answer.status() != 401) || answer.body.size() > max_dpop_error)
    return heard::nothing;
  auto const said = json_document::parse(secret(answer.body));  // a copy: the answer is still to be read
  if (!said || (*said)["error"].string() != "use_dpop_nonce") return heard::nothing;
  auto const newest = nonces.get(where->view()).number();
  return newest != 0 && newest != sent ? heard::try_again : heard::give_up;
}

}  // namespace countersign::inline v0::oauth
