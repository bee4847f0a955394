#pragma once
// A JSON number (RFC 8259 §6): where it ends, and its value as an exact integer, without a floating-point
// number on the way. Both look at each byte once, however long it is.

#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign::inline v0::detail {

struct json_number_scan {
  char const* end = nullptr;   // past the number, or where it goes wrong
  char const* what = nullptr;  // what is wrong, if anything
};

// @param at a '-' or a digit
[[nodiscard]] constexpr json_number_scan scan_json_number(char const* at, char const* end) noexcept {
  auto const digits = [&at, end] {
    char const* const from = at;
    while (at != end && *at >= '0' && *at <= '9') ++at;
    return at != from;
  };
  if (*at == '-') ++at;
  char const* const whole = at;
  if (!digits()) return {at, "expected a digit"};
  if (*whole == '0' && at - whole > 1) return {whole, "a number with a leading zero"};
  if (at != end && *at == '.') {
    ++at;
    if (!digits()) return {at, "expected a digit after '.'"};
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (!digits()) return {at, "expected a digit in the exponent"};
  }
  return {at, nullptr};
}

// The value of a well-formed JSON number if it is whole and fits.
[[nodiscard]] constexpr std::optional<std::int64_t> json_integer(std::string_view number) noexcept {
  constexpr std::uint64_t most = std::uint64_t{1} << 63;  // the magnitude of the least int64
  constexpr std::int64_t enough = 1'000'000'000'000;      // beyond what the longest text could make up for
  bool const negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);

  std::uint64_t magnitude = 0;
  std::int64_t exponent = 0;  // of ten, to be applied to `magnitude`
  std::uint64_t zeros = 0;    // seen since the last other digit: they matter only if another follows
  bool fraction = false;
  auto const shift = [&magnitude](std::uint64_t digit) {
    if (magnitude > (most - digit) / 10) return false;
    magnitude = magnitude * 10 + digit;
    return true;
  };

  while (!number.empty() && number.front() != 'e' && number.front() != 'E') {
    char const c = number.front();
    number.remove_prefix(1);
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (fraction) --exponent;
    if (c == '0') {
      ++zeros;
      continue;
    }
    for (; zeros > 0; --zeros)
      if (!shift(0)) return std::nullopt;
    if (!shift(static_cast<std::uint64_t>(c - '0'))) return std::nullopt;
  }
  if (magnitude == 0) return 0;
  exponent += static_cast<std::int64_t>(zeros);

  if (!number.empty()) {
    number.remove_prefix(1);
    bool const down = number.starts_with('-');
    if (down || number.starts_with('+')) number.remove_prefix(1);
    std::int64_t written = 0;
    for (char const c : number)
      if (written < enough) written = written * 10 + (c - '0');
    exponent += down ? -written : written;
  }
  if (exponent < 0) return std::nullopt;  // the last digit is not 0: a fraction remains
  for (; exponent > 0; --exponent)
    if (!shift(0)) return std::nullopt;

  if (magnitude == most && !negative) return std::nullopt;
  return static_cast<std::int64_t>(negative ? std::uint64_t{0} - magnitude : magnitude);
}

}  // namespace countersign::inline v0::detail
