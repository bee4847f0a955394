#pragma once
// A credential from an environment variable.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/owned_text.hpp>

#include <utility>

namespace countersign::inline v0 {

/// Yields the value of a variable, byte for byte. Unset or empty is errc::not_mine, so that a chain goes on. An
/// authenticator reads it once, when it is built: the environment of a running program is not safe to read while
/// another thread changes it.
class env {
public:
  using credential = secret;

  explicit env(owned_text name) noexcept : name_(std::move(name)) {}

  [[nodiscard]] std::string_view variable() const noexcept { return name_; }

  [[nodiscard]] result<secret> acquire(occasion const&, context const& outside) const {
    if (!name_.ok()) return error{errc::no_memory, "env: out of memory"};
    auto value = outside.variable(name_);
    if (!value && value.error().code() == errc::not_mine)
      return error{errc::not_mine, "env: variable ", name_.view(), " is not set; export it, then start again"};
    if (value && value->empty())
      return error{errc::not_mine, "env: variable ", name_.view(), " is set but empty; give it a value, then start again"};
    return value;
  }

private:
  owned_text name_;
};

}  // namespace countersign::inline v0
