#pragma once
// A credential that the program already holds.

#include <countersign/core/credential_source.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Yields what it was given: `fixed{"token"}`, `fixed{basic_login{…}}`. Prefer `env` or a file to a literal in code.
template <std::copy_constructible Credential = secret>
class fixed {
public:
  using credential = Credential;

  explicit fixed(Credential value) noexcept : value_(std::move(value)) {}
  explicit fixed(std::string_view value) noexcept
    requires std::same_as<Credential, secret>
      : value_(value) {}

  [[nodiscard]] result<Credential> acquire(occasion const&, context const&) const { return Credential(value_); }

private:
  Credential value_;
};
fixed(char const*) -> fixed<secret>;
fixed(std::string_view) -> fixed<secret>;
template <class Credential>
fixed(Credential) -> fixed<Credential>;

}  // namespace countersign::inline v0
