#pragma once
// A token that a program prints.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/source/detail/program_exchange.hpp>
#include <countersign/source/program.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/rfc3339.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// What is further off is refused, in seconds since 1970: the year 10000. Milliseconds given by mistake
/// are beyond it.
inline constexpr std::int64_t last_expiry = 253'402'300'799;

namespace detail {

/// Whole seconds, as a number or a string of digits; a fraction is cut off. Empty for anything else, and
/// for more than `last_expiry`; 0 for what is negative.
inline std::optional<std::int64_t> printed_seconds(json_value value) noexcept {
  auto digits = value.is_string() ? value.string() : value.number();
  if (auto const whole = value.integer())
    return *whole > last_expiry ? std::nullopt : std::optional(*whole < 0 ? 0 : *whole);
  if (value.is_number()) {
    if (digits.starts_with('-')) return 0;
    if (digits.find_first_of("eE") == std::string_view::npos) digits = digits.substr(0, digits.find('.'));
  }
  std::int64_t count = 0;
  for (char const c : digits) {
    if (c < '0' || c > '9' || count > last_expiry) return std::nullopt;
    count = count * 10 + (c - '0');
  }
  if (digits.empty() || count > last_expiry) return std::nullopt;
  return count;
}

/// `expires_at` and `expires_in`, whichever is earlier; neither: never.
inline result<wall_time> printed_expiry(json_value root, wall_time now) noexcept {
  auto expires = never_expires;
  if (auto const in = root["expires_in"]; in && !in.is_null()) {
    auto const life = printed_seconds(in);
    if (!life) return in.expected("a number of seconds as expires_in");
    expires = now + seconds(*life);
  }
  if (auto const at = root["expires_at"]; at && !at.is_null()) {
    auto when = at.is_string() ? parse_rfc3339(at.string()) : std::nullopt;
    if (!when)
      if (auto const count = printed_seconds(at)) when = wall_time{*count * 1000};
    if (!when) return at.expected("an RFC 3339 time, or seconds (no milliseconds) since 1970, as expires_at");
    if (*when < expires) expires = *when;
  }
  return expires;
}

inline result<issued<secret>> printed_object(secret printed, wall_time now) {
  auto const document = json_document::parse(std::move(printed));
  if (!document) return document.error().within("its output: ");
  auto const root = document->root();
  auto const one = root["token"], other = root["access_token"];
  if (one && other)
    return error{errc::bad_input, "its output holds both token and access_token; one is wanted"};
  auto const value = one ? one : other;
  if (!value) return error{errc::bad_input, "its output is JSON without a member token or access_token"};
  if (!value.is_string()) return value.expected(one ? "a string as token" : "a string as access_token");
  if (auto const type = root["token_type"];
      type && !type.is_null() && !equal_without_case(type.string(), "Bearer"))
    return error{errc::fatal,
                 "its token_type is not Bearer, and another type is not written by showing the token alone"};
  auto const expires = printed_expiry(root, now);
  if (!expires) return expires.error();
  secret copy(value.string());
  if (!copy.ok()) return error{errc::no_memory, "out of memory"};
  return issued<secret>{std::move(copy), *expires};
}

}  // namespace detail

/// Reads what a program has printed: one line that is the token, or a JSON object with `token` or
/// `access_token`, and maybe `expires_at` (RFC 3339, or seconds since 1970), `expires_in` (seconds from
/// now) and `token_type` (Bearer, if it is said). Whatever begins with '{' is taken as JSON. The end of
/// the line is cut off and nothing else is mended. Errors hold no byte of it.
[[nodiscard]] inline result<issued<secret>> read_printed_token(secret printed, wall_time now) {
  auto const bytes = printed.reveal();
  auto const first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return error{errc::bad_input, "it printed nothing"};
  auto got = result<issued<secret>>(error{});
  if (bytes[first] == '{') {
    got = detail::printed_object(std::move(printed), now);
    if (!got) return got;
  } else {
    auto size = bytes.size();
    if (bytes[size - 1] == '\n') size -= size > 1 && bytes[size - 2] == '\r' ? 2u : 1u;
    printed.resize(size);
    got = issued<secret>{std::move(printed), never_expires};
  }
  auto const token = got->credential.reveal();
  if (token.empty()) return error{errc::bad_input, "its token is empty"};
  if (token.size() > max_field_value)
    return error{errc::too_large, "its token is longer than ", max_field_value, " bytes"};
  if (!is_field_value(token))
    return error{errc::bad_field, "its token holds a line end or another control byte, or begins or ends "
                                  "with a blank; print the token alone, on one line"};
  return got;
}

/// Asks a program for a token: `program_token{program{"get-token"}}`, and gives it as a `secret`. It is
/// asked again when the token expires, and when a server refuses it.
struct program_token {
  program runs;
  duration good_for = {};  ///< how long a token that says nothing about it is used; 0: until it is refused

  using credential = secret;
  using exchange = detail::program_exchange<program_token>;

  static constexpr bool offline = true;

  [[nodiscard]] exchange acquire(occasion const&, context const& outside) const { return {*this, outside}; }
  [[nodiscard]] static result<issued<secret>> read(secret printed, wall_time now) {
    return read_printed_token(std::move(printed), now);
  }
};

}  // namespace countersign::inline v0
