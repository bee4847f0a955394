#pragma once
// Sources of keys that sign: a PEM, or a JWK, from wherever a secret comes.

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/source/file.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Yields a key whose text is asked of `Source`, an immediate source of a secret: `pem_key{env{"SIGNING_KEY"}}`. What begins
/// with `{` is a JWK, everything else PEM. Errors as `openssl_key`'s, and the source's own.
template <class Source>
class pem_key {
  static_assert(immediate_source<Source>,
                "countersign: a private key is read at once: it needs an immediate source, "
                "such as file{\"key.pem\"}.lines()");

public:
  using credential = openssl_key;
  using memory = memory_of<Source>;
  static constexpr bool renewable = is_renewable<Source>;
  static_assert(std::same_as<typename Source::credential, secret>,
                "countersign: the text of a private key is one secret: its source must yield a secret");

  explicit pem_key(Source source, openssl_key_options how = {}) noexcept
      : source_(std::move(source)), how_(std::move(how)) {}

  [[nodiscard]] result<openssl_key> acquire(occasion const& why, context const& outside, memory& kept) const {
    auto const got = detail::as_issued<secret>(detail::acquire(source_, why, outside, kept));
    if (!got) return got.error();
    if (!got->credential.ok()) return error{errc::no_memory, "pem_key: no memory for the key"};
    auto const text = got->credential.reveal();
    auto const first = text.find_first_not_of(" \t\r\n");
    return first != text.npos && text[first] == '{' ? openssl_key::from_jwk(text, how_.algorithm)
                                                    : openssl_key::from_pem(text, how_);
  }
  [[nodiscard]] std::uint64_t version(context const& outside, memory const& kept) const
    requires versioned_source<Source>
  {
    return detail::version_of(source_, outside, kept);
  }

private:
  Source source_;
  openssl_key_options how_;
};

/// `pem_file{"key.pem"}`: from a file that nobody else may read (`file` has the rules; for one that is mounted for all, write
/// `pem_key{file{"key.pem"}.lines().shared()}`).
struct pem_file : pem_key<file> {
  explicit pem_file(owned_text path, openssl_key_options how = {}) noexcept
      : pem_key<file>(file(std::move(path)).lines(), std::move(how)) {}
};

}  // namespace countersign::inline v0
