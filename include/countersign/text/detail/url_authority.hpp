#pragma once
// The bytes that each part of a URL may hold, its scheme and its authority (RFC 3986 §2, §3.1, §3.2). One
// scanner for all who ask whose server a URL means: two that differ on it could be played off against each
// other.

#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/text/detail/ip_address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// The longest URL that is taken or made, in bytes.
inline constexpr std::size_t max_url_size = std::size_t{8} * 1024;

}  // namespace countersign::inline v0

namespace countersign::inline v0::detail {

// What is wrong with a URL, and at which byte. No text of it: there may be a password or a token in it.
struct url_fault {
  char const* what = nullptr;
  std::size_t at = 0;

  [[nodiscard]] constexpr explicit operator bool() const noexcept { return what != nullptr; }
  [[nodiscard]] constexpr error as_error() const noexcept {
    return error(errc::bad_input, "URL, byte ", at + 1, ": ", what);
  }
};

enum url_bytes : unsigned char {
  url_unreserved = 1,
  url_sub_delims = 2,
  url_colon = 4,
  url_at = 8,
  url_slash = 16,
  url_question = 32,
  url_not_ascii = 64,  // RFC 3987 and internationalised hosts: passed through as they are

  url_name = url_unreserved | url_sub_delims | url_not_ascii,
  url_userinfo = url_name | url_colon,
  url_path = url_name | url_colon | url_at | url_slash,
  url_query = url_path | url_question,
};

inline constexpr std::array<unsigned char, 256> url_classes = [] {
  std::array<unsigned char, 256> classes = {};
  auto const mark = [&classes](std::string_view bytes, unsigned char what) {
    for (char const c : bytes) classes[static_cast<unsigned char>(c)] = what;
  };
  mark("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", url_unreserved);
  mark("!$&'()*+,;=", url_sub_delims);
  mark(":", url_colon);
  mark("@", url_at);
  mark("/", url_slash);
  mark("?", url_question);
  for (std::size_t byte = 0x80; byte < 256; ++byte) classes[byte] = url_not_ascii;
  return classes;
}();

[[nodiscard]] constexpr bool is_url_byte(char c, unsigned char allowed) noexcept {
  return (url_classes[static_cast<unsigned char>(c)] & allowed) != 0;
}
[[nodiscard]] constexpr bool is_hex_digit(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Where the bytes from `at` on stop being of the allowed kinds or escapes ("%2F"); the end if all are.
[[nodiscard]] constexpr std::size_t skip_url_bytes(std::string_view text, std::size_t at,
                                                   unsigned char allowed) noexcept {
  while (at < text.size()) {
    if (is_url_byte(text[at], allowed)) {
      ++at;
    } else if (text[at] == '%' && text.size() - at > 2 && is_hex_digit(text[at + 1]) &&
               is_hex_digit(text[at + 2])) {
      at += 3;
    } else {
      break;
    }
  }
  return at;
}

[[nodiscard]] constexpr url_fault bad_url_byte(std::string_view text, std::size_t at) noexcept {
  auto const byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x20 || byte == 0x7f) return {"a control byte", at};
  if (byte == ' ') return {"a space: write %20", at};
  if (byte == '\\') return {"a backslash: write '/' or %5C", at};
  if (byte == '%') return {"a '%' without two hexadecimal digits: write %25", at};
  return {"a byte that has no place here: percent-encode it", at};
}

// RFC 3986 §3.1, without the colon. Empty if the text begins with none.
[[nodiscard]] constexpr std::string_view url_scheme(std::string_view text) noexcept {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    char const c = text[at];
    bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && (at == 0 || (!is_digit(c) && c != '+' && c != '-' && c != '.'))) break;
  }
  return at < text.size() && text[at] == ':' ? text.substr(0, at) : std::string_view();
}

struct url_authority {
  std::string_view userinfo, host, port;  // host with the brackets of an IPv6 address
  bool has_userinfo = false, has_port = false;
  std::uint16_t port_number = 0;
};

// @param at in: past "//"; out: where the path, the query or the fragment begins, or the end
[[nodiscard]] constexpr url_fault scan_url_authority(std::string_view text, std::size_t& at,
                                                     url_authority& out) noexcept {
  auto const end =
      text.find_first_of("/?#", at) == std::string_view::npos ? text.size() : text.find_first_of("/?#", at);
  auto const within = text.substr(0, end);
  if (auto const sign = within.find('@', at); sign != std::string_view::npos) {
    auto const stop = skip_url_bytes(within.substr(0, sign), at, url_userinfo);
    if (stop != sign) return bad_url_byte(within, stop);
    out.userinfo = within.substr(at, sign - at);
    out.has_userinfo = true;
    at = sign + 1;
  }

  auto stop = at;
  if (within.substr(at).starts_with('[')) {
    auto const close = within.find(']', at);
    if (close == std::string_view::npos) return {"expected ']' after an IPv6 address", end};
    auto const address = within.substr(at + 1, close - at - 1);
    // RFC 6874: a zone means something on one machine only, and readers differ on how to write it.
    if (address.find('%') != std::string_view::npos)
      return {"an IPv6 zone: it has no place in a URL", at + 1 + address.find('%')};
    ipv6_address ignored;
    if (!parse_ipv6(address, ignored)) return {"expected an IPv6 address within [ ]", at + 1};
    stop = close + 1;
    if (stop < end && within[stop] != ':')
      return {"expected ':' and a port, or '/', after an IPv6 address", stop};
  } else {
    while (stop < end && is_url_byte(within[stop], url_name)) ++stop;
    if (stop < end && within[stop] == '@') return {"a second '@': write %40 in a user name", stop};
    if (stop < end && within[stop] == '%') return {"a '%' in a host name: write the name itself", stop};
    if (stop < end && within[stop] != ':') return bad_url_byte(within, stop);
  }
  out.host = within.substr(at, stop - at);

  if (stop < end) {
    out.has_port = true;
    out.port = within.substr(stop + 1);
    std::uint32_t number = 0;
    for (std::size_t i = stop + 1; i < end; ++i) {
      if (!is_digit(within[i])) return {"a port is a number", i};
      number = number * 10 + static_cast<std::uint32_t>(within[i] - '0');
      if (number > 65535) return {"a port above 65535", stop + 1};
    }
    out.port_number = static_cast<std::uint16_t>(number);
  }
  at = end;
  return {};
}

// 0 for a scheme that is not one of a server's. Schemes compare without case.
[[nodiscard]] constexpr std::uint16_t default_port(std::string_view scheme) noexcept {
  auto const is = [scheme](std::string_view lower) {
    if (scheme.size() != lower.size()) return false;
    for (std::size_t i = 0; i < lower.size(); ++i)
      if ((scheme[i] | 0x20) != lower[i]) return false;
    return true;
  };
  if (is("https") || is("wss")) return 443;
  if (is("http") || is("ws")) return 80;
  return 0;
}

}  // namespace countersign::inline v0::detail
