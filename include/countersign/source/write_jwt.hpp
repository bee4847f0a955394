#pragma once
// JSON Web Tokens (RFC 7519) into a buffer that the caller keeps: once it is large enough, a token that is signed by HMAC
// costs no allocation.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/compact_jws.hpp>
#include <countersign/crypto/hmac_midstates.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/source/jwt_claims.hpp>
#include <countersign/text/base64.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

/// One token whose claims are used once, in place of what `out` holds; gives its time of expiry. Errors begin with
/// "header: " or "claims: " where these are to blame; after one `out` holds nothing of use.
template <signer S>
[[nodiscard]] result<wall_time> write_jwt(secret& out, S const& key, jwt_claims const& claims,
                                          jwt_header const& header, wall_time now, context const& outside) {
  out.clear();
  if (auto ok = header.write(out, key.alg()); !ok) return ok.error().within("header: ");
  auto const header_size = out.size();
  auto const expires = claims.write(out, now, outside);
  if (!expires) return expires.error().within("claims: ");
  // Both texts go behind the place of the token, and from there into it.
  auto const json_size = out.size();
  auto const token_size = detail::compact_jws_size(header_size, json_size - header_size);
  if (!out.reserve(token_size + json_size)) return error{errc::no_memory, "out of memory"};
  auto* const json = out.data() + token_size;
  std::memmove(json, out.data(), json_size);
  auto* at = encode_base64(out.data(), detail::text_at(json, header_size), base64::url);
  *at++ = '.';
  at = encode_base64(at, detail::text_at(json + header_size, json_size - header_size), base64::url);
  out.add_written(static_cast<std::size_t>(at - out.data()) - json_size);
  wipe(json, json_size);
  if (auto ok = detail::append_signature(out, key); !ok) return ok.error();
  return *expires;
}

namespace detail {
// What there is to be remembered of a key and of what its messages begin with.
struct nothing_begun {
  template <class S>
  std::size_t begin(S const&, std::string_view) noexcept {
    return 0;
  }
};
struct hmac_begun {
  template <class S>
  std::size_t begin(S const& key, std::string_view front) noexcept {
    keyed = key.midstates();
    return keyed.begin_with(front);
  }
  hmac_midstates keyed{sha2::bits_256};
};
}  // namespace detail

/// The same claims in many tokens: what is the same in each is written and encoded once, and under an HMAC hashed once.
/// Threads may write with one at once, each into a buffer of its own.
template <signer S>
class prepared_jwt {
public:
  /// @param key is asked for its `alg()` now
  [[nodiscard]] static result<prepared_jwt> make(S key, jwt_claims claims = {},
                                                 jwt_header const& header = {}) {
    prepared_jwt made(std::move(key), std::move(claims));
    secret text;
    if (auto ok = header.write(text, made.key_.alg()); !ok) return ok.error().within("header: ");
    append_base64(made.front_, text.reveal(), base64::url).push_back('.');
    text.clear();
    if (auto ok = made.claims_.write_constant(text); !ok) return ok.error().within("claims: ");
    // Of base64 only whole groups of three bytes are known before the rest is.
    auto const whole = text.size() - text.size() % 3;
    append_base64(made.front_, text.reveal().substr(0, whole), base64::url);
    made.carried_size_ = text.size() - whole;
    std::memcpy(made.carried_, text.reveal().data() + whole, made.carried_size_);
    if (!text.ok() || !made.front_.ok()) return error{errc::no_memory, "out of memory"};
    made.hashed_ = made.begun_.begin(made.key_, made.front_.reveal());
    return made;
  }

  /// Writes a token in place of what `out` holds; gives its time of expiry.
  [[nodiscard]] result<wall_time> write(secret& out, wall_time now, context const& outside) const {
    char text[sizeof carried_ + jwt_claims::max_moment];
    std::memcpy(text, carried_, sizeof carried_);
    std::size_t size = 0;
    auto const expires = claims_.write_moment(text + carried_size_, size, now, outside);
    if (!expires) return expires.error().within("claims: ");
    out.clear();
    if (!out.reserve(front_.size() + most_behind)) return error{errc::no_memory, "out of memory"};
    auto* const begin = out.data();
    std::memcpy(begin, front_.reveal().data(), front_.size());
    auto* at = encode_base64(begin + front_.size(), detail::text_at(text, carried_size_ + size), base64::url);
    if constexpr (detail::signs_by_hmac<S>) {
      char code[max_digest_size];
      begun_.keyed.finish(detail::text_at(begin + hashed_, static_cast<std::size_t>(at - begin) - hashed_), code);
      *at++ = '.';
      at = encode_base64(at, detail::text_at(code, digest_size(begun_.keyed.hash())), base64::url);
      out.add_written(static_cast<std::size_t>(at - begin));
    } else {
      out.add_written(static_cast<std::size_t>(at - begin));
      if (auto ok = detail::append_signature(out, key_); !ok) return ok.error();
    }
    return *expires;
  }

private:
  prepared_jwt(S key, jwt_claims claims) noexcept : key_(std::move(key)), claims_(std::move(claims)) {}

  // Of what stands behind the front: the rest of the claims, and a signature.
  static constexpr std::size_t most_behind = base64_size(2 + jwt_claims::max_moment, base64::url) + 1 +
                                             base64_size(detail::usual_signature, base64::url);

  S key_;
  jwt_claims claims_;
  secret front_;          // as the token has it
  char carried_[2] = {};  // of the claims, behind what was encoded
  std::size_t carried_size_ = 0;
  std::size_t hashed_ = 0;  // how much of the front
  [[no_unique_address]] std::conditional_t<detail::signs_by_hmac<S>, detail::hmac_begun,
                                           detail::nothing_begun>
      begun_;
};

}  // namespace countersign::inline v0
