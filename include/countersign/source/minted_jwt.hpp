#pragma once
// Tokens that are made here: a JWT (RFC 7519) signed with a key that the server knows.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/held.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/source/hmac_key.hpp>
#include <countersign/source/jwt_claims.hpp>
#include <countersign/source/write_jwt.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

namespace detail {

template <class K>
concept source_of_a_signer = immediate_source<K> && signer<typename K::credential>;

// `memory` is declared only where there is a key to be remembered.
template <class Key>
struct minting_memory {
  static constexpr bool asks = false;
};
template <source_of_a_signer Key>
struct minting_memory<Key> {
  static constexpr bool asks = true;
  struct memory {
    held<prepared_jwt<typename Key::credential>> ready;
    [[no_unique_address]] memory_of<Key> source;
  };
};

}  // namespace detail

/// Yields a fresh token each time it is asked: `renewal` asks before the last one expires, and after a 401.
/// `minted_jwt{hs256{env{"JWT_KEY"}}, jwt_claims{.issuer = "ci", .audience = "https://api.example.com"}}`.
///
/// `Key` is a `signer`, or an immediate source of one, as `hs256` is. That is asked once and what it gave is kept; a
/// renewable one is asked for each token. A mistake in the claims is told by `check()`, and by `acquire`.
template <class Key>
class minted_jwt : public detail::minting_memory<Key> {
  static constexpr bool asks = detail::minting_memory<Key>::asks;
  static_assert(signer<Key> || asks,
                "countersign: minted_jwt needs a key that signs: hs256{env{\"JWT_KEY\"}}, or a signer of "
                "your own with alg() and sign(input, signature)");

public:
  using credential = secret;
  static constexpr bool renewable = true;

  explicit minted_jwt(Key key, jwt_claims claims = {}, jwt_header header = {}) noexcept
      : key_(std::move(key)), claims_(std::move(claims)), header_(std::move(header)),
        usable_(claims_.check()) {}

  /// What is wrong with the claims, or with the key's algorithm.
  [[nodiscard]] result<void> check() const noexcept {
    if (!usable_) return usable_;
    if constexpr (requires {
                    { key_.check() } -> std::same_as<result<void>>;
                  })
      if (auto ok = key_.check(); !ok) return ok.error().within("minted_jwt: ");
    return {};
  }

  [[nodiscard]] result<issued<secret>> acquire(occasion const&, context const& outside) const
      requires(!asks) {
    if (!usable_) return usable_.error();
    secret token;
    auto const expires = write_jwt(token, key_, claims_, header_, outside.coarse_now(), outside);
    return minted(std::move(token), expires);
  }
  template <class Memory>
    requires asks && std::same_as<Memory, memory_of<minted_jwt>>
  [[nodiscard]] result<issued<secret>> acquire(occasion const& why, context const& outside,
                                               Memory& kept) const {
    if (!usable_) return usable_.error();
    if (!kept.ready || is_renewable<Key>) {
      auto got =
          detail::as_issued<typename Key::credential>(detail::acquire(key_, why, outside, kept.source));
      if (!got) return got.error().within("minted_jwt: ");
      auto ready = prepared_jwt<typename Key::credential>::make(std::move(got->credential), claims_, header_);
      if (!ready) return ready.error().within("minted_jwt: ");
      kept.ready.emplace(std::move(*ready));
    }
    secret token;
    auto const expires = kept.ready->write(token, outside.coarse_now(), outside);
    return minted(std::move(token), expires);
  }

private:
  static result<issued<secret>> minted(secret&& token, result<wall_time> const& expires) noexcept {
    if (!expires) return expires.error().within("minted_jwt: ");
    return issued<secret>{std::move(token), *expires};
  }

  Key key_;
  jwt_claims claims_;
  jwt_header header_;
  result<void> usable_;
};

}  // namespace countersign::inline v0
