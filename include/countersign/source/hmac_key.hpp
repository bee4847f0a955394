#pragma once
// The key of an HMAC, from wherever a secret comes: HS256, HS384 and HS512 for tokens that are minted here.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/source/fixed.hpp>

#include <concepts>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Yields a signer whose key is asked of `Source`, an immediate source of a secret: `hmac_key{"HS256", env{"JWT_KEY"}}`,
/// with the algorithm's name from a config. A key that is too short for it is refused.
template <class Source>
class hmac_key {
  static_assert(immediate_source<Source>, "countersign: the key of an HMAC is read at once: it needs an "
                                          "immediate source, such as env{\"JWT_KEY\"}");

public:
  using credential = hmac_signer;
  using memory = memory_of<Source>;
  static constexpr bool renewable = is_renewable<Source>;
  static_assert(std::same_as<typename Source::credential, secret>,
                "countersign: the key of an HMAC is one secret: its source must yield a secret");

  hmac_key(sha2 hash, Source source, key_form form = key_form::raw) noexcept
      : hash_(hash), form_(form), source_(std::move(source)) {}
  hmac_key(std::string_view algorithm, Source source, key_form form = key_form::raw) noexcept
      : hash_(hmac_algorithm(algorithm)), form_(form), source_(std::move(source)) {}

  /// Whether the algorithm's name was one.
  [[nodiscard]] result<void> check() const noexcept {
    return hash_ ? result<void>() : result<void>(hash_.error());
  }

  [[nodiscard]] result<hmac_signer> acquire(occasion const& why, context const& outside, memory& kept) const {
    if (!hash_) return hash_.error();
    auto got = detail::as_issued<secret>(detail::acquire(source_, why, outside, kept));
    if (!got) return got.error();
    auto const key = decode_key(got->credential.reveal(), form_);
    if (!got->credential.ok()) return error{errc::no_memory, "no memory for the key"};
    if (!key) return key.error().within(name(), ": the key is not written as was said: ");
    return hmac_signer::make(*hash_, key->reveal());
  }

private:
  [[nodiscard]] std::string_view name() const noexcept {
    return detail::hmac_algorithms[static_cast<std::size_t>(*hash_)];
  }

  result<sha2> hash_;
  key_form form_;
  Source source_;
};

/// `hs256{env{"JWT_KEY"}}`: a key of 32 bytes at least. `hs256{env{"JWT_KEY"}, key_form::base64}` where it is written so.
template <class Source>
struct hs256 : hmac_key<Source> {
  explicit hs256(Source source, key_form form = key_form::raw) noexcept
      : hmac_key<Source>(sha2::bits_256, std::move(source), form) {}
};
/// The same with 48 bytes.
template <class Source>
struct hs384 : hmac_key<Source> {
  explicit hs384(Source source, key_form form = key_form::raw) noexcept
      : hmac_key<Source>(sha2::bits_384, std::move(source), form) {}
};
/// The same with 64 bytes.
template <class Source>
struct hs512 : hmac_key<Source> {
  explicit hs512(Source source, key_form form = key_form::raw) noexcept
      : hmac_key<Source>(sha2::bits_512, std::move(source), form) {}
};

}  // namespace countersign::inline v0
