#pragma once
// How far into a network a URL's host points, so that a stranger's document can't send a client to where the
// stranger could not go itself (server-side request forgery, turned round).

#include <countersign/core/field.hpp>
#include <countersign/text/detail/ip_address.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// From the most public to the most private. `unclear` is what resolvers may read in several ways: to be
/// trusted with nothing.
enum class host_reach : std::uint8_t {
  everywhere,  ///< an address of the internet, or a name: what that resolves to is for the transport to check
  network,  ///< RFC 1918, RFC 6598, fc00::/7; a name without a dot, or below .local, .internal or .home.arpa
  link,     ///< 169.254.0.0/16 (cloud metadata), fe80::/10, multicast and reserved addresses
  this_machine,  ///< loopback, 0.0.0.0/8, `::`, localhost
  unclear,       ///< a number that is no address, or bytes beyond ASCII, which IDNA may turn into digits
};

namespace detail {

// As inet_aton and the URL standard of browsers read a host of numbers: one to four parts, decimal, octal (a
// leading 0) or hexadecimal (0x), the last of which fills all bytes that are left. 0: no number; 1: an
// address; 2: neither.
[[nodiscard]] constexpr int read_loose_ipv4(std::string_view host, std::uint32_t& address) noexcept {
  std::uint64_t parts[4] = {};
  std::size_t count = 0;
  bool numbers = true, last_is_number = false;
  for (bool more = true; more; ++count) {
    auto const dot = host.find('.');
    more = dot != std::string_view::npos;
    auto digits = host.substr(0, dot);
    if (more) host.remove_prefix(dot + 1);
    unsigned base = 10;
    if (digits.size() > 1 && digits[0] == '0') {
      bool const hex = digits[1] == 'x' || digits[1] == 'X';
      base = hex ? 16 : 8;
      digits.remove_prefix(hex ? 2 : 1);
    } else if (digits.empty()) {
      base = 0;
    }
    bool decimal = base != 0;  // "09" is no number, but a part of digits: the whole is no name either
    bool good = base != 0;
    std::uint64_t value = 0;
    for (char const c : digits) {
      auto const lower = ascii_lower(c);
      auto const digit = lower >= '0' && lower <= '9'   ? static_cast<unsigned>(lower - '0')
                         : lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a') + 10
                                                        : 99u;
      decimal = decimal && digit < (base == 16 ? 16u : 10u);
      good = good && digit < base;
      if (value <= 0xffffffffu) value = value * base + digit;
    }
    last_is_number = decimal;
    numbers = numbers && good && count < 4;
    if (count < 4) parts[count] = value;
  }
  if (!last_is_number) return 0;
  if (!numbers) return 2;
  std::uint64_t whole = parts[count - 1];
  if (whole >> (8 * (5 - count)) != 0) return 2;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (parts[i] > 255) return 2;
    whole |= parts[i] << (8 * (3 - i));
  }
  address = static_cast<std::uint32_t>(whole);
  return 1;
}

[[nodiscard]] constexpr host_reach reach_of_ipv4(std::uint32_t address) noexcept {
  auto const within = [address](std::uint32_t net, unsigned bits) {
    return address >> (32 - bits) == net >> (32 - bits);
  };
  if (within(0x7f000000, 8) || within(0x00000000, 8)) return host_reach::this_machine;
  if (within(0xa9fe0000, 16) || address >= 0xe0000000) return host_reach::link;
  if (within(0x0a000000, 8) || within(0xac100000, 12) || within(0xc0a80000, 16) || within(0x64400000, 10) ||
      within(0xc0000000, 24) || within(0xc6120000, 15))  // RFC 6890: 192.0.0.0/24; RFC 2544: 198.18.0.0/15
    return host_reach::network;
  return host_reach::everywhere;
}

