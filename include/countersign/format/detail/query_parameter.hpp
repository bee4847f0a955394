#pragma once
// One parameter of a query, as RFC 9421 §2.2.8 has it: parsed as a form's, encoded anew.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/percent.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace countersign::inline v0::detail {

// WHATWG URL §5.2 as RFC 9421 uses it: a form's, but that a blank becomes %20.
inline constexpr percent_coding query_coding = {"query parameter", '*', false};

/// A name or value of a query, decoded and encoded again. "%" without two digits stands for itself. errc::bad_input where it is
/// not UTF-8: others would put another character in its place.
[[nodiscard]] inline result<secret> encoded_anew(std::string_view written) noexcept {
  secret plain, made;
  plain.reserve(written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    char byte = written[i] == '+' ? ' ' : written[i];
    if (byte == '%' && written.size() - i > 2 && hex_value(written[i + 1]) >= 0 &&
        hex_value(written[i + 2]) >= 0) {
      byte = static_cast<char>(hex_value(written[i + 1]) << 4 | hex_value(written[i + 2]));
      i += 2;
    }
    plain.push_back(byte);
  }
  if (!valid_utf8(plain.reveal()))
    return error{errc::bad_input, "the query holds what is not UTF-8; cover @query instead"};
  append_encoded(made, plain.reveal(), query_coding);
  if (!plain.ok() || !made.ok()) return error{errc::no_memory, "out of memory"};
  return made;
}
[[nodiscard]] constexpr bool is_encoded(std::string_view text) noexcept {
  for (char const c : text)
    if (!query_coding.keeps(c)) return false;
  return true;
}

/// The value of the one parameter whose encoded name is `name`, as it stands in the query.
[[nodiscard]] inline result<std::string_view> query_parameter(std::string_view query,
                                                              std::string_view name) noexcept {
  std::optional<std::string_view> found;
  while (!query.empty()) {
    auto const one = query.substr(0, query.find('&'));
    query.remove_prefix(one.size() == query.size() ? one.size() : one.size() + 1);
    if (one.empty()) continue;
    auto const sign = one.find('=');
    auto const said = one.substr(0, sign);
    bool same = said == name;
    if (!is_encoded(said)) {
      auto const made = encoded_anew(said);
      if (!made) return made.error();
      same = made->reveal() == name;
    }
    if (!same) continue;
    if (found)
      return error{errc::bad_input,
                   "the query has it several times; cover @query instead (RFC 9421 section 2.2.8)"};
    found = sign == std::string_view::npos ? std::string_view() : one.substr(sign + 1);
  }
  if (found) return *found;
  return error{errc::bad_input, "the query has no such parameter"};
}

}  // namespace countersign::inline v0::detail
