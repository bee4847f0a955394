#pragma once
// A credential as the value of a header of one's own.

#include <countersign/core/credential.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/format/detail/token_kind.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Writes `Name: prefix value suffix`: `header{"X-API-Key"}`, `header{"Authorization", "Token "}`. Takes a `secret` or
/// the value of a `token` that is bound to no key. An empty credential is refused.
class header {
public:
  static constexpr bool constant = true;
  static constexpr std::size_t field_count = 1;

  explicit header(owned_text name, owned_text prefix = {}, owned_text suffix = {}) noexcept
      : name_(std::move(name)), prefix_(std::move(prefix)), suffix_(std::move(suffix)) {}

  [[nodiscard]] std::string_view name() const noexcept { return name_; }

  [[nodiscard]] result<stamp> format(secret const& value, request_view auto const&, draft& out, moment const&) const {
    if (!name_.ok() || !prefix_.ok() || !suffix_.ok() || !value.ok()) return error{errc::no_memory, "header: out of memory"};
    if (value.empty()) return error{errc::bad_input, "header ", name_.view(), ": the credential is empty"};
    out.set(name_, prefix_.view(), value.reveal(), suffix_.view());
    return stamp{};
  }
  [[nodiscard]] result<stamp> format(token const& issued_token, request_view auto const& view, draft& out, moment const& when) const {
    if (!issued_token.type.ok()) return error{errc::no_memory, "header: out of memory"};
    if (detail::is_dpop(issued_token)) return detail::needs_a_proof("header ", name_.view());
    return format(issued_token.value, view, out, when);
  }

private:
  owned_text name_, prefix_, suffix_;
};

}  // namespace countersign::inline v0
