#pragma once
// A credential that the program already holds.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/made_from.hpp>

#include <concepts>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Yields what it was given: `fixed{"token"}`, `fixed{basic_login{…}}`; any kind of string is taken as a `secret`.
/// Prefer `env` or a file to a literal in code.
template <detail::copy_constructible Credential = secret>
class fixed {
public:
  using credential = Credential;

  explicit fixed(Credential value) noexcept : value_(std::move(value)) {}
  explicit fixed(std::string_view value) noexcept
    requires std::same_as<Credential, secret>
      : value_(value) {}

  [[nodiscard]] result<Credential> acquire(occasion const&, context const&) const {
    Credential copy(value_);
    if constexpr (requires { { copy.ok() } -> std::convertible_to<bool>; }) {
      if (!copy.ok()) return error{errc::no_memory, "fixed: out of memory"};
    }
    return copy;
  }

private:
  Credential value_;
};
template <class Credential>
fixed(Credential) -> fixed<Credential>;
template <std::convertible_to<std::string_view> Text>
fixed(Text) -> fixed<secret>;

}  // namespace countersign::inline v0
