#pragma once
// A server may repeat what it was sent: what it says is only shown where no piece of that is in it.

#include <countersign/core/field.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/inspect/detail/header_roles.hpp>
#include <countersign/mcp/secret_names.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/hex.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// So many bytes in a row that are the same are no chance.
inline constexpr std::size_t shortest_echo = 8;

[[nodiscard]] inline bool shares_piece(std::string_view text, std::string_view other,
                                       std::size_t size) noexcept {
  for (std::size_t at = 0; at + size <= other.size(); ++at)
    for (std::size_t in = 0; in + size <= text.size(); ++in)
      if (equal_without_case(text.substr(in, size), other.substr(at, size))) return true;
  return false;
}

/// Whether a text holds a piece of a value as it is, in hex or in base64.
[[nodiscard]] inline bool repeats(std::string_view text, std::string_view value) {
  if (!value.empty() && value.size() < shortest_echo)
    return find_without_case(text, value) != std::string_view::npos;
  if (shares_piece(text, value, shortest_echo)) return true;
  secret coded;
  append_hex(coded, value);
  if (shares_piece(text, coded.reveal(), 2 * shortest_echo)) return true;
  for (std::size_t skipped = 0; skipped < 3 && skipped < value.size(); ++skipped) {
    for (auto const form : {base64::padded, base64::url}) {
      coded.clear();
      append_base64(coded, value.substr(skipped), form);
      if (shares_piece(text, coded.reveal(), shortest_echo)) return true;
    }
  }
  return !coded.ok();
}

/// Whether it repeats any of what was sent.
[[nodiscard]] inline bool repeats_any(std::string_view text, fields const& sent) {
  bool found = false;
  sent.each([&](std::string_view, std::string_view value) {
    if (found) return;
    auto const blank = value.find(' ');
    found = blank == std::string_view::npos
                ? repeats(text, value)
                : repeats(text, value.substr(blank + 1)) ||
                      (known_scheme(value.substr(0, blank)).empty() && repeats(text, value.substr(0, blank)));
  });
  return found;
}

}  // namespace countersign::inline v0::mcp::detail