// An IPv4 address within an IPv6 one counts as itself: mapped (RFC 4291 §2.5.5), NAT64 (RFC 6052), 6to4 (RFC
// 3056).
[[nodiscard]] constexpr host_reach reach_of_ipv6(ipv6_address const& address) noexcept {
  auto const& group = address.group;
  auto const ipv4_at = [&](std::size_t i) {
    return reach_of_ipv4(std::uint32_t{group[i]} << 16 | group[i + 1]);
  };
  auto const zero = [&](std::size_t from, std::size_t to) {
    for (; from < to; ++from)
      if (group[from] != 0) return false;
    return true;
  };
  if (zero(0, 7) && group[7] < 2) return host_reach::this_machine;
  if (zero(0, 6) || (zero(0, 5) && group[5] == 0xffff) || (zero(0, 4) && group[4] == 0xffff && group[5] == 0))
    return ipv4_at(6);
  if (group[0] == 0x64 && group[1] == 0xff9b) return zero(2, 6) ? ipv4_at(6) : host_reach::network;
  if (group[0] == 0x2002) return ipv4_at(1);
  if (group[0] == 0x2001 && group[1] == 0) return host_reach::unclear;  // Teredo: the address is scrambled
  if ((group[0] & 0xffc0) == 0xfe80 || (group[0] & 0xff00) == 0xff00) return host_reach::link;
  if ((group[0] & 0xfe00) == 0xfc00 || (group[0] & 0xffc0) == 0xfec0) return host_reach::network;
  return host_reach::everywhere;
}

}  // namespace detail

/// @param host as a URL writes it, with the brackets of an IPv6 address: `url_view::host`, `origin::host()`
[[nodiscard]] constexpr host_reach reach_of(std::string_view host) noexcept {
  if (host.starts_with('[')) {
    detail::ipv6_address address;
    if (!host.ends_with(']') || !detail::parse_ipv6(host.substr(1, host.size() - 2), address))
      return host_reach::unclear;
    return detail::reach_of_ipv6(address);
  }
  if (host.ends_with('.')) host.remove_suffix(1);  // the root of the DNS, which changes nothing
  if (host.empty()) return host_reach::unclear;
  for (char const c : host)
    if (static_cast<unsigned char>(c) >= 0x80) return host_reach::unclear;
  std::uint32_t address = 0;
  if (auto const found = detail::read_loose_ipv4(host, address); found != 0)
    return found == 1 ? detail::reach_of_ipv4(address) : host_reach::unclear;
  auto const within = [host](std::string_view domain) {
    return host.size() >= domain.size() &&
           equal_without_case(host.substr(host.size() - domain.size()), domain);
  };
  if (equal_without_case(host, "localhost") || within(".localhost")) return host_reach::this_machine;
  bool const own = within(".local") || within(".internal") || within(".home.arpa");
  return own || host.find('.') == std::string_view::npos ? host_reach::network : host_reach::everywhere;
}

/// How far in an address leads that is connected to.
/// @param bytes as they stand in a packet: 4 of IPv4, 16 of IPv6; anything else is unclear
[[nodiscard]] constexpr host_reach reach_of_address(std::string_view bytes) noexcept {
  auto const at = [bytes](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(bytes[i])}; };
  if (bytes.size() == 4) return detail::reach_of_ipv4(at(0) << 24 | at(1) << 16 | at(2) << 8 | at(3));
  if (bytes.size() != 16) return host_reach::unclear;
  detail::ipv6_address address;
  for (std::size_t i = 0; i < 8; ++i)
    address.group[i] = static_cast<std::uint16_t>(at(2 * i) << 8 | at(2 * i + 1));
  return detail::reach_of_ipv6(address);
}

/// Whether somebody at `from` may name `host`: nothing more private than where he is himself. A host that is
/// unclear may be named by nobody, and names nothing private.
[[nodiscard]] constexpr bool may_name(std::string_view from, std::string_view host) noexcept {
  auto const to = reach_of(host), own = reach_of(from);
  return to != host_reach::unclear && to <= (own == host_reach::unclear ? host_reach::everywhere : own);
}

}  // namespace countersign::inline v0
