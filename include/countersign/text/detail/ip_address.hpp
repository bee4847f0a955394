#pragma once
// IP addresses as a URL's host writes them (RFC 3986 §3.2.2), and IPv6 in its one canonical form (RFC 5952).

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::detail {

struct ipv6_address {
  std::uint16_t group[8] = {};
};

// Four decimal octets, as inet_pton takes them: "127.1", "0177.0.0.1" and "2130706433" are names to us, not
// addresses.
[[nodiscard]] constexpr bool parse_ipv4(std::string_view text, std::uint32_t& address) noexcept {
  address = 0;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0) {
      if (!text.starts_with('.')) return false;
      text.remove_prefix(1);
    }
    std::uint32_t value = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
      if (digits == 3 || (digits > 0 && value == 0)) return false;
      value = value * 10 + static_cast<std::uint32_t>(text[digits] - '0');
    }
    if (digits == 0 || value > 255) return false;
    address = address << 8 | value;
    text.remove_prefix(digits);
  }
  return text.empty();
}

// Without brackets and without a zone.
[[nodiscard]] constexpr bool parse_ipv6(std::string_view text, ipv6_address& address) noexcept {
  std::uint16_t head[8] = {};  // all groups, or those before "::"
  std::size_t count = 0;
  std::size_t gap = 9;  // how many groups stand before "::"
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    std::uint32_t value = 0;
    std::size_t digits = 0;
    for (; digits < text.size(); ++digits) {
      char const c = text[digits];
      int const digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) break;
      if (digits == 4) return false;
      value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    if (digits < text.size() && text[digits] == '.') {
      if (count > 6 || !parse_ipv4(text, value)) return false;
      head[count++] = static_cast<std::uint16_t>(value >> 16);
      head[count++] = static_cast<std::uint16_t>(value & 0xffff);
      break;
    }
    if (digits == 0 || count == 8) return false;
    head[count++] = static_cast<std::uint16_t>(value);
    text.remove_prefix(digits);
    if (text.empty()) break;
    if (text.starts_with("::")) {
      if (gap != 9) return false;
      gap = count;
      text.remove_prefix(2);
    } else if (text.starts_with(':') && text.size() > 1) {
      text.remove_prefix(1);
    } else {
      return false;
    }
  }
  if (gap == 9 ? count != 8 : count > 7) return false;
  address = {};
  for (std::size_t i = 0; i < count; ++i) address.group[i < gap ? i : i + 8 - count] = head[i];
  return true;
}

// RFC 5952: lower case, no leading zeros, the longest run of zero groups (the first of equals, two at least)
// as "::".
// @param out room for 39 bytes
// @return how many were written
constexpr std::size_t write_ipv6(ipv6_address const& address, char* out) noexcept {
  std::size_t run = 0;
  std::size_t length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t zeros = 0;
    while (i + zeros < 8 && address.group[i + zeros] == 0) ++zeros;
    if (zeros > length) run = i, length = zeros;
  }
  std::size_t size = 0;
  for (std::size_t i = 0; i < 8;) {
    if (length > 1 && i == run) {
      out[size++] = ':';
      out[size++] = ':';
      i += length;
      continue;
    }
    if (size > 0 && out[size - 1] != ':') out[size++] = ':';
    for (int shift = 12; shift >= 0; shift -= 4)
      if (address.group[i] >> shift != 0 || shift == 0)
        out[size++] = "0123456789abcdef"[address.group[i] >> shift & 15];
    ++i;
  }
  return size;
}

}  // namespace countersign::inline v0::detail
