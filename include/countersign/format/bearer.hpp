#pragma once
// `Authorization: Bearer …` (RFC 6750 §2.1).

#include <countersign/core/credential.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/format/detail/token_kind.hpp>

#include <string_view>

namespace countersign::inline v0 {

/// Writes a token as a bearer token. Takes a `secret`, or a `token` whose type is Bearer: one that was issued as
/// another type is refused, because its server would not take it so. A value that can't be a token is refused with what
/// is probably wrong with it, never mended.
struct bearer {
  static constexpr bool constant = true;
  static constexpr std::string_view names[] = {"Authorization"};

  [[nodiscard]] result<stamp> format(secret const& value, request_view auto const&, draft& out, moment const&) const {
    if (!value.ok()) return error{errc::no_memory, "bearer: out of memory"};
    auto const bytes = value.reveal();
    if (bytes.empty()) return error{errc::bad_input, "bearer: the token is empty"};
    if (bytes.size() >= 7 && equal_without_case(bytes.substr(0, 7), "Bearer "))
      return error{errc::bad_input, "bearer: the token already begins with \"Bearer \"; give the token alone, the scheme is added here"};
    if (!is_b64token(bytes))
      return error{errc::bad_input, "bearer: the token holds a byte that no bearer token has (RFC 6750: letters, digits, -._~+/ and = at its end); look for a stray blank, quote or line end"};
    out.set(names[0], "Bearer ", bytes);
    return stamp{};
  }

  [[nodiscard]] result<stamp> format(token const& issued_token, request_view auto const& view, draft& out, moment const& when) const {
    if (!issued_token.type.ok()) return error{errc::no_memory, "bearer: out of memory"};
    if (detail::is_dpop(issued_token)) return detail::needs_a_proof("bearer");
    if (!equal_without_case(issued_token.type.reveal(), "Bearer"))
      return error{errc::fatal, "bearer: the token was issued with another token_type than Bearer; choose a formatter that writes that type"};
    return format(issued_token.value, view, out, when);
  }
};

}  // namespace countersign::inline v0
