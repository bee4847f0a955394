#pragma once
// A URL taken apart where it lies (RFC 3986). Strict: what no URL may hold is refused, never repaired, so
// that nobody after us reads another server into it.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/url_authority.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign::inline v0 {

/// The parts of a URL or of a relative reference, as written: nothing is decoded or put into lower case. All
/// are pieces of the text that was parsed. "https://h" has an empty query; "https://h?" has one that is there
/// and empty.
struct url_view {
  std::string_view scheme = {};
  std::string_view userinfo = {};  ///< may be a password: for no message
  std::string_view host = {};      ///< with the brackets of an IPv6 address; names beyond ASCII as they are
  std::string_view port = {};
  std::string_view path = {};
  std::string_view query = {};  ///< may hold a token: for no message
  std::string_view fragment = {};
  bool has_scheme = false, has_authority = false, has_userinfo = false, has_port = false;
  bool has_query = false, has_fragment = false;

  /// The port that is connected to: the one given, else the scheme's own; none for schemes other than a
  /// server's.
  [[nodiscard]] constexpr std::optional<std::uint16_t> port_number() const noexcept {
    if (port.empty()) {
      auto const usual = detail::default_port(scheme);
      return usual == 0 ? std::nullopt : std::optional<std::uint16_t>(usual);
    }
    std::uint32_t number = 0;
    for (char const c : port) number = number * 10 + static_cast<std::uint32_t>(c - '0');
    return static_cast<std::uint16_t>(number);
  }
  /// Appends what a request line says: the path, "/" if it is empty, and the query; byte for byte as written.
  secret& append_target(secret& out) const noexcept {
    out.append(path.empty() ? std::string_view("/") : path);
    if (has_query) out.append("?").append(query);
    return out;
  }
};

/// Takes apart an absolute URL of any scheme, or a relative reference. Bytes beyond ASCII pass (RFC 3987), as
/// UTF-8. errc::bad_input with the byte (from 1) that is wrong; errc::too_large beyond `max_url_size`. No
/// error repeats the text. Refused beyond what the RFC asks: IPv6 zones, and escapes in a host name.
/// @param text must outlive the result
[[nodiscard]] inline result<url_view> parse_reference(std::string_view text) noexcept {
  if (text.size() > max_url_size) return error(errc::too_large, "URL: longer than ", max_url_size, " bytes");
  if (!valid_utf8(text)) return error(errc::bad_input, "URL: not UTF-8");
  url_view url;
  std::size_t at = 0;
  if (auto const scheme = detail::url_scheme(text); !scheme.empty()) {
    url.scheme = scheme;
    url.has_scheme = true;
    at = scheme.size() + 1;
  }
  if (text.substr(at).starts_with("//")) {
    at += 2;
    detail::url_authority authority;
    if (auto const fault = detail::scan_url_authority(text, at, authority)) return fault.as_error();
    url.has_authority = true;
    url.userinfo = authority.userinfo;
    url.has_userinfo = authority.has_userinfo;
    url.host = authority.host;
    url.port = authority.port;
    url.has_port = authority.has_port;
  }
  auto const begin = at;
  at = detail::skip_url_bytes(text, at, detail::url_path);
  url.path = text.substr(begin, at - begin);
  if (!url.has_scheme && !url.has_authority) {
    // RFC 3986 §4.2: else it would read as a scheme.
    auto const colon = url.path.find(':');
    if (colon < url.path.find('/'))
      return detail::url_fault{"a ':' where no scheme ends: write ./ before it", colon}.as_error();
  }
  auto const part = [&](char mark, std::string_view& out) {
    if (at == text.size() || text[at] != mark) return false;
    auto const from = at + 1;
    at = detail::skip_url_bytes(text, from, detail::url_query);
    out = text.substr(from, at - from);
    return true;
  };
  url.has_query = part('?', url.query);
  url.has_fragment = part('#', url.fragment);
  if (at != text.size()) return detail::bad_url_byte(text, at).as_error();
  return url;
}

/// Takes apart the URL of a server: absolute, http, https, ws or wss, with a host. Errors as
/// `parse_reference`. A user in it is let through: see `has_userinfo`.
[[nodiscard]] inline result<url_view> parse_url(std::string_view text) noexcept {
  auto url = parse_reference(text);
  if (!url) return url;
  if (!url->has_scheme) return detail::url_fault{"expected a scheme: https://…", 0}.as_error();
  if (detail::default_port(url->scheme) == 0)
    return detail::url_fault{"expected https, http, wss or ws", 0}.as_error();
  auto const after = url->scheme.size() + 1;
  if (!url->has_authority) return detail::url_fault{"expected '//' and a host", after}.as_error();
  if (url->host.empty()) return detail::url_fault{"expected a host", after + 2}.as_error();
  return url;
}

}  // namespace countersign::inline v0
