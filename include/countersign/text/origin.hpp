#pragma once
// Which server a URL means: scheme, host and port (RFC 6454). A credential is bound to these.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/text/detail/url_authority.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// The longest host name that an origin holds, in bytes (a DNS name has 253 at most).
inline constexpr std::size_t max_host_size = 255;

/// Whether a URL whose origin is spelled canonically has exactly this origin: it begins with those bytes, and
/// then the authority ends. False says nothing: parse the URL, its origin may be the same in another
/// spelling.
/// @param canonical an `origin`'s `view()`; false if empty
[[nodiscard, gnu::always_inline]] constexpr bool starts_at(std::string_view canonical, std::string_view url) noexcept {
  // Not starts_with: g++ leaves a call of substr in it, which is as long as all the rest.
  if (canonical.empty() || url.size() < canonical.size() || std::string_view(url.data(), canonical.size()) != canonical) return false;
  if (url.size() == canonical.size()) return true;
  char const next = url[canonical.size()];
  return next == '/' || next == '?' || next == '#';
}

/// Whether a host, as a URL writes it, is this machine whatever a resolver says: `localhost` and names below
/// it (RFC 6761 §6.3), 127.0.0.0/8 in four decimal parts, `[::1]`.
[[nodiscard]] constexpr bool is_loopback(std::string_view host) noexcept {
  constexpr std::string_view name = "localhost";
  if (host.starts_with('[')) {
    detail::ipv6_address address;
    if (!host.ends_with(']') || !detail::parse_ipv6(host.substr(1, host.size() - 2), address)) return false;
    for (std::size_t i = 0; i < 7; ++i)
      if (address.group[i] != 0) return false;
    return address.group[7] == 1;
  }
  std::uint32_t address = 0;
  if (detail::parse_ipv4(host, address)) return address >> 24 == 127;
  if (host.size() < name.size() || !equal_without_case(host.substr(host.size() - name.size()), name))
    return false;
  return host.size() == name.size() ||
         (host.size() > name.size() + 1 && host[host.size() - name.size() - 1] == '.');
}

/// An origin in its one spelling: scheme and host in lower case, IPv6 as RFC 5952 writes it, the port only
/// where it is not the scheme's own, no user. `https://good.com.` and `https://good.com` differ, as do
/// `https` and `wss`. Nothing to allocate, copied as bytes. A default-constructed one is no origin: it equals
/// no URL's.
class origin {
public:
  constexpr origin() = default;

  /// "https://api.example.com:8443"; empty if it is no origin.
  [[nodiscard]] constexpr std::string_view view() const noexcept { return detail::text_at(text_, size_); }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] constexpr std::string_view scheme() const noexcept { return view().substr(0, scheme_size_); }
  /// With the brackets of an IPv6 address.
  [[nodiscard]] constexpr std::string_view host() const noexcept {
    return empty() ? view() : view().substr(scheme_size_ + std::size_t{3}, host_size_);
  }
  /// The port that is connected to, also where it is the scheme's own.
  [[nodiscard]] constexpr std::uint16_t port() const noexcept { return port_; }
  /// https or wss: what travels there is encrypted.
  [[nodiscard]] constexpr bool encrypted() const noexcept { return scheme() == "https" || scheme() == "wss"; }
  [[nodiscard]] constexpr bool loopback() const noexcept { return is_loopback(host()); }
  /// Whether a URL has this origin, in whatever spelling. A URL that can't be parsed has not.
  [[nodiscard]] constexpr bool owns(std::string_view url) const noexcept {
    if (starts_at(view(), url)) return true;
    origin other;
    return !empty() && other.assign(url) && other == *this;
  }
  /// Becomes the origin of a URL; also at compile time. False, and nothing changed, if it is none that
  /// `origin_of` takes.
  [[nodiscard]] constexpr bool assign(std::string_view url) noexcept { return !read(url); }

  friend constexpr bool operator==(origin const& a, origin const& b) noexcept { return a.view() == b.view(); }

private:
  friend result<origin> origin_of(std::string_view url) noexcept;

  [[nodiscard]] constexpr detail::url_fault read(std::string_view url) noexcept {
    auto const scheme = detail::url_scheme(url);
    auto const usual = detail::default_port(scheme);
    if (scheme.empty()) return {"expected a scheme: https://…", 0};
    if (usual == 0) return {"expected https, http, wss or ws", 0};
    auto at = scheme.size() + 3;
    if (!url.substr(scheme.size()).starts_with("://")) return {"expected '//' and a host", scheme.size() + 1};
    detail::url_authority authority;
    if (auto const fault = detail::scan_url_authority(url, at, authority)) return fault;
    auto const host_at = static_cast<std::size_t>(authority.host.data() - url.data());
    if (authority.host.empty()) return {"expected a host", host_at};
    if (authority.host.size() > max_host_size) return {"a host name of more than 255 bytes", host_at};
    if (!valid_utf8(authority.host)) return {"a host name that is not UTF-8", host_at};

    size_ = 0;
    add_lower(scheme);
    add_lower("://");
    auto const host_begin = size_;
    if (authority.host.front() == '[') {
      detail::ipv6_address address;
      static_cast<void>(detail::parse_ipv6(authority.host.substr(1, authority.host.size() - 2), address));
      text_[size_++] = '[';
      size_ = static_cast<std::uint16_t>(size_ + detail::write_ipv6(address, text_ + size_));
      text_[size_++] = ']';
    } else {
      add_lower(authority.host);
    }
    scheme_size_ = static_cast<std::uint8_t>(scheme.size());
    host_size_ = static_cast<std::uint8_t>(size_ - host_begin);
    port_ = authority.port.empty() ? usual : authority.port_number;
    if (port_ != usual) {
      char digits[5] = {};
      std::size_t first = sizeof digits;
      auto rest = std::uint32_t{port_};
      do digits[--first] = static_cast<char>('0' + rest % 10);
      while ((rest /= 10) != 0);
      add_lower(":");
      add_lower(detail::text_at(digits + first, sizeof digits - first));
    }
    return {};
  }
  constexpr void add_lower(std::string_view piece) noexcept {
    for (char const c : piece) text_[size_++] = detail::ascii_lower(c);
  }

  char text_[sizeof "https://" - 1 + max_host_size + sizeof ":65535" - 1] = {};
  std::uint16_t size_ = 0;
  std::uint16_t port_ = 0;
  std::uint8_t scheme_size_ = 0;
  std::uint8_t host_size_ = 0;
};

/// The origin of an absolute http, https, ws or wss URL. What follows the authority is not looked at.
/// errc::bad_input: no such URL; the text says at which byte, and repeats none of it.
[[nodiscard]] inline result<origin> origin_of(std::string_view url) noexcept {
  origin out;
  if (auto const fault = out.read(url)) return fault.as_error();
  return out;
}

}  // namespace countersign::inline v0
